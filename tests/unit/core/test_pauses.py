from typing import Any

import pytest

from pathway_model.case import KEPT_PAUSES, Pause
from tests.unit.core.definitions import Story, codes, local, one_step, pathway

TOLD = {"escalate": {"manager": "at once", "senior": "after 1 working day"}}
PAUSE: dict[str, Any] = {
    "raised_by": ["owner", "manager"],
    "asks": ["reason"],
    "suspends": "everything",
    "steps": {
        "paused": {
            "owner": "unchanged",
            "deadline": {"within": "84 calendar days", "escalate": {"manager": "at once"}},
            "clocks": {
                "pause_check": {"every": "28 calendar days", "next_from": "planned",
                                "met_by": {"taking": "check_pause"}, "escalate": {"manager": "at once"}},
            },
            "actions": {"check_pause": {}, "end_pause": {"go_to": "back"}},
        }
    },
}  # fmt: skip
RISK: dict[str, Any] = {
    "raised_by": "anyone",
    "many": "yes",
    "steps": {
        "risk_raised": {
            "owner": "manager",
            "deadline": {"within": "1 hour", "escalate": {"manager": "at once", "senior": "after 1 hour"}},
            "actions": {"end_risk": {"go_to": "back"}},
        }
    },
}
FACTS = {"reason": {"ask": "Why?", "answer": ["ward", "custody"], "repeats": "yes"}}


def story(
    clocks: dict[str, Any] | None = None, deadline: dict[str, Any] | None = None, began: str = "2025-09-01 10:00"
) -> Story:
    step: dict[str, Any] = {} if deadline is None else {"deadline": deadline}
    phases = one_step({"note": {}, "finish": {"go_to": "done"}}, **step)
    clocks = {name: {"met_by": {"taking": "act"}} | clock for name, clock in (clocks or {}).items()}
    for clock in clocks.values():
        if "at_least" in clock:
            del clock["met_by"]
    phases["first"]["clocks"] = clocks
    throughout = {"interrupts": {"pause": PAUSE, "risk": RISK}, "actions": {"act": {}, "end": {"go_to": "done"}}}
    return Story(pathway(phases=phases, facts=FACTS, throughout=throughout), began=began)


@pytest.mark.parametrize(
    ("clock", "due", "after"),
    [
        # paused Wed 3 Sep 10:00, back Mon 15 Sep 09:00. Working days freeze unless told otherwise: three were left
        ({"within": "5 working days"}, "2025-09-08 17:00", "2025-09-18 17:00"),
        ({"within": "5 working days", "in_pause": "continue"}, "2025-09-08 17:00", "2025-09-08 17:00"),
        ({"within": "5 working days", "in_pause": "restart"}, "2025-09-08 17:00", "2025-09-22 17:00"),
        # all other lengths continue unless told otherwise
        ({"within": "21 calendar days"}, "2025-09-22 23:59:59", "2025-09-22 23:59:59"),
        ({"within": "21 calendar days", "in_pause": "freeze"}, "2025-09-22 23:59:59", "2025-10-04 23:59:59"),
        ({"within": "21 calendar days", "in_pause": "restart"}, "2025-09-22 23:59:59", "2025-10-06 23:59:59"),
        ({"within": "72 hours"}, "2025-09-04 10:00", "2025-09-04 10:00"),
        # 24 hours were left
        ({"within": "72 hours", "in_pause": "freeze"}, "2025-09-04 10:00", "2025-09-16 09:00"),
        # the twelve days of the pause are added to the clamped months
        ({"at_least": "6 calendar months", "in_pause": "freeze"}, "2026-03-01 00:00", "2026-03-13 00:00"),
    ],
)
def test_a_pause_freezes_restarts_or_leaves_a_clock(clock: dict[str, Any], due: str, after: str) -> None:
    told = {} if "at_least" in clock else TOLD
    case = story({"limit": clock | told})
    assert case.turn("limit#1").due == local(due)
    case.interrupt("pause", "2025-09-03 10:00", reason="ward")
    case.do("end_pause", "2025-09-15 09:00")
    assert case.turn("limit#1").due == local(after)


def test_a_frozen_clock_tells_nobody_and_one_that_continues_does() -> None:
    case = story({"frozen": {"within": "2 working days"} | TOLD, "goes_on": {"within": "3 calendar days"} | TOLD})
    case.interrupt("pause", "2025-09-02 10:00", reason="ward")
    case.wait("2025-09-20 10:00")
    assert {about for _, about in case.jobs} == {"goes_on#1"}
    assert case.turn("frozen#1").wake is None


def test_what_was_missed_before_a_pause_is_still_told_during_it() -> None:
    case = story({"limit": {"within": "2 working days"} | TOLD})
    case.wait("2025-09-03 17:00:01")
    case.interrupt("pause", "2025-09-04 10:00", reason="ward")
    case.wait("2025-09-05 10:00")
    assert case.jobs == {("manager", "limit#1"), ("senior", "limit#1")}


def test_a_restarted_clock_begins_at_the_bottom_of_its_ladder() -> None:
    warned = {"within": "5 working days", "in_pause": "restart", "warn": {"worker": "1 working day before"}} | TOLD
    case = story({"limit": warned})
    case.wait("2025-09-05 10:00")
    case.interrupt("pause", "2025-09-05 11:00", reason="ward")
    case.do("end_pause", "2025-09-15 09:00")
    assert (case.turn("limit#1").fired, case.turn("limit#1").wake) == (0, local("2025-09-19 09:00"))


def test_a_planned_review_moves_by_the_length_of_the_pause_and_so_do_all_later_ones() -> None:
    review = {"every": "12 weeks", "next_from": "planned", "in_pause": "freeze", "escalate": {"manager": "at once"}}
    case = story({"review": review}, began="2025-08-29 10:00")
    case.interrupt("pause", "2025-10-01 10:00", reason="ward")
    case.do("end_pause", "2025-10-15 10:00")
    assert case.turn("review#1").due == local("2025-12-05 23:59:59")
    case.do("act", "2025-12-05 10:00")
    assert case.turn("review#2").due == local("2026-02-27 23:59:59")


def test_a_review_that_comes_round_during_a_pause_stays_frozen() -> None:
    review = {"every": "1 week", "next_from": "planned", "in_pause": "freeze", "escalate": {"manager": "at once"}}
    case = story({"review": review})
    case.interrupt("pause", "2025-09-03 10:00", reason="ward")
    case.do("act", "2025-09-04 10:00")
    assert case.turn("review#2").wake is None
    assert case.wait("2025-11-01 10:00")[0].event.kind == "clock came due", "of the pause itself"
    assert {about for _, about in case.jobs} == {"pause_check#1"}


def test_while_paused_nothing_moves_and_only_what_stays_throughout_goes_on() -> None:
    case = story()
    case.interrupt("pause", "2025-09-03 10:00", reason="ward")
    assert ("paused", "pause") in codes(case.refused("finish", "2025-09-03 11:00"))
    assert codes(case.refused("note", "2025-09-03 11:00")) == {("paused", "pause")}
    assert ("paused", "pause") in codes(case.refused("end", "2025-09-03 11:00"))
    case.do("act", "2025-09-03 11:00")
    case.do("check_pause", "2025-09-03 12:00")
    assert case.at == {"main": "start", "pause": "paused"}


def test_the_return_puts_everything_where_it_was() -> None:
    case = story(deadline={"within": "10 working days", "escalate": {"manager": "at once"}})
    before = case.case
    case.interrupt("pause", "2025-09-03 10:00", reason="ward")
    case.do("end_pause", "2025-09-03 15:00")
    assert (case.case.strands, case.case.entries["start"]) == (before.strands, 1)
    assert case.turn("start#1").due == local("2025-09-15 17:00")


def test_a_second_pause_changes_the_reason_and_not_the_84_days() -> None:
    case = story()
    case.interrupt("pause", "2025-09-03 10:00", reason="ward")
    case.interrupt("pause", "2025-09-20 10:00", by="manager", reason="custody")
    assert [answer.value for answer in case.case.facts["reason"]] == ["ward", "custody"]
    assert case.turn("paused#1").due == local("2025-11-26 23:59:59")
    assert set(case.at) == {"main", "pause"}


def test_risk_opens_beside_a_pause_and_ends_without_ending_it() -> None:
    case = story({"limit": {"within": "5 working days"} | TOLD})
    case.interrupt("pause", "2025-09-03 10:00", reason="ward")
    case.interrupt("risk", "2025-09-03 12:00", by="gp")
    case.wait("2025-09-03 13:00:01")
    assert ("manager", "risk_raised#1") in case.jobs
    case.do("end_risk", "2025-09-03 13:30", by="manager")
    assert set(case.at) == {"main", "pause"}
    assert case.turn("limit#1").frozen == local("2025-09-03 10:00")


def test_a_pause_beside_an_open_risk_leaves_its_clock_running() -> None:
    case = story()
    case.interrupt("risk", "2025-09-03 12:00")
    case.interrupt("pause", "2025-09-03 12:10", reason="ward")
    assert case.turn("risk_raised#1").wake == local("2025-09-03 13:00:01")


def test_a_pause_entered_late_counts_from_when_it_happened() -> None:
    """Paused Wed 3 Sep, entered Fri 5 Sep; what began on Thursday has all its time left."""
    case = story(
        {
            "limit": {"within": "5 working days"} | TOLD,
            "later": {"within": "5 working days", "from": {"taking": "act"}, "met_by": {"taking": "note"}} | TOLD,
        }
    )
    case.do("act", "2025-09-04 10:00")
    case.interrupt("pause", "2025-09-03 10:00", entered="2025-09-05 10:00", reason="ward")
    case.do("end_pause", "2025-09-15 09:00")
    assert case.turn("later#1").due == local("2025-09-22 17:00")


def test_the_check_of_a_pause_comes_round_while_it_lasts() -> None:
    case = story()
    case.interrupt("pause", "2025-09-03 10:00", reason="ward")
    case.wait("2025-10-01 23:59:59")
    assert case.jobs == set()
    case.wait("2025-10-02 00:00")
    assert case.jobs == {("manager", "pause_check#1")}
    case.do("check_pause", "2025-10-03 10:00")
    assert case.turn("pause_check#2").due == local("2025-10-29 23:59:59")
    case.do("end_pause", "2025-10-04 10:00")
    assert case.case.clocks == {}


def test_a_move_that_waited_for_the_pause_is_made_when_it_ends() -> None:
    facts = FACTS | {"ready": {"ask": "Ready?", "answer": "yes or no"}}
    phases = one_step(moves_by_itself={"when": {"fact": "ready", "is": "yes"}, "go_to": "done"})
    throughout = {"interrupts": {"pause": PAUSE}, "actions": {"say": {"asks": "ready"}}}
    case = Story(pathway(phases=phases, facts=facts, throughout=throughout))
    case.interrupt("pause", "2025-09-03 10:00", reason="ward")
    case.do("say", "2025-09-04 10:00", ready=True)
    assert case.at["main"] == "start"
    case.do("end_pause", "2025-09-10 10:00")
    assert (case.case.outcome, case.case.strands["main"].since) == ("completed", local("2025-09-10 10:00"))


def test_what_fell_due_after_a_pause_that_was_entered_late_was_not_due() -> None:
    """Paused on Tuesday, entered on Friday: one working day was left."""
    case = story({"limit": {"within": "2 working days"} | TOLD})
    case.wait("2025-09-05 10:00")
    assert case.jobs == {("manager", "limit#1"), ("senior", "limit#1")}
    case.interrupt("pause", "2025-09-02 10:00", entered="2025-09-05 10:00", reason="ward")
    assert (case.jobs, case.turn("limit#1").state, case.turn("limit#1").fired) == (set(), "running", 0)
    case.do("end_pause", "2025-09-08 10:00")
    assert case.turn("limit#1").due == local("2025-09-09 17:00")


LATE = {"from": {"taking": "begin"}, "met_by": {"taking": "act"}} | TOLD


def late_story(clock: dict[str, Any]) -> Story:
    """A clock that is counted from `begin`, which is possible during a pause."""
    actions: dict[str, Any] = {"act": {}, "begin": {}, "book": {"asks": "booked_for"}}
    facts = FACTS | {"booked_for": {"ask": "When?", "answer": "date and time"}}
    throughout = {"clocks": {"limit": clock}, "interrupts": {"pause": PAUSE}, "actions": actions}
    return Story(pathway(phases=one_step({"finish": {"go_to": "done"}}), facts=facts, throughout=throughout))


def paused_and_back(case: Story, *late: tuple[str, str], at: str) -> None:
    """Paused Fri 5 Sep 16:00, back Mon 15 Sep 10:00; `late` are actions, each entered at one of its times."""
    moments = [("pause", "2025-09-05 16:00"), ("end_pause", "2025-09-15 10:00"), *late]
    for name, entered in sorted(moments, key=lambda moment: moment[1]):
        if name == "pause":
            case.interrupt("pause", entered, reason="ward")
        else:
            case.do(name, entered if name == "end_pause" else at, entered=entered)


@pytest.mark.parametrize("entered", ["2025-09-05 15:00", "2025-09-08 10:00", "2025-09-15 11:00"])
@pytest.mark.parametrize(
    ("clock", "due"),
    [
        ({"within": "1 working day"}, "2025-09-16 17:00"),
        # of 72 hours one was used up on Friday
        ({"within": "72 hours", "in_pause": "freeze"}, "2025-09-18 09:00"),
        ({"within": "72 hours"}, "2025-09-08 15:00"),
        ({"within": "5 working days", "in_pause": "restart"}, "2025-09-22 17:00"),
        # Fri 5 Sep + 28 days = Fri 3 Oct, and the ten days of the pause
        ({"at_least": "4 weeks", "in_pause": "freeze"}, "2025-10-13 00:00"),
        ({"within": "1 calendar month", "in_pause": "freeze"}, "2025-10-15 23:59:59"),
        ({"within": "1 working day", "in_pause": "continue"}, "2025-09-08 17:00"),
    ],
)
def test_what_began_before_a_pause_is_due_the_same_whenever_it_is_entered(
    clock: dict[str, Any], due: str, entered: str
) -> None:
    """On Friday at once, during the pause, or after it."""
    written = {"from": LATE["from"]} if "at_least" in clock else LATE
    case = late_story(clock | written)
    paused_and_back(case, ("begin", entered), at="2025-09-05 15:00")
    assert case.turn("limit#1").due == local(due)
    assert case.turn("limit#1").frozen is None


@pytest.mark.parametrize("entered", ["2025-09-05 10:00", "2025-09-08 10:00", "2025-09-15 11:00"])
def test_what_was_missed_before_a_pause_stays_missed_whenever_it_is_entered(entered: str) -> None:
    case = late_story({"within": "4 hours", "in_pause": "freeze"} | LATE)
    paused_and_back(case, ("begin", entered), at="2025-09-05 10:00")
    case.wait("2025-09-15 11:00")
    assert (case.turn("limit#1").due, case.turn("limit#1").state) == (local("2025-09-05 14:00"), "missed")


@pytest.mark.parametrize("entered", ["2025-09-10 10:00", "2025-09-15 11:00"])
def test_what_began_during_a_pause_counts_from_the_return(entered: str) -> None:
    """On Wednesday 10 Sep; back on Monday 15 Sep, with all four weeks left."""
    case = late_story({"at_least": "4 weeks", "in_pause": "freeze", "from": {"taking": "begin"}})
    paused_and_back(case, ("begin", entered), at="2025-09-10 10:00")
    assert case.turn("limit#1").due == local("2025-10-13 00:00")


def test_what_is_entered_late_goes_through_every_pause_since() -> None:
    """Begun Fri 5 Sep; away 5 to 15 Sep and 16 to 19 Sep: of five working days one was used on Tuesday 16 Sep."""
    case = late_story({"within": "5 working days"} | LATE)
    paused_and_back(case, at="2025-09-05 15:00")
    case.interrupt("pause", "2025-09-16 18:00", reason="ward")
    case.do("end_pause", "2025-09-19 09:00")
    case.do("begin", "2025-09-05 15:00", entered="2025-09-22 09:00")
    assert case.turn("limit#1").due == local("2025-09-25 17:00")


def test_what_was_done_in_a_pause_and_entered_after_it_meets_what_began_before() -> None:
    case = late_story({"within": "5 working days"} | LATE)
    paused_and_back(case, ("begin", "2025-09-05 15:00"), at="2025-09-05 15:00")
    case.do("act", "2025-09-09 10:00", entered="2025-09-15 11:00")
    assert case.case.clocks == {}


@pytest.mark.parametrize(
    ("back", "due"),
    [
        # booked for Wed 24 Sep: nothing is used up before
        ("2025-09-18 10:00", "2025-09-26 17:00"),
        # away on that day: both working days are left on Thu 25 Sep
        ("2025-09-25 10:00", "2025-09-29 17:00"),
    ],
)
def test_a_pause_does_not_move_what_is_counted_from_a_later_date(back: str, due: str) -> None:
    case = late_story({"within": "2 working days", "from": {"fact": "booked_for"}, "met_by": {"taking": "act"}} | TOLD)
    case.do("book", "2025-09-10 10:00", booked_for="2025-09-24 14:00")
    case.interrupt("pause", "2025-09-11 16:00", reason="ward")
    assert case.turn("limit#1").wake is None
    case.do("end_pause", back)
    assert case.turn("limit#1").due == local(due)


def test_a_case_remembers_its_latest_pauses_and_none_once_it_has_ended() -> None:
    case = late_story({"within": "5 working days"} | LATE)
    for hour in range(KEPT_PAUSES + 2):
        case.interrupt("pause", f"2025-09-0{2 + hour // 12} {10 + hour % 12}:00", reason="ward")
        case.do("end_pause", f"2025-09-0{2 + hour // 12} {10 + hour % 12}:30")
    assert len(case.case.pauses) == KEPT_PAUSES
    assert case.case.pauses[-1] == Pause(began=local("2025-09-03 15:00"), ended=local("2025-09-03 15:30"))
    case.do("finish", "2025-09-04 10:00")
    assert case.case.pauses == ()
