from typing import Any

import pytest

from pathway_model.clocks import beyond_limits, next_wake
from pathway_model.events import ClockCameDue, StaffingChanged
from tests.unit.core.definitions import Story, codes, local, one_step, pathway

LADDER = {"worker": "at once", "manager": "after 1 working day", "senior": "after 2 working days"}
DEADLINE = {"within": "2 working days", "escalate": LADDER}
ATTENDANCE = {"ask": "What happened?", "answer": ["seen", "missed", "cancelled"], "repeats": "yes"}


def throughout(clocks: dict[str, Any], *facts: str, **more: object) -> Story:
    """A story whose actions all stay: `act`, `also`, and one that asks for each fact."""
    known = {
        "attendance": ATTENDANCE,
        "back_on": {"ask": "Back?", "answer": "date and time", "repeats": "yes"},
        "planned": {"ask": "Planned for?", "answer": "date"},
        "actual": {"ask": "When was it?", "answer": "date"},
    }
    actions: dict[str, Any] = {"act": {}, "also": {}} | {f"tell_{fact}": {"asks": fact} for fact in facts}
    return Story(
        pathway(
            phases=one_step({"finish": {"go_to": "done"}}),
            facts={fact: known[fact] for fact in facts},
            throughout={"clocks": clocks, "actions": actions} | more,
        )
    )


def due(story: Story) -> dict[str, Any]:
    return {key: turn.due for key, turn in story.case.clocks.items()}


def test_a_deadline_starts_on_entering_and_is_met_by_leaving() -> None:
    story = Story(pathway(phases=one_step({"finish": {"go_to": "done"}}, deadline=DEADLINE)))
    assert due(story) == {"start#1": local("2025-09-03 17:00")}
    assert next_wake(story.case) == local("2025-09-03 17:00:01")
    story.do("finish", "2025-09-02 10:00")
    assert (story.case.clocks, story.told(), story.case.outcome) == ({}, [], "completed")


def test_the_due_instant_itself_is_on_time() -> None:
    story = Story(pathway(phases=one_step({"finish": {"go_to": "done"}}, deadline=DEADLINE)))
    assert story.wait("2025-09-03 17:00") == ()
    (step,) = story.wait("2025-09-03 17:00:01")
    assert step.event == ClockCameDue(at=local("2025-09-03 17:00"), turn="start#1")
    assert story.turn("start#1").state == "missed"


def test_a_missed_deadline_goes_up_its_ladder_and_gives_each_role_one_job() -> None:
    story = Story(pathway(phases=one_step({"finish": {"go_to": "done"}}, deadline=DEADLINE)))
    story.wait("2025-09-30 10:00")
    assert story.told() == [
        ("worker", local("2025-09-03 17:00")),
        ("manager", local("2025-09-04 17:00")),
        ("senior", local("2025-09-05 17:00")),
    ]
    assert next_wake(story.case) is None
    story.do("finish", "2025-09-30 10:00")
    assert (story.jobs, story.closed()) == (set(), ["done late"] * 3)


def test_a_thing_done_in_time_but_entered_late_closes_the_work_and_keeps_the_record() -> None:
    story = Story(pathway(phases=one_step({"finish": {"go_to": "done"}}, deadline=DEADLINE)))
    story.do("finish", "2025-09-03 17:00", entered="2025-09-08 10:00")
    assert story.closed() == ["entered late"] * 2 + ["entered late"]
    assert [role for role, _ in story.told()] == ["worker", "manager", "senior"]


def test_a_role_told_twice_has_one_job() -> None:
    twice = {"within": "1 hour", "escalate": {"worker": ["at once", "after 2 hours"], "manager": "after 1 hour"}}
    story = Story(pathway(phases=one_step({"finish": {"go_to": "done"}}, deadline=twice)))
    story.wait("2025-09-01 20:00")
    assert [role for role, _ in story.told()] == ["worker", "manager"]


def test_a_warning_comes_before_and_is_no_miss() -> None:
    warned = DEADLINE | {"warn": {"manager": "1 working day before", "worker": "at once"}}
    story = Story(pathway(phases=one_step({"finish": {"go_to": "done"}}, deadline=warned)))
    story.wait("2025-09-03 10:00")
    assert story.told() == [("worker", local("2025-09-01 10:00")), ("manager", local("2025-09-02 09:00"))]
    assert story.turn("start#1").state == "running"
    story.do("finish", "2025-09-03 11:00")
    assert story.closed() == ["done", "done"]


def test_a_rung_with_nobody_in_the_role_passes_on_at_once() -> None:
    story = Story(pathway(phases=one_step({"finish": {"go_to": "done"}}, deadline=DEADLINE)))
    story.play(StaffingChanged(at=local("2025-09-02 10:00"), role="worker", somebody=False))
    story.play(StaffingChanged(at=local("2025-09-02 10:00"), role="manager", somebody=False))
    story.wait("2025-09-03 17:00:01")
    assert story.told() == [(role, local("2025-09-03 17:00")) for role in ("worker", "manager", "senior")]
    assert next_wake(story.case) is None


def test_a_role_found_empty_after_it_was_told_passes_on_at_once() -> None:
    story = Story(pathway(phases=one_step({"finish": {"go_to": "done"}}, deadline=DEADLINE)))
    story.wait("2025-09-03 17:00:01")
    story.play(StaffingChanged(at=local("2025-09-03 17:05"), role="worker", somebody=False))
    assert story.told()[-1] == ("manager", local("2025-09-03 17:05"))
    assert next_wake(story.case) == local("2025-09-05 17:00:01")


def test_a_role_found_empty_does_not_skip_somebody_who_was_told_after_it() -> None:
    story = Story(pathway(phases=one_step({"finish": {"go_to": "done"}}, deadline=DEADLINE)))
    story.wait("2025-09-04 17:00:01")
    story.play(StaffingChanged(at=local("2025-09-04 17:05"), role="worker", somebody=False))
    assert [role for role, _ in story.told()] == ["worker", "manager"]
    story.wait("2025-09-05 17:00:01")
    assert [role for role, _ in story.told()] == ["worker", "manager", "senior"]


def test_a_step_entered_again_starts_at_the_bottom_of_its_ladder() -> None:
    phases = {
        "first": {
            "steps": {
                "start": {"owner": "worker", "deadline": DEADLINE, "actions": {"on": {"go_to": "next"}}},
                "next": {"owner": "worker", "actions": {"again": {"go_to": "start"}, "finish": {"go_to": "done"}}},
                "done": {"owner": "worker", "ends": "completed"},
            }
        }
    }
    story = Story(pathway(phases=phases))
    story.wait("2025-09-04 17:00:01")
    story.do("on", "2025-09-05 10:00")
    assert due(story) == {}
    story.do("again", "2025-09-05 11:00")
    assert (story.turn("start#2").due, story.turn("start#2").fired) == (local("2025-09-09 17:00"), 0)
    assert story.case.entries["start"] == 2


def test_what_meets_a_clock_and_leaves_its_place_in_one_event_has_met_it() -> None:
    clock = {"promised": {"within": "1 hour", "met_by": {"taking": "finish"}, "escalate": {"manager": "at once"}}}
    story = Story(pathway(phases=one_step({"finish": {"go_to": "done"}}, clocks=clock)))
    story.wait("2025-09-01 12:00")
    story.do("finish", "2025-09-01 10:30", entered="2025-09-01 12:30")
    assert story.closed() == ["entered late"]


def test_a_clock_left_behind_ends_neither_met_nor_missed() -> None:
    clock = {"promised": {"within": "1 hour", "met_by": {"taking": "promise"}, "escalate": {"manager": "at once"}}}
    story = Story(pathway(phases=one_step({"promise": {}, "finish": {"go_to": "done"}}, clocks=clock)))
    story.wait("2025-09-01 12:00")
    story.do("finish", "2025-09-01 12:30")
    assert (story.closed(), story.case.clocks) == (["no longer needed"], {})


def test_each_missed_appointment_has_a_turn_of_its_own() -> None:
    """domain.md: contact by the next working day after every miss; cancellations are counted by another clock."""
    clock = {
        "reach": {"within": "1 working day", "from": {"answering": "attendance", "is": "missed"},
                  "met_by": [{"taking": "act"}, {"answering": "attendance", "is": "seen"}],
                  "escalate": {"manager": "at once"}},
    }  # fmt: skip
    story = throughout(clock, "attendance")
    story.do("tell_attendance", "2025-09-02 10:00", attendance="missed")
    story.do("tell_attendance", "2025-09-02 14:00", attendance="cancelled")
    story.do("tell_attendance", "2025-09-03 10:00", attendance="missed")
    assert due(story) == {"reach#1": local("2025-09-03 17:00"), "reach#2": local("2025-09-04 17:00")}
    story.do("act", "2025-09-02 16:00", entered="2025-09-03 11:00")
    assert set(story.case.clocks) == {"reach#2"}, "what happened before a turn began does not meet it"
    story.do("tell_attendance", "2025-09-04 10:00", attendance="seen")
    assert story.case.clocks == {}


def test_any_activity_restarts_the_clock_of_the_last_one() -> None:
    quiet = {"within": "28 calendar days", "from": {"last": "activity"}, "escalate": {"manager": "at once"}}
    story = throughout({"quiet": quiet})
    assert due(story) == {}
    story.do("act", "2025-09-01 11:00")
    story.do("also", "2025-09-10 11:00")
    assert due(story) == {"quiet#2": local("2025-10-08 23:59:59")}
    story.wait("2025-10-09 10:00")
    story.do("act", "2025-10-05 10:00", entered="2025-10-10 10:00")
    assert story.closed() == ["entered late"]
    assert due(story) == {"quiet#3": local("2025-11-02 23:59:59")}


def test_earlier_activity_entered_late_changes_nothing() -> None:
    quiet = {"within": "28 calendar days", "from": {"last": "activity"}, "escalate": {"manager": "at once"}}
    story = throughout({"quiet": quiet})
    story.do("act", "2025-09-10 11:00")
    story.wait("2025-10-09 10:00")
    story.do("act", "2025-09-05 10:00", entered="2025-10-10 10:00")
    assert (story.closed(), set(story.case.clocks)) == ([], {"quiet#1"})
    assert story.wait("2025-10-11 10:00") == (), "no rung fires twice"


def test_the_first_known_of_a_list_of_moments_counts_and_takes_over() -> None:
    """S7: the limit follows the actual release; the timer of the planned one is gone."""
    clock = {"within": "21 calendar days", "from": [{"fact": "actual"}, {"fact": "planned"}],
             "met_by": {"taking": "act"}, "escalate": {"manager": "at once"}}  # fmt: skip
    story = throughout({"limit": clock}, "actual", "planned")
    story.do("tell_planned", "2025-09-01 11:00", planned="2026-05-22")
    assert due(story) == {"limit#1": local("2026-06-12 23:59:59")}
    story.do("tell_actual", "2025-09-01 12:00", actual="2026-05-20")
    assert due(story) == {"limit#2": local("2026-06-10 23:59:59")}
    story.do("tell_planned", "2025-09-01 13:00", planned="2026-05-25")
    assert due(story) == {"limit#2": local("2026-06-10 23:59:59")}, "what is preferred is known"


def test_a_met_clock_does_not_start_again_by_a_moment_that_matters_less() -> None:
    clock = {"within": "2 working days", "from": [{"taking": "also"}, {"taking": "act"}],
             "met_by": {"taking": "meet"}, "escalate": {"manager": "at once"}}  # fmt: skip
    story = Story(
        pathway(
            phases=one_step(),
            throughout={"clocks": {"limit": clock}, "actions": {"act": {}, "also": {}, "meet": {}}},
        )
    )
    story.do("also", "2025-09-01 11:00")
    story.do("meet", "2025-09-01 12:00")
    story.do("act", "2025-09-01 13:00")
    assert story.case.clocks == {}


def test_a_date_given_anew_moves_its_clock() -> None:
    clock = {
        "within": "1 week",
        "from": {"fact": "planned"},
        "met_by": {"taking": "act"},
        "escalate": {"manager": "at once"},
    }
    story = throughout({"limit": clock}, "planned")
    story.do("tell_planned", "2025-09-01 11:00", planned="2025-10-01")
    story.do("tell_planned", "2025-09-02 11:00", planned="2025-11-01")
    assert due(story) == {"limit#2": local("2025-11-08 23:59:59")}


def test_seventy_two_hours_are_counted_from_the_date_and_time_of_an_answer() -> None:
    """72h: seen within 72 hours of leaving a psychiatric ward, here across the clock change of October."""
    clock = {"within": "72 hours", "from": {"fact": "back_on"}, "met_by": {"answering": "attendance", "is": "seen"},
             "escalate": {"worker": "at once", "manager": "after 1 hour"}}  # fmt: skip
    story = throughout({"seen": clock}, "back_on", "attendance")
    story.do("tell_back_on", "2025-10-25 09:00", back_on="2025-10-24 10:00")
    assert due(story) == {"seen#1": local("2025-10-27 09:00")}
    story.wait("2025-10-27 12:00")
    assert story.told() == [("worker", local("2025-10-27 09:00")), ("manager", local("2025-10-27 10:00"))]


def test_the_condition_of_a_clock_is_judged_once_when_it_would_start() -> None:
    facts = {"ward": {"ask": "A ward?", "answer": "yes or no"}}
    clock = {"within": "1 hour", "from": {"taking": "act"}, "when": {"fact": "ward", "is": "yes"},
             "met_by": {"taking": "also"}, "escalate": {"manager": "at once"}}  # fmt: skip
    actions: dict[str, Any] = {"act": {}, "also": {}, "say": {"asks": "ward"}}
    story = Story(pathway(phases=one_step(), facts=facts, throughout={"clocks": {"seen": clock}, "actions": actions}))
    story.do("act", "2025-09-01 11:00")
    assert story.case.clocks == {}
    story.do("say", "2025-09-01 11:10", ward=True)
    story.do("act", "2025-09-01 11:20")
    story.do("say", "2025-09-01 11:30", ward=False)
    assert set(story.case.clocks) == {"seen#1"}


REVIEW = {"every": "12 weeks", "next_from": "planned", "met_by": {"taking": "act"}, "escalate": {"manager": "at once"}}


@pytest.mark.parametrize("all_at_once", [True, False])
def test_clocks_due_together_fire_by_time_then_name_whether_in_time_or_after_a_stoppage(all_at_once: bool) -> None:
    escalate = {"manager": "at once"}
    clocks = {
        "bravo": {"within": "2 hours", "met_by": {"taking": "act"}, "escalate": escalate},
        "alpha": {"within": "2 hours", "met_by": {"taking": "act"}, "escalate": escalate},
        "zulu": {"at_least": "2 hours"},
        "early": {"within": "1 hour", "met_by": {"taking": "act"}, "escalate": escalate},
    }
    story = throughout(clocks)
    for until in (
        ["2025-09-02 10:00"] if all_at_once else ["2025-09-01 11:00:01", "2025-09-01 12:00", "2025-09-01 12:00:01"]
    ):
        story.wait(until)
    events = [step.event for step in story.steps[1:]]
    assert [event.turn for event in events if isinstance(event, ClockCameDue)] == [
        "early#1",
        "zulu#1",
        "alpha#1",
        "bravo#1",
    ]


def test_rungs_that_fell_due_during_a_stoppage_keep_both_times() -> None:
    story = Story(pathway(phases=one_step({"finish": {"go_to": "done"}}, deadline=DEADLINE)))
    steps = story.wait("2025-09-20 10:00")
    assert [(step.event.at, step.entered) for step in steps] == [
        (local(f"2025-09-0{day} 17:00"), local("2025-09-20 10:00")) for day in (3, 4, 5)
    ]


def test_a_clock_counts_for_an_event_only_after_those_due_before_it() -> None:
    """An action that arrives together with an expired clock finds the clock settled."""
    actions = {"late_only": {"needs": [{"clock": "start", "is": "missed"}]}}
    story = Story(pathway(phases=one_step(actions, deadline=DEADLINE)))
    assert codes(story.refused("late_only", "2025-09-03 17:00")) == {("needs", "start")}
    story.do("late_only", "2025-09-03 17:00:01")
    assert [step.event.kind for step in story.steps[1:]] == ["clock came due", "action taken"]


def test_no_clock_runs_in_a_case_that_has_ended() -> None:
    phases = {
        "first": {
            "clocks": {
                "quiet": {"within": "1 week", "from": {"last": "activity"}, "escalate": {"manager": "at once"}},
                "review": REVIEW | {"met_by": {"taking": "finish"}},
            },
            "steps": {
                "start": {"owner": "worker", "actions": {"finish": {"go_to": "done"}}},
                "done": {"owner": "worker", "ends": "completed"},
            },
        },
    }
    story = Story(pathway(phases=phases))
    story.do("finish", "2025-09-02 10:00")
    assert (story.case.outcome, story.case.clocks, next_wake(story.case)) == ("completed", {}, None)


def test_a_dated_fact_in_the_step_that_asks_for_it_starts_one_turn() -> None:
    """ICoN: the follow-up is booked in the event that enters the step whose deadline counts from the booking."""
    facts = {"review_at": {"ask": "When?", "answer": "date and time", "repeats": "yes"}}
    phases = one_step({"book": {"asks": "review_at", "go_to": "booked"}})
    phases["first"]["steps"]["booked"] = {
        "owner": "worker",
        "deadline": {"within": "2 working days", "from": {"fact": "review_at"}, "escalate": {"manager": "at once"}},
        "actions": {"back": {"go_to": "start"}},
    }
    story = Story(pathway(phases=phases, facts=facts))
    story.do("book", "2025-09-01 11:00", review_at="2025-09-10 14:00")
    assert due(story) == {"booked#1": local("2025-09-12 17:00")}
    story.do("back", "2025-09-02 11:00")
    story.do("book", "2025-09-02 12:00", review_at="2025-09-11 14:00")
    assert due(story) == {"booked#2": local("2025-09-15 17:00")}


def test_a_moment_entered_late_may_have_been_answered_by_what_was_entered_before() -> None:
    """A miss of Tuesday is entered on Thursday; the call of Wednesday was entered at once."""
    clock = {
        "reach": {"within": "1 working day", "from": {"answering": "attendance", "is": "missed"},
                  "met_by": {"taking": "act"}, "escalate": {"manager": "at once"}},
    }  # fmt: skip
    story = throughout(clock, "attendance")
    story.do("act", "2025-09-03 10:00")
    story.do("tell_attendance", "2025-09-02 10:00", entered="2025-09-04 18:00", attendance="missed")
    assert (story.case.clocks, story.told()) == ({}, [])


def test_what_is_in_force_throughout_ends_with_the_case() -> None:
    clock = {
        "within": "1 hour",
        "from": {"taking": "act"},
        "met_by": {"taking": "also"},
        "escalate": {"manager": "at once"},
    }
    story = throughout({"limit": clock})
    story.do("act", "2025-09-01 11:00")
    story.wait("2025-09-01 13:00")
    story.do("finish", "2025-09-01 14:00")
    assert (story.case.clocks, story.jobs, story.closed()) == ({}, set(), ["no longer needed"])


def test_a_deadline_beyond_a_hard_limit_is_flagged_until_the_limit_is_met() -> None:
    """Rebooked after the limit: kept or not, it would be too late (S4)."""
    late = {"manager": "at once"}
    clocks: dict[str, Any] = {
        "limit": {"within": "21 calendar days", "hard_limit": "yes", "met_by": {"taking": "see"}, "escalate": late},
        "soon": {"within": "20 calendar days", "met_by": {"taking": "see"}, "escalate": late},
        "seen": {"within": "2 working days", "from": {"taking": "book"}, "met_by": {"taking": "see"}, "escalate": late},
    }
    story = Story(pathway(phases=one_step({"book": {}, "see": {}}, clocks=clocks)), "2026-03-16 10:00")
    story.do("book", "2026-04-02 10:00")
    # Good Friday, Easter Monday: two working days end on Wed 8 Apr, two days after the limit.
    assert beyond_limits(story.pathway, story.case) == {"seen#1"}
    story.do("see", "2026-04-06 10:00")
    assert beyond_limits(story.pathway, story.case) == frozenset()
