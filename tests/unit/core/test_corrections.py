from typing import Any

import pytest

from pathway_model.case import Value
from pathway_model.events import FactCorrected
from tests.unit.core.definitions import Story, codes, local, pathway

TOLD = {"escalate": {"manager": "at once"}}
SEEN = {"ask": "Came?", "answer": ["seen", "missed"], "repeats": "yes"}


def story(began: str = "2025-09-01 10:00") -> Story:
    facts: dict[str, Any] = {
        "agreed": {"ask": "Agreed?", "answer": "yes or no"},
        "back_on": {"ask": "Back?", "answer": "date and time", "repeats": "yes"},
        "released": {"ask": "Released?", "answer": "date"},
        "attendance": SEEN,
    }
    clocks: dict[str, Any] = {
        "reach": {"within": "1 working day", "from": {"answering": "attendance", "is": "missed"},
                  "met_by": {"taking": "ring"}} | TOLD,
        "after_ward": {"within": "72 hours", "from": {"fact": "back_on"},
                       "met_by": {"answering": "attendance", "is": "seen"}} | TOLD,
        "after_release": {"within": "21 calendar days", "from": {"fact": "released"}, "met_by": {"taking": "ring"},
                          "warn": {"worker": "after 7 calendar days"}} | TOLD,
    }  # fmt: skip
    phases: dict[str, Any] = {
        "first": {
            "steps": {
                "start": {
                    "owner": "worker",
                    "deadline": {
                        "within": "20 working days",
                        "escalate": {"senior": "at once", "manager": "after 1 week"},
                    },
                    "actions": {"agree": {"asks": "agreed", "needs": {"fact": "agreed", "is": "yes"}, "go_to": "next"}},
                },
                "next": {
                    "owner": "worker",
                    "moves_by_itself": {
                        "when": {"fact": "attendance", "is": "missed", "times_in_a_row": 3},
                        "go_to": "stopped",
                    },
                },
                "stopped": {"owner": "worker"},
            }
        }
    }
    actions: dict[str, Any] = {f"say_{fact}": {"asks": fact} for fact in facts} | {"ring": {}}
    return Story(pathway(phases=phases, facts=facts, throughout={"clocks": clocks, "actions": actions}), began=began)


def test_a_corrected_date_moves_its_clock_and_no_rung_is_repeated() -> None:
    """The warning had been given; a week later than thought, it would come at a time that is past as well."""
    case = story()
    case.do("say_released", "2025-09-01 11:00", released="2025-09-01")
    case.wait("2025-09-12 10:00")
    assert case.jobs == {("worker", "after_release#1")}
    case.correct("released", "2025-09-03", "2025-09-12 10:00")
    assert (case.turn("after_release#1").due, case.turn("after_release#1").fired) == (local("2025-09-24 23:59:59"), 1)
    case.correct("released", "2025-09-10", "2025-09-12 11:00")
    assert case.turn("after_release#1").wake == local("2025-09-17 09:00"), "its new time is still to come"


def test_a_correction_that_makes_a_clock_overdue_lets_it_fire() -> None:
    case = story()
    case.do("say_released", "2025-09-01 11:00", released="2025-09-01")
    case.correct("released", "2025-08-01", "2025-09-05 10:00")
    case.wait("2025-09-05 10:00")
    assert case.turn("after_release#1").state == "missed"


def test_a_correction_that_makes_a_clock_in_time_again_closes_its_work() -> None:
    case = story()
    case.do("say_released", "2025-09-01 11:00", released="2025-08-01")
    case.wait("2025-09-02 10:00")
    assert ("manager", "after_release#1") in case.jobs
    case.correct("released", "2025-09-01", "2025-09-02 11:00")
    assert (case.jobs, case.turn("after_release#1").state) == (set(), "running")


def test_correcting_an_older_answer_moves_only_its_own_turn() -> None:
    case = story()
    case.do("say_back_on", "2025-09-01 11:00", back_on="2025-09-01 09:00")
    case.do("say_back_on", "2025-09-02 11:00", back_on="2025-09-02 09:00")
    case.correct("back_on", local("2025-09-01 07:00"), "2025-09-02 12:00", answer=0)
    dues = {key: case.turn(key).due for key in ("after_ward#1", "after_ward#2")}
    assert dues == {"after_ward#1": local("2025-09-04 07:00"), "after_ward#2": local("2025-09-05 09:00")}


def test_a_miss_that_was_none_ends_its_clock_and_meets_what_it_should_have_met() -> None:
    case = story()
    case.do("say_back_on", "2025-09-01 11:00", back_on="2025-09-01 09:00")
    case.do("say_attendance", "2025-09-02 11:00", attendance="missed")
    case.correct("attendance", "seen", "2025-09-02 12:00")
    assert set(case.case.clocks) == {"start#1"}


def test_a_contact_that_was_none_lets_the_clock_run_again() -> None:
    """72h: the clock must not stay met by an appointment that nobody attended."""
    case = story()
    case.do("say_back_on", "2025-09-01 11:00", back_on="2025-09-01 09:00")
    case.do("say_attendance", "2025-09-02 11:00", attendance="seen")
    assert set(case.case.clocks) == {"start#1"}
    case.correct("attendance", "missed", "2025-09-05 12:00")
    case.wait("2025-09-05 12:00")
    assert case.turn("after_ward#2").due == local("2025-09-04 09:00")
    assert case.turn("after_ward#2").state == "missed"
    assert case.turn("reach#1").due == local("2025-09-03 17:00")


def test_a_clock_that_something_else_met_stays_met() -> None:
    case = story()
    case.do("say_back_on", "2025-09-01 11:00", back_on="2025-09-01 09:00")
    case.do("say_attendance", "2025-09-02 11:00", attendance="seen")
    case.do("say_attendance", "2025-09-03 11:00", attendance="seen")
    case.correct("attendance", "missed", "2025-09-05 12:00", answer=0)
    assert "after_ward#2" not in case.case.clocks


def test_both_answers_stay_on_record_and_the_moves_stand() -> None:
    case = story()
    case.do("agree", "2025-09-02 11:00", agreed=True)
    given = case.case.facts["agreed"][0]
    case.correct("agreed", False, "2025-09-05 12:00")
    (corrected,) = case.case.facts["agreed"]
    assert (corrected.value, corrected.at, corrected.sequence) == (False, given.at, given.sequence)
    assert case.at == {"main": "next"}


def test_a_move_that_relied_on_the_answer_becomes_work_for_the_owner_and_the_first_of_the_ladder() -> None:
    case = story()
    case.do("agree", "2025-09-02 11:00", agreed=True)
    step = case.correct("agreed", False, "2025-09-05 12:00")
    assert case.jobs == {("worker", "corrected agreed"), ("senior", "corrected agreed")}
    sentence = "“Agree” relied on “Agreed?”, which has been corrected: see what follows from that"
    assert {getattr(effect, "sentence", None) for effect in step.effects} == {sentence}


def test_a_move_made_by_itself_may_have_relied_on_the_answer_as_well() -> None:
    """S3's shape: three missed doses stop treatment; one of them was not missed after all."""
    case = story()
    case.do("agree", "2025-09-02 11:00", agreed=True)
    for day in (3, 4, 5):
        case.do("say_attendance", f"2025-09-0{day} 11:00", attendance="missed")
    assert case.at == {"main": "stopped"}
    case.correct("attendance", "seen", "2025-09-06 12:00", answer=1)
    assert ("worker", "corrected attendance") in case.jobs
    assert case.at == {"main": "stopped"}


def test_a_correction_that_changes_nothing_for_a_move_is_nobodys_work() -> None:
    case = story()
    case.do("agree", "2025-09-02 11:00", agreed=True)
    case.correct("agreed", True, "2025-09-05 12:00")
    assert case.jobs == set()


@pytest.mark.parametrize(
    ("fact", "value", "answer", "code"),
    [
        ("agreed", True, -1, "no_such_name"),
        ("nothing", True, -1, "no_such_name"),
        ("attendance", "seen", 1, "no_such_name"),
        ("attendance", "perhaps", -1, "wrong_answer"),
    ],
)
def test_a_correction_of_nothing_or_to_nonsense_is_refused(fact: str, value: Value, answer: int, code: str) -> None:
    case = story()
    case.do("say_attendance", "2025-09-02 11:00", attendance="missed")
    event = FactCorrected(at=local("2025-09-03 11:00"), by="worker", fact=fact, value=value, answer=answer)
    assert codes(case.refuse(event)) == {(code, fact)}


def test_a_clock_moved_by_a_pause_follows_a_correction_and_keeps_the_days_of_the_pause() -> None:
    pause = {"raised_by": "anyone", "suspends": "everything",
             "steps": {"paused": {"owner": "unchanged", "actions": {"end_pause": {"go_to": "back"}}}}}  # fmt: skip
    clock = {
        "within": "21 calendar days",
        "from": {"fact": "released"},
        "in_pause": "freeze",
        "met_by": {"taking": "ring"},
    }
    facts = {"released": {"ask": "Released?", "answer": "date"}}
    phases = {"first": {"steps": {"start": {"owner": "worker"}}}}
    throughout: dict[str, Any] = {
        "clocks": {"contact": clock | TOLD},
        "interrupts": {"pause": pause},
        "actions": {"say_released": {"asks": "released"}, "ring": {}},
    }
    case = Story(pathway(phases=phases, facts=facts, throughout=throughout))
    case.do("say_released", "2025-09-01 11:00", released="2025-09-01")
    case.interrupt("pause", "2025-09-03 10:00")
    case.do("end_pause", "2025-09-13 10:00")
    assert case.turn("contact#1").due == local("2025-10-02 23:59:59")
    case.correct("released", "2025-08-30", "2025-09-14 10:00")
    assert case.turn("contact#1").due == local("2025-09-30 23:59:59")


def told_apart(ward: str) -> Story:
    """ICoN's shape: a reason, then a return; after a ward 72 hours count, after custody three weeks."""
    facts: dict[str, Any] = {
        "why": {"ask": "Why?", "answer": ["ward", "custody"], "repeats": "yes"},
        "back_on": {"ask": "Back?", "answer": "date and time", "repeats": "yes"},
        "attendance": SEEN,
    }
    met = {"met_by": {"answering": "attendance", "is": "seen"}} | TOLD
    clocks = {
        "after_ward": {"within": "72 hours", "from": {"fact": "back_on"}, "when": {"fact": "why", "is": "ward"}} | met,
        "after_custody": {"within": "3 weeks", "from": {"fact": "back_on"}, "when": {"fact": "why", "is": "custody"}}
        | met,
    }
    actions = {f"say_{fact}": {"asks": fact} for fact in facts}
    phases = {"first": {"steps": {"start": {"owner": "worker"}}}}
    case = Story(pathway(phases=phases, facts=facts, throughout={"clocks": clocks, "actions": actions}))
    case.do("say_why", "2025-09-02 10:00", why=ward)
    case.do("say_back_on", "2025-09-10 10:00", back_on="2025-09-10 09:00")
    return case


def test_a_clock_whose_condition_rested_on_the_answer_ends_and_the_right_one_begins() -> None:
    case = told_apart("custody")
    assert set(case.case.clocks) == {"after_custody#1"}
    case.correct("why", "ward", "2025-09-14 10:00")
    case.wait("2025-09-14 10:00")
    assert set(case.case.clocks) == {"after_ward#1"}
    assert case.turn("after_ward#1").due == local("2025-09-13 09:00")
    assert case.jobs == {("manager", "after_ward#1")}


def test_a_clock_that_a_correction_begins_may_have_been_met_already() -> None:
    case = told_apart("custody")
    case.do("say_attendance", "2025-09-11 10:00", attendance="seen")
    case.correct("why", "ward", "2025-09-14 10:00")
    assert case.case.clocks == {}


def test_a_start_corrected_to_after_what_met_its_clock_lets_it_run_again() -> None:
    """Back on Friday, seen on Saturday; then it turns out that they came back on Sunday."""
    case = story()
    case.do("say_back_on", "2025-09-05 09:00", entered="2025-09-08 08:00", back_on="2025-09-05 09:00")
    case.do("say_attendance", "2025-09-06 10:00", entered="2025-09-08 08:10", attendance="seen")
    assert set(case.case.clocks) == {"start#1"}
    case.correct("back_on", local("2025-09-07 09:00"), "2025-09-08 13:00")
    assert (case.turn("after_ward#2").due, case.turn("after_ward#2").state) == (local("2025-09-10 09:00"), "running")


def test_a_start_corrected_to_another_before_what_met_its_clock_leaves_it_met() -> None:
    case = story()
    case.do("say_back_on", "2025-09-05 11:00", back_on="2025-09-05 09:00")
    case.do("say_attendance", "2025-09-06 10:00", attendance="seen")
    case.correct("back_on", local("2025-09-06 09:00"), "2025-09-08 13:00")
    assert set(case.case.clocks) == {"start#1"}


def test_a_start_corrected_to_before_something_that_meets_its_clock_meets_it() -> None:
    """Seen at eight on the day of the return: not after nine, but after seven."""
    case = story()
    case.do("say_back_on", "2025-09-08 12:00", back_on="2025-09-08 09:00")
    case.do("say_attendance", "2025-09-08 08:00", entered="2025-09-08 13:00", attendance="seen")
    assert "after_ward#1" in case.case.clocks
    case.correct("back_on", local("2025-09-08 07:00"), "2025-09-12 10:00")
    assert (set(case.case.clocks), case.closed(), case.jobs) == ({"start#1"}, ["entered late"], set())


def misses() -> Story:
    """Contact by the next working day after every miss, met by seeing them; a pause; a letter, met by a date."""
    facts: dict[str, Any] = {
        "attendance": {"ask": "Came?", "answer": ["seen", "missed", "cancelled"], "repeats": "yes"},
        "posted": {"ask": "Posted on?", "answer": "date"},
    }
    clocks: dict[str, Any] = {
        "reach": {"within": "1 working day", "from": {"answering": "attendance", "is": "missed"},
                  "met_by": {"answering": "attendance", "is": "seen"}} | TOLD,
        "letter": {"within": "2 working days", "from": {"taking": "write"}, "met_by": {"fact": "posted"}} | TOLD,
    }  # fmt: skip
    pause = {"raised_by": "anyone", "suspends": "everything",
             "steps": {"paused": {"owner": "unchanged", "actions": {"end_pause": {"go_to": "back"}}}}}  # fmt: skip
    actions: dict[str, Any] = {f"say_{fact}": {"asks": fact} for fact in facts} | {"write": {}}
    throughout = {"clocks": clocks, "actions": actions, "interrupts": {"pause": pause}}
    return Story(
        pathway(phases={"first": {"steps": {"start": {"owner": "worker"}}}}, facts=facts, throughout=throughout)
    )


def test_every_turn_that_a_contact_had_met_runs_again_when_it_was_none() -> None:
    """Missed on Thursday and on Friday, each with a turn of its own; the visit of Friday was cancelled."""
    case = misses()
    case.do("say_attendance", "2025-09-04 10:00", attendance="missed")
    case.do("say_attendance", "2025-09-05 10:00", attendance="missed")
    case.do("say_attendance", "2025-09-05 16:00", attendance="seen")
    assert case.case.clocks == {}
    case.correct("attendance", "cancelled", "2025-09-05 16:30")
    assert {turn.due for turn in case.case.clocks.values()} == {local("2025-09-05 17:00"), local("2025-09-08 17:00")}


def test_a_turn_that_runs_again_keeps_what_was_left_at_a_pause_in_between() -> None:
    """Missed on Thursday, away from Thursday to Monday week: one working day was left."""
    case = misses()
    case.do("say_attendance", "2025-09-04 15:00", attendance="missed")
    case.do("say_attendance", "2025-09-04 16:00", attendance="seen")
    case.interrupt("pause", "2025-09-04 16:30")
    case.do("end_pause", "2025-09-15 10:00")
    case.correct("attendance", "cancelled", "2025-09-15 11:00")
    assert case.turn("reach#2").due == local("2025-09-16 17:00")


def test_a_corrected_date_that_met_a_clock_may_not_meet_it_and_may_meet_it_again() -> None:
    """Written on Monday; posted on Tuesday, no, on the Sunday before, no, on Tuesday."""
    case = misses()
    case.do("write", "2025-09-01 11:00")
    case.do("say_posted", "2025-09-02 11:00", posted="2025-09-02")
    assert case.case.clocks == {}
    case.correct("posted", "2025-08-31", "2025-09-02 12:00")
    assert case.turn("letter#2").due == local("2025-09-03 17:00")
    case.correct("posted", "2025-09-02", "2025-09-02 13:00")
    assert case.case.clocks == {}


def test_a_turn_that_runs_again_is_one_whose_condition_held_when_it_began() -> None:
    """Back from custody and seen, then back from a ward; they had not been seen the first time."""
    case = told_apart("custody")
    case.do("say_attendance", "2025-09-11 10:00", attendance="seen")
    case.do("say_why", "2025-09-12 10:00", why="ward")
    case.do("say_back_on", "2025-09-15 10:00", back_on="2025-09-15 09:00")
    case.correct("attendance", "missed", "2025-09-15 11:00", answer=0)
    dues = {key: turn.due for key, turn in case.case.clocks.items()}
    assert dues == {"after_ward#1": local("2025-09-18 09:00"), "after_custody#2": local("2025-10-01 23:59:59")}
