from typing import Any

import pytest

from pathway_model.events import StaffingChanged
from tests.unit.core.definitions import Story, local, one_step, pathway

FACTS: dict[str, Any] = {
    "agreed": {"ask": "Agreed?", "answer": "yes or no"},
    "score": {"ask": "Score?", "answer": "number", "lowest": 0, "highest": 20, "repeats": "yes"},
    "day": {"ask": "Which day?", "answer": "date"},
    "way": {
        "ask": "How?",
        "answer": {"phone": "By phone", "letter": "By letter", "visit": "At home"},
        "repeats": "yes",
    },
    "needs_both": {"ask": "Which?", "answer": ["drink", "drugs", "other"], "several": "yes"},
    "words": {"ask": "In their words?", "answer": "text", "personal": "yes"},
}


def story(*needs: dict[str, Any], **step: object) -> Story:
    """A story in which `go` has needs; each fact has an action `say_<fact>` in force throughout."""
    says = {f"say_{fact}": {"asks": fact} for fact in FACTS}
    phases = one_step({"go": {"needs": list(needs)}, "finish": {"go_to": "done"}}, **step)
    return Story(pathway(phases=phases, facts=FACTS, throughout={"actions": says}))


ANSWERED: list[tuple[dict[str, Any], dict[str, Any], bool, str | None]] = [
    ({"fact": "agreed", "is": "yes"}, {}, False, "not answered yet"),
    ({"fact": "agreed", "is": "yes"}, {"agreed": False}, False, "no"),
    ({"fact": "agreed", "is": "yes"}, {"agreed": True}, True, None),
    ({"fact": "way", "is": ["phone", "visit"]}, {"way": "visit"}, True, None),
    ({"fact": "way", "is_not": "letter"}, {"way": "letter"}, False, "letter"),
    ({"fact": "way", "is_not": "letter"}, {"way": "visit"}, True, None),
    ({"fact": "needs_both", "is": "drugs"}, {"needs_both": ("drink", "drugs")}, True, None),
    ({"fact": "needs_both", "is_not": "drugs"}, {"needs_both": ("drink", "drugs")}, False, "drink, drugs"),
    ({"fact": "score", "at_least": 7}, {"score": 7}, True, None),
    ({"fact": "score", "at_least": 7}, {"score": 6.5}, False, "6.5"),
    ({"fact": "score", "at_most": 7}, {"score": 8}, False, "8"),
    ({"fact": "day", "before": "2026-01-01"}, {"day": "2025-12-31"}, True, None),
    ({"fact": "day", "before": "2026-01-01"}, {"day": "2026-01-01"}, False, "2026-01-01"),
    ({"fact": "day", "after": "2026-01-01"}, {"day": "2026-01-02"}, True, None),
    ({"fact": "day", "answered": "yes"}, {}, False, "not answered yet"),
    ({"fact": "day", "answered": "no"}, {"day": "2026-01-02"}, False, "answered"),
    ({"fact": "words", "answered": "yes"}, {"words": "answered"}, True, None),
]


@pytest.mark.parametrize(("need", "answers", "met", "evidence"), ANSWERED)
def test_a_requirement_about_an_answer(
    need: dict[str, Any], answers: dict[str, Any], met: bool, evidence: str | None
) -> None:
    case = story(need)
    for fact, value in answers.items():
        case.do(f"say_{fact}", "2025-09-01 11:00", **{fact: value})
    if met:
        case.do("go", "2025-09-01 12:00")
        return
    (reason,) = case.refused("go", "2025-09-01 12:00")
    assert (reason.code, reason.name, reason.evidence) == ("needs", need["fact"], evidence)
    assert reason.who == ("worker",), "who could answer it"


def test_sentences_are_made_from_the_questions_unless_they_are_said() -> None:
    case = story(
        {"fact": "agreed", "is": "yes"},
        {"fact": "way", "is": ["phone", "visit"]},
        {"fact": "score", "at_least": 3, "at_most": 9},
        {"fact": "way", "times": 3, "different": 2, "over": "14 calendar days"},
        {"fact": "day", "answered": "yes", "say": "Tell us the day"},
    )
    assert [reason.sentence for reason in case.refused("go", "2025-09-01 11:00")] == [
        "“Agreed?” must be answered yes",
        "“How?” must be answered By phone or At home",
        "“Score?” must be answered at least 3 and at most 9",
        "“How?” must have been answered 3 times, in 2 different ways, over at least 14 calendar days",
        "Tell us the day",
    ]


def test_requirements_are_judged_on_the_answers_just_given() -> None:
    phases = one_step({"agree": {"asks": "agreed", "needs": {"fact": "agreed", "is": "yes"}, "go_to": "done"}})
    case = Story(pathway(phases=phases, facts=FACTS))
    assert [reason.evidence for reason in case.refused("agree", "2025-09-01 11:00", agreed=False)] == ["no"]
    assert case.case.facts == {}, "a refusal keeps nothing"
    case.do("agree", "2025-09-01 11:00", agreed=True)
    assert case.case.outcome == "completed"


TRIES = {"fact": "way", "times": 3, "different": 2, "over": "14 calendar days"}


@pytest.mark.parametrize(
    ("tries", "met"),
    [
        ([("2025-09-01", "phone"), ("2025-09-08", "letter")], False),
        ([("2025-09-01", "phone"), ("2025-09-08", "phone"), ("2025-09-15", "phone")], False),
        ([("2025-09-01", "phone"), ("2025-09-08", "letter"), ("2025-09-14", "phone")], False),
        ([("2025-09-01", "phone"), ("2025-09-08", "letter"), ("2025-09-15", "phone")], True),
    ],
)
def test_so_many_tries_in_so_many_ways_over_so_many_days(tries: list[tuple[str, str]], met: bool) -> None:
    case = story(TRIES)
    for day, way in tries:
        case.do("say_way", f"{day} 11:00", way=way)
    if met:
        case.do("go", "2025-09-20 11:00")
    else:
        (reason,) = case.refused("go", "2025-09-20 11:00")
        assert reason.evidence is not None
        assert reason.evidence.startswith(f"{len(tries)} so far")


def test_only_answers_since_a_moment_count_and_without_it_all_do() -> None:
    case = story({"fact": "way", "times": 2, "since": {"answering": "score", "is": "9"}})
    case.do("say_way", "2025-09-01 11:00", way="phone")
    case.do("say_way", "2025-09-02 11:00", way="phone")
    case.do("go", "2025-09-02 12:00")
    case.do("say_score", "2025-09-03 11:00", score=9)
    case.refused("go", "2025-09-03 12:00")
    case.do("say_way", "2025-09-03 13:00", way="phone")
    case.do("say_way", "2025-09-02 13:00", entered="2025-09-03 14:00", way="phone")
    case.refused("go", "2025-09-03 15:00")
    case.do("say_way", "2025-09-04 13:00", way="phone")
    case.do("go", "2025-09-04 15:00")


@pytest.mark.parametrize(
    ("doses", "met"),
    [
        (["letter", "phone", "phone", "phone"], True),
        (["phone", "phone", "letter", "phone"], False),
        (["phone", "phone"], False),
    ],
)
def test_a_run_is_one_after_another(doses: list[str], met: bool) -> None:
    case = story({"fact": "way", "is": "phone", "times_in_a_row": 3})
    for day, dose in enumerate(doses, start=1):
        case.do("say_way", f"2025-09-0{day} 11:00", way=dose)
    if met:
        case.do("go", "2025-09-09 11:00")
    else:
        case.refused("go", "2025-09-09 11:00")


def test_a_run_follows_what_happened_not_what_was_entered() -> None:
    case = story({"fact": "way", "is": "phone", "times_in_a_row": 3})
    for day, dose in ((1, "phone"), (2, "phone"), (4, "phone")):
        case.do("say_way", f"2025-09-0{day} 11:00", way=dose)
    case.do("say_way", "2025-09-03 11:00", entered="2025-09-05 11:00", way="letter")
    case.refused("go", "2025-09-06 11:00")


def test_a_minimum_is_refused_with_the_instant_from_which_it_is_possible() -> None:
    """I1: 29 August and six months: refused on 27 February, from 28 February; dates are judged as of what happened."""
    phases = one_step({"go": {"needs": {"clock": "minimum", "is": "reached"}}})
    phases["first"]["clocks"] = {"minimum": {"at_least": "6 calendar months"}}
    case = Story(pathway(phases=phases), began="2025-08-29 10:00")
    (reason,) = case.refused("go", "2026-02-27 11:00")
    assert (reason.name, reason.earliest) == ("minimum", local("2026-02-28 00:00"))
    assert reason.sentence == "Minimum: at least 6 calendar months must have passed"
    assert len(case.refused("go", "2026-02-27 11:00", entered="2026-03-02 11:00")) == 1
    case.do("go", "2026-02-28 00:00")


def test_a_minimum_in_a_pause_has_no_earliest_date() -> None:
    pause = {"raised_by": "anyone", "suspends": "everything", "steps": {"paused": {"owner": "unchanged"}}}
    phases = one_step()
    phases["first"]["clocks"] = {"minimum": {"at_least": "6 calendar months", "in_pause": "freeze"}}
    act = {"act": {"needs": {"clock": "minimum", "is": "reached"}}}
    case = Story(pathway(phases=phases, throughout={"actions": act, "interrupts": {"pause": pause}}))
    case.interrupt("pause", "2025-10-01 10:00")
    (reason,) = case.refused("act", "2026-06-01 10:00")
    assert (reason.evidence, reason.earliest) == ("paused", None)


def test_an_exception_may_pass_a_minimum() -> None:
    need = {"clock": "minimum", "is": "reached"}
    phases = one_step({"leave": {"needs": need}, "leave_early": {"needs": need}})
    phases["first"]["clocks"] = {"minimum": {"at_least": "6 calendar months", "exceptions": "leave_early"}}
    case = Story(pathway(phases=phases))
    case.refused("leave", "2025-10-01 10:00")
    case.do("leave_early", "2025-10-01 10:00")


@pytest.mark.parametrize(("state", "before", "after"), [("running", True, False), ("missed", False, True)])
def test_how_a_deadline_stands(state: str, before: bool, after: bool) -> None:
    deadline = {"within": "1 hour", "escalate": {"manager": "at once"}}
    for at, met in (("2025-09-01 11:00", before), ("2025-09-01 11:00:01", after)):
        case = story({"clock": "start", "is": state}, deadline=deadline)
        if met:
            case.do("go", at)
        else:
            assert [reason.name for reason in case.refused("go", at)] == ["start"]


def test_an_action_counts_as_taken_only_since_its_step_was_entered() -> None:
    phases = one_step({"tell": {}, "on": {"go_to": "next"}, "go": {"needs": {"action": "tell", "is": "taken"}}})
    phases["first"]["steps"]["next"] = {"owner": "worker", "actions": {"again": {"go_to": "start"}}}
    case = Story(pathway(phases=phases))
    (reason,) = case.refused("go", "2025-09-01 10:30")
    assert (reason.sentence, reason.evidence, reason.who) == ("First: Tell", "not done yet", ("worker",))
    case.do("tell", "2025-09-01 11:00")
    case.do("go", "2025-09-01 11:30")
    case.do("on", "2025-09-01 12:00")
    case.do("again", "2025-09-01 13:00")
    case.refused("go", "2025-09-01 14:00")


def test_a_step_may_be_entered_only_so_often() -> None:
    actions: dict[str, Any] = {"on": {"needs": {"entered": "start", "at_most": 2}, "go_to": "next"}}
    phases = one_step(actions)
    phases["first"]["steps"]["next"] = {"owner": "worker", "actions": {"again": {"go_to": "start"}}}
    case = Story(pathway(phases=phases))
    for day in (1, 2):
        case.do("on", f"2025-09-0{day} 11:00")
        case.do("again", f"2025-09-0{day} 12:00")
    (reason,) = case.refused("on", "2025-09-03 11:00")
    assert (reason.name, reason.evidence) == ("start", "3")


def test_a_count_and_a_strand() -> None:
    counts = {"bounces": {"title": "Bounced", "at": 2, "job_for": "manager"}}
    needs = [{"count": "bounces", "at_least": 2}, {"strand": "home", "is_at": "home_finished"}]
    phases = one_step({"bounce": {"count": "bounces"}, "go": {"needs": needs}})
    phases["first"]["strands"] = {"home": {"owner": "worker", "finishes_when": "At home"}}
    case = Story(pathway(phases=phases, counts=counts))
    case.do("bounce", "2025-09-01 11:00")
    reasons = case.refused("go", "2025-09-01 12:00")
    assert [(reason.name, reason.evidence) for reason in reasons] == [("bounces", "1"), ("home", "Home in progress")]
    assert case.jobs == set()
    case.do("bounce", "2025-09-01 13:00")
    assert case.jobs == {("manager", "count bounces")}
    case.do("finish_home", "2025-09-01 13:30")
    case.do("go", "2025-09-01 14:00")


COMBINED: list[tuple[dict[str, Any], bool]] = [
    ({"all": [{"fact": "agreed", "is": "yes"}, {"fact": "way", "is": "phone"}]}, False),
    ({"any": [{"fact": "agreed", "is": "yes"}, {"fact": "way", "is": "phone"}], "say": "One of them"}, True),
    ({"not": {"fact": "way", "is": "phone"}, "say": "Not by phone"}, True),
    ({"not": {"fact": "agreed", "is": "yes"}, "say": "Not agreed"}, False),
    ({"when": {"fact": "agreed", "is": "no"}, "fact": "way", "is": "phone"}, True),
    ({"when": {"fact": "agreed", "is": "yes"}, "fact": "way", "is": "phone"}, False),
]


@pytest.mark.parametrize(("need", "met"), COMBINED)
def test_requirements_within_requirements(need: dict[str, Any], met: bool) -> None:
    case = story(need)
    case.do("say_agreed", "2025-09-01 11:00", agreed=True)
    if met:
        case.do("go", "2025-09-01 12:00")
    else:
        assert len(case.refused("go", "2025-09-01 12:00")) == 1


def test_of_a_choice_the_earliest_date_and_everybody_who_can_help_are_named() -> None:
    needs = {
        "any": [
            {"clock": "long", "is": "reached"},
            {"clock": "short", "is": "reached"},
            {"fact": "agreed", "is": "yes"},
        ],
        "say": "Waited or agreed",
    }
    phases = one_step({"go": {"needs": needs}, "say_agreed": {"asks": "agreed", "by": "manager"}})
    phases["first"]["clocks"] = {"long": {"at_least": "2 weeks"}, "short": {"at_least": "1 week"}}
    case = Story(pathway(phases=phases, facts=FACTS))
    (reason,) = case.refused("go", "2025-09-02 10:00")
    assert (reason.sentence, reason.who, reason.earliest) == (
        "Waited or agreed",
        ("manager",),
        local("2025-09-08 00:00"),
    )


def test_all_that_is_unmet_is_reported_together() -> None:
    """Authority, answers, requirements and the way on: every reason in one refusal."""
    needs = [{"fact": "agreed", "is": "yes"}, {"clock": "minimum", "is": "reached"}]
    phases = one_step({"go": {"asks": ["score", "day"], "needs": needs, "go_to": "next"}})
    phases["first"]["clocks"] = {"minimum": {"at_least": "1 week"}}
    phases["second"] = {"steps": {"next": {"owner": "manager"}}}
    phases["first"]["strands"] = {"home": {"owner": "worker", "finishes_when": "At home"}}
    case = Story(pathway(phases=phases, facts=FACTS))
    case.play(StaffingChanged(at=local("2025-09-01 10:30"), role="manager", somebody=False))
    reasons = case.refused("go", "2025-09-01 11:00", by="receiver", score=99, way="phone")
    assert {(reason.code, reason.name) for reason in reasons} == {
        ("not_yours", "receiver"),
        ("not_asked", "way"),
        ("wrong_answer", "score"),
        ("missing_answer", "day"),
        ("needs", "agreed"),
        ("needs", "minimum"),
        ("nobody_in_role", "manager"),
        ("strand_unfinished", "home"),
    }
