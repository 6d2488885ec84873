from collections.abc import Mapping
from typing import Any

import pytest

from pathway_model.compiled import compile_pathway
from pathway_model.events import StaffingChanged
from pathway_model.language.definition import Definition
from pathway_model.machines import BY_ITSELF, OUTSIDE, Way, build_machine, destination
from pathway_model.pathway import Pathway
from tests.unit.core.definitions import AGENCIES, Story, codes, local, one_step, pathway

PHASES: dict[str, Any] = {
    "first": {"steps": {"start": {"owner": "worker", "actions": {"begin_support": {"go_to": "support"}}}}},
    "second": {
        "steps": {
            "support": {
                "owner": "worker",
                "actions": {
                    "move_on": {"go_to": "ending"},
                    "stop_early": {"by": "manager", "ends_strands": "yes", "go_to": "ending"},
                },
            }
        },
        "strands": {
            "health": {"owner": "manager", "finishes_when": "Health goals are met"},
            "home": {
                "owner": "senior",
                "steps": {
                    "looking": {"actions": {"found": {"go_to": "housed"}}},
                    "housed": {"ends": "strand"},
                },
            },
        },
    },
    "third": {
        "steps": {
            "ending": {"owner": "manager", "actions": {"again": {"go_to": "support"}, "close": {"go_to": "done"}}},
            "done": {"owner": "manager", "ends": "completed"},
        }
    },
}


def supported() -> Story:
    story = Story(pathway(phases=PHASES))
    story.do("begin_support", "2025-09-02 10:00")
    return story


def test_entering_a_phase_begins_its_strands_each_with_its_owner() -> None:
    story = supported()
    assert story.at == {"main": "support", "health": "health_in_progress", "home": "looking"}
    owners = {key: state.owner for key, state in story.case.strands.items()}
    assert owners == {"main": "worker", "health": "manager", "home": "senior"}


def test_leaving_a_phase_names_every_unfinished_strand() -> None:
    story = supported()
    reasons = story.refused("move_on", "2025-09-03 10:00")
    assert codes(reasons) == {("strand_unfinished", "health"), ("strand_unfinished", "home")}
    assert [reason.who for reason in reasons] == [("manager",), ("senior",)]
    story.do("finish_health", "2025-09-03 10:00", by="manager")
    assert codes(story.refused("move_on", "2025-09-03 10:00")) == {("strand_unfinished", "home")}


def test_a_phase_is_left_when_all_its_strands_have_finished() -> None:
    story = supported()
    story.do("finish_health", "2025-09-03 10:00", by="manager")
    story.do("found", "2025-09-03 10:00", by="senior")
    story.do("move_on", "2025-09-03 11:00")
    assert story.at == {"main": "ending"}
    assert story.case.strands["home"].owner == "senior", "a finished strand keeps its owner"


def test_a_finished_strand_can_be_reopened_until_the_phase_is_left() -> None:
    story = supported()
    story.do("finish_health", "2025-09-03 10:00", by="manager")
    story.do("reopen_health", "2025-09-03 11:00", by="manager")
    assert story.at["health"] == "health_in_progress"
    story.do("stop_early", "2025-09-03 12:00", by="manager")
    assert codes(story.refused("reopen_health", "2025-09-03 13:00", by="manager")) == {("not_here", "reopen_health")}


def test_an_action_that_ends_strands_may_leave_them_unfinished() -> None:
    story = supported()
    story.do("stop_early", "2025-09-03 12:00", by="manager")
    assert story.at == {"main": "ending"}


def test_a_phase_entered_again_begins_its_strands_anew() -> None:
    story = supported()
    story.do("found", "2025-09-03 10:00", by="senior")
    story.do("stop_early", "2025-09-03 12:00", by="manager")
    story.do("again", "2025-09-04 12:00", by="manager")
    assert story.at == {"main": "support", "health": "health_in_progress", "home": "looking"}
    assert (story.case.entries["support"], story.case.entries["looking"]) == (2, 2)


def test_moments_of_a_move_occur_from_the_inside_out_and_back_in() -> None:
    """Leave strands, step, phase; enter phase, step, strands."""
    escalate = {"escalate": {"manager": "at once"}}
    names = ["support", "health", "second", "third", "ending"]
    clocks = {
        f"{kind}_{name}": {"within": "1 hour", "from": {kind: name}, "met_by": {"taking": "close"}} | escalate
        for name in names
        for kind in ("leaving", "entering")
    }
    story = Story(pathway(phases=PHASES, throughout={"clocks": clocks}))
    story.do("begin_support", "2025-09-02 10:00")
    assert list(story.case.turns) == ["entering_second", "entering_support", "entering_health"]
    story.do("stop_early", "2025-09-02 11:00", by="manager")
    assert list(story.case.turns)[3:] == [
        "leaving_health",
        "leaving_support",
        "leaving_second",
        "entering_third",
        "entering_ending",
    ]


def test_a_move_to_a_role_with_nobody_in_it_is_refused() -> None:
    story = supported()
    story.do("finish_health", "2025-09-03 10:00", by="manager")
    story.do("found", "2025-09-03 10:00", by="senior")
    story.play(StaffingChanged(at=local("2025-09-03 10:00"), role="manager", somebody=False))
    assert codes(story.refused("move_on", "2025-09-03 11:00")) == {("nobody_in_role", "manager")}
    story.play(StaffingChanged(at=local("2025-09-03 12:00"), role="manager", somebody=True))
    story.do("move_on", "2025-09-03 12:00")


def test_a_phase_is_not_entered_while_a_strand_in_it_would_have_nobody() -> None:
    story = Story(pathway(phases=PHASES))
    story.play(StaffingChanged(at=local("2025-09-01 11:00"), role="senior", somebody=False))
    assert codes(story.refused("begin_support", "2025-09-01 12:00")) == {("nobody_in_role", "senior")}


def test_what_moves_by_itself_moves_as_far_as_it_can_in_one_event() -> None:
    facts = {"far": {"ask": "Far?", "answer": "yes or no"}}
    go = {"fact": "far", "is": "yes"}
    phases: dict[str, Any] = {
        "first": {
            "steps": {
                "start": {"owner": "worker", "actions": {"say": {"asks": "far", "go_to": "one"}}},
                "one": {"owner": "worker", "moves_by_itself": {"when": go, "go_to": "two"}},
                "two": {"owner": "worker", "clocks": {"here": {"at_least": "1 hour"}},
                        "moves_by_itself": {"when": {"clock": "here", "is": "running"}, "go_to": "done",
                                            "job_for": "manager"}},
                "done": {"owner": "worker", "ends": "completed"},
            }
        }
    }  # fmt: skip
    story = Story(pathway(phases=phases, facts=facts))
    story.do("say", "2025-09-01 11:00", far=True)
    assert story.case.outcome == "completed", "the clock of a step runs before the next move is judged"
    assert ("manager", "done") in story.jobs


def test_leave_when_holds_for_every_way_out_but_not_for_staying() -> None:
    actions: dict[str, Any] = {"tell": {}, "note": {}, "finish": {"go_to": "done"}}
    leave = {"action": "tell", "is": "taken", "say": "They have been told"}
    story = Story(pathway(phases=one_step(actions, leave_when=leave)))
    (reason,) = story.refused("finish", "2025-09-01 11:00")
    assert (reason.sentence, reason.who) == ("They have been told", ("worker",))
    story.do("note", "2025-09-01 11:00")
    story.do("tell", "2025-09-01 11:30")
    story.do("finish", "2025-09-01 12:00")


DECIDED: dict[str, Any] = one_step(
    {
        "decide": {
            "asks": "kind",
            "decide": [
                {"when": {"fact": "kind", "is": "short"}, "go_to": "done"},
                {"when": {"fact": "kind", "is": ["long", "longer"]}, "go_to": "more", "job_for": "manager"},
                {"when": {"fact": "kind", "is": "none"}, "go_to": "stay"},
            ],
        }
    }
)
DECIDED["first"]["steps"]["more"] = {"owner": "worker"}


@pytest.mark.parametrize(("kind", "step"), [("short", "done"), ("long", "more"), ("longer", "more"), ("none", "start")])
def test_a_decision_goes_where_its_alternative_says(kind: str, step: str) -> None:
    facts = {"kind": {"ask": "Which?", "answer": ["short", "long", "longer", "none"]}}
    story = Story(pathway(phases=DECIDED, facts=facts))
    story.do("decide", "2025-09-01 11:00", kind=kind)
    assert story.case.strands["main"].step == step
    assert (("manager", "decide") in story.jobs) == (step == "more")


def test_nothing_moves_without_a_way_in_a_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every destination comes from `transitions`: without the ways in its machines no step is ever left."""

    def without_ways(first: str, steps: list[str], ways: object) -> object:
        return build_machine(first, steps, ())

    monkeypatch.setattr("pathway_model.compiled.build_machine", without_ways)
    usual = {"pathway": "small", "version": 1, "title": "Small", "agencies": AGENCIES}
    still = compile_pathway(Definition.model_validate(usual | {"phases": PHASES}))
    story = Story(still)
    assert codes(story.refused("begin_support", "2025-09-02 10:00")) == {("needs", "begin_support")}
    assert story.at == {"main": "start"}


def test_nothing_moves_when_the_trigger_is_neutralised(monkeypatch: pytest.MonkeyPatch) -> None:
    story = supported()
    monkeypatch.setattr("transitions.core.Event.trigger", lambda *_: False)
    assert ("needs", "stop_early") in codes(story.refused("stop_early", "2025-09-03 12:00", by="manager"))


def test_a_machine_leads_nowhere_by_an_unknown_trigger_or_a_condition_that_does_not_hold() -> None:
    ways = [Way(trigger="go", source="a", destination="b", condition=bool)]
    machine = build_machine("a", ["a", "b"], ways)
    assert destination(machine, "go", "a", True) == "b"
    assert destination(machine, "go", "a", False) is None
    assert destination(machine, "go", "b", True) is None
    assert destination(machine, BY_ITSELF, "a", True) is None
    assert destination(machine, "close", "a", True) == OUTSIDE


def test_one_machine_serves_all_cases() -> None:
    on: Pathway = pathway(phases=PHASES)
    machines: Mapping[str, Any] = on.machines
    one, other = Story(on), Story(on)
    one.do("begin_support", "2025-09-02 10:00")
    assert (one.at["main"], other.at["main"]) == ("support", "start")
    assert all(machine.models == [] for machine in machines.values())


def test_a_move_into_a_phase_may_say_where_its_strands_begin() -> None:
    phases = {**PHASES, "first": {"steps": {"start": {"owner": "worker", "actions": {
        "transfer": {"go_to": ["support", "housed"]}}}}}}  # fmt: skip
    story = Story(pathway(phases=phases))
    story.do("transfer", "2025-09-02 10:00")
    assert story.at == {"main": "support", "health": "health_in_progress", "home": "housed"}


def test_a_move_by_itself_waits_for_what_stands_in_its_way() -> None:
    phases = one_step({"tell": {}}, moves_by_itself={"when": {"clock": "here", "is": "running"}, "go_to": "done"})
    phases["first"]["steps"]["start"]["clocks"] = {"here": {"at_least": "1 week"}}
    phases["first"]["leave_when"] = {"action": "tell", "is": "taken"}
    story = Story(pathway(phases=phases))
    assert story.at == {"main": "start"}
    story.do("tell", "2025-09-02 10:00")
    assert story.case.outcome == "completed"
