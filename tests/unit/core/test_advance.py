import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import JsonValue

import pathway_model.outcome
from pathway_model.advance import advance, open_case, proceed, settle
from pathway_model.case import CASE
from pathway_model.changes import case_from, changes, fold, value_of
from pathway_model.effects import EFFECT
from pathway_model.events import EVENT, ActionTaken, ClockCameDue, JobDone, Referred
from pathway_model.language.names import CaseId, ContactId
from pathway_model.outcome import Refusal, Step
from tests.unit.core.definitions import Story, codes, local, one_step, pathway
from tests.unit.core.order import playing_everything

DEADLINE = {"within": "2 working days", "escalate": {"manager": "at once"}}


def story() -> Story:
    phases = one_step(
        {"note": {}, "on": {"go_to": "next"}, "give": {"job_for": ["manager", "senior"]}}, deadline=DEADLINE
    )
    phases["first"]["actions"] = {"phone": {}}
    phases["first"]["steps"]["next"] = {"owner": "manager", "actions": {"finish": {"go_to": "done"}}}
    return Story(pathway(phases=phases, throughout={"actions": {"write": {}}}))


def test_a_case_begins_with_its_first_event() -> None:
    case = story().case
    assert (case.sequence, case.opened, case.strands["main"].owner) == (1, local("2025-09-01 10:00"), "worker")


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (Referred(at=local("2025-09-02 10:00"), by="gp"), "in_the_future"),
        (Referred(at=local("1066-10-14 10:00"), by="gp"), "before_entry"),
        (Referred(at=local("2025-09-01 10:00"), by="gp", contacts={ContactId("x"): "neighbour"}), "no_such_name"),
        (
            Referred(at=local("2025-09-01 10:00"), by="gp", contacts={ContactId("x"): "gp", ContactId("y"): "gp"}),
            "not_here",
        ),
        (Referred(at=local("2025-09-01 10:00"), by="gp", answers={"age": 7}), "not_asked"),
    ],
)
def test_a_referral_that_cannot_be_is_refused(event: Referred, code: str) -> None:
    refusal = open_case(story().pathway, CaseId("c"), event, local("2025-09-01 10:00"))
    assert isinstance(refusal, Refusal)
    assert {reason.code for reason in refusal.reasons} == {code}


def test_a_second_referral_is_refused() -> None:
    assert codes(story().refuse(Referred(at=local("2025-09-02 10:00"), by="gp"))) == {("not_here", "referred")}


def test_a_future_date_is_refused() -> None:
    reasons = story().refused("note", "2025-09-02 10:00", entered="2025-09-01 12:00")
    assert codes(reasons) == {("in_the_future", "at")}


def test_what_moves_a_case_cannot_have_happened_before_its_step_began() -> None:
    case = story()
    case.do("on", "2025-09-03 10:00")
    reasons = case.refused("finish", "2025-09-02 10:00", by="manager", entered="2025-09-04 10:00")
    assert codes(reasons) == {("before_entry", "next")}


def test_what_stays_may_have_happened_in_an_earlier_step_and_be_entered_late() -> None:
    """An appointment of Monday is recorded on Thursday, when the case has moved on; by whoever owns it now."""
    case = story()
    case.do("on", "2025-09-03 10:00")
    case.do("write", "2025-09-01 10:00", by="manager", entered="2025-09-04 10:00")
    case.do("phone", "2025-09-01 10:00", by="manager", entered="2025-09-04 10:00")
    assert codes(case.refused("write", "2025-08-31 10:00", by="manager", entered="2025-09-04 10:00")) == {
        ("before_entry", "throughout")
    }
    assert codes(case.refused("write", "2025-09-01 10:00", entered="2025-09-04 10:00")) == {("not_yours", "worker")}


def test_clocks_that_are_due_come_first_each_as_an_event_of_its_own() -> None:
    case = story()
    event = ActionTaken(at=local("2025-09-04 10:00"), by="worker", action="on")
    refused = advance(case.pathway, case.case, event, event.at)
    assert isinstance(refused, Refusal)
    assert {reason.code for reason in refused.reasons} == {"clocks_first"}
    progress = proceed(case.pathway, case.case, event, event.at)
    assert [step.case.sequence for step in progress.steps] == [2, 3]


def test_the_clocks_stand_even_if_the_event_is_refused() -> None:
    case = story()
    event = ActionTaken(at=local("2025-09-04 10:00"), by="manager", action="on")
    progress = proceed(case.pathway, case.case, event, event.at)
    assert progress.refusal is not None
    assert [step.event.kind for step in progress.steps] == ["clock came due"]


def test_a_clock_that_is_not_due_does_nothing() -> None:
    case = story()
    for turn in ("start#1", "nothing#1"):
        assert codes(case.refuse(ClockCameDue(at=local("2025-09-01 12:00"), turn=turn))) == {("not_here", turn)}
    assert settle(case.pathway, case.case, local("2025-09-01 12:00")) == ()


def test_a_refusal_leaves_nothing() -> None:
    case = story()
    before = value_of(case.case)
    case.refused("note", "2025-09-01 11:00", by="manager")
    case.refused("finish", "2025-09-01 11:00")
    case.refused("fly", "2025-09-01 11:00")
    assert value_of(case.case) == before


def test_the_same_event_on_the_same_case_makes_the_same_step() -> None:
    case = story()
    event = ActionTaken(at=local("2025-09-02 10:00"), by="worker", action="give")
    assert advance(case.pathway, case.case, event, event.at) == advance(case.pathway, case.case, event, event.at)


def test_each_role_finishes_its_own_job_and_no_clocks() -> None:
    case = story()
    case.do("give", "2025-09-02 10:00")
    jobs = {job.role: key for key, job in case.case.jobs.items()}
    assert codes(case.refuse(JobDone(at=local("2025-09-02 11:00"), by="senior", job=jobs["manager"]))) == {
        ("not_yours", "senior")
    }
    case.play(JobDone(at=local("2025-09-02 11:00"), by="senior", job=jobs["senior"]))
    assert case.jobs == {("manager", "give")}
    case.wait("2025-09-04 10:00")
    (overdue,) = [key for key, job in case.case.jobs.items() if job.about == "start#1"]
    assert codes(case.refuse(JobDone(at=local("2025-09-04 10:00"), by="manager", job=overdue))) == {
        ("not_here", overdue)
    }
    assert codes(case.refuse(JobDone(at=local("2025-09-04 10:00"), by="manager", job="9"))) == {("no_such_name", "9")}


def test_notices_come_before_work() -> None:
    notices = {"hello": {"to": "person", "text": "Hello"}}
    phases = one_step({"on": {"go_to": "next", "sends": "hello"}})
    phases["first"]["steps"]["next"] = {"owner": "manager", "job_for": "manager"}
    case = Story(pathway(phases=phases, notices=notices))
    case.do("on", "2025-09-02 10:00")
    assert [(effect.kind, effect.id) for effect in case.last.effects] == [
        ("send notice", "2-hello-person"),
        ("open job", "2-next-manager"),
    ]


def test_a_case_survives_being_written_and_folded_from_its_patches() -> None:
    """With everything in it: strands, interrupts, clocks, handovers, consents, signatures, counts, jobs."""
    played = playing_everything()
    value = value_of(played.steps[0].case)
    before = played.steps[0].case
    for step in played.steps[1:]:
        value = fold(value, json.loads(json.dumps(changes(before, step.case))))
        before = step.case
        assert case_from(value) == step.case
        assert case_from(json.loads(json.dumps(value_of(step.case)))) == step.case


def test_events_and_effects_survive_being_written() -> None:
    for step in playing_everything().steps:
        assert EVENT.validate_json(EVENT.dump_json(step.event)) == step.event
        for effect in step.effects:
            assert EFFECT.validate_json(EFFECT.dump_json(effect)) == effect


def backwards(value: JsonValue) -> JsonValue:
    """The same value, each of its maps written in the opposite order."""
    if isinstance(value, dict):
        return {key: backwards(value[key]) for key in reversed(value)}
    return [backwards(each) for each in value] if isinstance(value, list) else value


def test_the_order_of_keys_decides_nothing() -> None:
    played = playing_everything()
    for before, step in zip(played.steps, played.steps[1:], strict=False):
        stored = CASE.validate_python(backwards(dict(value_of(before.case))))
        again = advance(played.pathway, stored, step.event, step.entered)
        assert isinstance(again, Step)
        assert (again.case, again.effects) == (step.case, step.effects)


def test_no_order_of_sets_decides_anything() -> None:
    """The same story in two processes whose hashes differ, written out in full."""
    said = []
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        root = Path(__file__).parents[3]
        command = [sys.executable, "-m", "tests.unit.core.order"]
        done = subprocess.run(
            command, cwd=root, env=environment, capture_output=True, text=True, check=True, timeout=120
        )
        said.append(done.stdout)
    assert said[0] == said[1]
    assert len(said[0].splitlines()) > 20


def test_every_refusal_code_is_documented() -> None:
    folder = Path(pathway_model.outcome.__file__).parent
    used = {code for file in folder.glob("*.py") for code in re.findall(r'code="(\w+)"', file.read_text())}
    documented = set(re.findall(r"`(\w+)`", pathway_model.outcome.Reason.__doc__ or ""))
    assert used == documented
