from typing import Any

from pathway_model.effects import EndCase, OpenLinkedCase
from pathway_model.events import InterruptRaised
from tests.unit.core.definitions import Story, codes, local, one_step, pathway

RISK: dict[str, Any] = {
    "title": "Somebody is worried",
    "raised_by": "anyone",
    "asks": ["worry"],
    "many": "yes",
    "steps": {
        "risk_raised": {
            "owner": "senior",
            "job_for": "senior",
            "deadline": {"within": "1 hour", "escalate": {"senior": "at once", "manager": "after 1 hour"}},
            "actions": {"respond": {"go_to": "risk_in_hand"}},
        },
        "risk_in_hand": {
            "owner": "senior",
            "deadline": {"within": "24 hours", "escalate": {"manager": "at once"}},
            "actions": {"end_risk": {"go_to": "back"}},
        },
    },
}
MOVED: dict[str, Any] = {
    "raised_by": ["owner", "manager"],
    "requests": ["elsewhere"],
    "moves_by_itself": {"when": {"handovers": "elsewhere", "are": "accepted"}, "go_to": "moved"},
}
ELSEWHERE: dict[str, Any] = {
    "to": "receiver",
    "passes": "case",
    "may_decline_for": ["no_room_now"],
    "receive": {"within": "2 working days", "escalate": {"their_manager": "at once"}},
    "decide": {"within": "5 working days", "escalate": {"their_manager": "at once"}},
}


def story() -> Story:
    phases = one_step({"note": {}, "finish": {"go_to": "done"}})
    phases["first"]["strands"] = {"health": {"owner": "manager", "finishes_when": "Health"}}
    phases["first"]["interrupts"] = {"argument": {"raised_by": "worker", "job_for": "manager"}}
    phases["last"]["steps"] |= {
        "dead": {"owner": "manager", "ends": "died", "sends": ["bye"]},
        "moved": {"owner": "unchanged", "ends": "moved away"},
        "waiting": {"owner": "worker"},
    }
    throughout = {
        "interrupts": {
            "risk": RISK,
            "died": {"raised_by": "anyone", "stops_notices": "yes", "job_for": "manager", "go_to": "dead"},
            "moved_away": MOVED,
            "again": {"raised_by": "anyone", "opens": "linked case"},
        },
        "handovers": {"elsewhere": ELSEWHERE},
        "actions": {"write": {"sends": ["bye"]}, "stop": {"ends_strands": "yes", "go_to": "waiting"}},
    }
    facts = {"worry": {"ask": "What is it?", "answer": "text", "personal": "yes", "repeats": "yes"}}
    notices = {"bye": {"to": "person", "text": "Bye"}}
    return Story(pathway(phases=phases, facts=facts, notices=notices, throughout=throughout), began="2026-02-01 10:00")


def test_risk_is_told_by_the_hour_day_and_night() -> None:
    """S5: raised 23:10; the clinician again at 00:10, the manager at 01:10."""
    case = story()
    case.interrupt("risk", "2026-02-01 23:10", by="gp", worry="answered")
    case.wait("2026-02-02 09:00")
    assert case.told() == [
        ("senior", local("2026-02-01 23:10")),
        ("senior", local("2026-02-02 00:10")),
        ("manager", local("2026-02-02 01:10")),
    ]


def test_an_interrupt_goes_from_step_to_step_and_leaves_every_strand_where_it_was() -> None:
    case = story()
    before = case.case.strands
    case.interrupt("risk", "2026-02-01 23:10", by="gp", worry="answered")
    case.do("respond", "2026-02-01 23:30", by="senior")
    assert (case.at["risk"], set(case.case.clocks)) == ("risk_in_hand", {"risk_in_hand#1"})
    assert case.closed() == ["done"], "the job of the step is done with it"
    case.do("end_risk", "2026-02-02 10:00", by="senior")
    assert (case.case.strands, case.case.clocks, case.jobs) == (before, {}, set())


def test_many_are_open_side_by_side_each_with_its_own_clock_and_its_own_way_back() -> None:
    case = story()
    case.interrupt("risk", "2026-02-01 12:00", worry="answered")
    case.interrupt("risk", "2026-02-01 12:30", worry="answered")
    assert {key: case.turn(key).strand for key in case.case.clocks} == {
        "risk_raised#1": "risk",
        "risk_raised#2": "risk-2",
    }
    assert {about for _, about in case.jobs} == {"risk_raised", "risk-2 risk_raised"}
    case.do("respond", "2026-02-01 12:40", by="senior", strand="risk-2")
    assert case.at == {"main": "start", "health": "health_in_progress", "risk": "risk_raised", "risk-2": "risk_in_hand"}
    case.do("end_risk", "2026-02-01 12:50", by="senior")
    assert set(case.at) == {"main", "health", "risk"}
    case.interrupt("risk", "2026-02-01 13:00", worry="answered")
    assert set(case.at) == {"main", "health", "risk", "risk-2"}


def test_a_clock_met_in_one_of_many_stays_in_the_other() -> None:
    answered = {
        "risk_answered": {"within": "1 hour", "met_by": {"taking": "answer"}, "escalate": {"manager": "at once"}}
    }
    risk = {"raised_by": "anyone", "many": "yes", "steps": {"risk_raised": {"owner": "senior", "clocks": answered,
            "actions": {"answer": {}, "end_risk": {"go_to": "back"}}}}}  # fmt: skip
    case = Story(pathway(phases=one_step(), throughout={"interrupts": {"risk": risk}}))
    case.interrupt("risk", "2025-09-01 12:00")
    case.interrupt("risk", "2025-09-01 12:00")
    case.do("answer", "2025-09-01 12:10", by="senior", strand="risk-2")
    assert set(case.case.clocks) == {"risk_answered#1"}


def test_an_action_may_not_complete_a_case_while_an_interrupt_is_open() -> None:
    case = story()
    case.do("finish_health", "2026-02-01 11:00", by="manager")
    case.interrupt("risk", "2026-02-01 12:00", worry="answered")
    assert codes(case.refused("finish", "2026-02-01 12:10")) == {("interrupt_open", "risk")}
    case.do("note", "2026-02-01 12:10")
    case.do("respond", "2026-02-01 12:20", by="senior")
    case.do("end_risk", "2026-02-01 12:30", by="senior")
    case.do("finish", "2026-02-01 12:40")


def test_a_death_ends_everything_and_stops_what_goes_out() -> None:
    case = story()
    case.interrupt("risk", "2026-02-01 12:00", worry="answered")
    case.interrupt("moved_away", "2026-02-01 12:10")
    case.interrupt("died", "2026-02-01 11:00", by="gp", entered="2026-02-01 13:00")
    assert (case.case.outcome, case.at, case.case.clocks) == ("died", {}, {})
    assert case.case.strands["main"].owner == "manager"
    assert case.withheld() == [("bye", "person", "notices stopped")]
    assert ("manager", "died") in case.jobs
    assert [effect for effect in case.last.effects if isinstance(effect, EndCase)] == [
        EndCase(id="4-end", outcome="died")
    ]


def test_after_the_end_nothing_is_done_but_a_new_referral_opens_a_linked_case() -> None:
    case = story()
    case.interrupt("died", "2026-02-01 11:00", by="gp")
    assert codes(case.refused("note", "2026-02-01 12:00")) == {("ended", "died")}
    again = InterruptRaised(at=local("2026-02-01 12:00"), by="gp", interrupt="died")
    assert codes(case.refuse(again)) == {("ended", "died")}
    case.interrupt("again", "2026-02-02 11:00", by="gp")
    assert case.last.effects == (OpenLinkedCase(id="3-again", interrupt="again"),)


def test_a_new_referral_while_the_case_is_open_is_work_for_its_owner() -> None:
    case = story()
    case.interrupt("again", "2026-02-02 11:00", by="gp")
    assert ("worker", "again") in case.jobs
    assert not any(isinstance(effect, OpenLinkedCase) for effect in case.last.effects)


def test_somebody_who_moves_away_is_held_until_the_new_area_accepts() -> None:
    case = story()
    case.interrupt("moved_away", "2026-02-02 10:00")
    assert case.at["moved_away"] == "moved_away"
    case.do("note", "2026-02-03 10:00")
    case.handover("elsewhere", "decline", "2026-02-03 11:00", reason="no_room_now", alternative="others")
    assert case.case.outcome is None
    case.interrupt("moved_away", "2026-02-04 10:00")
    assert case.case.handovers["elsewhere"].status == "declined", "raised again while open, it only adds its answers"


def test_the_case_ends_by_itself_when_the_new_area_has_accepted() -> None:
    case = story()
    case.interrupt("moved_away", "2026-02-02 10:00")
    case.handover("elsewhere", "accept", "2026-02-05 10:00")
    assert (case.case.outcome, case.at) == ("moved away", {})
    assert case.case.strands["main"].owner == "receiver"


def test_an_interrupt_of_a_phase_is_accepted_in_its_steps_only() -> None:
    case = story()
    case.interrupt("argument", "2026-02-02 10:00")
    assert ("manager", "argument") in case.jobs
    case.do("stop", "2026-02-02 11:00")
    raised = InterruptRaised(at=local("2026-02-02 12:00"), by="worker", interrupt="argument")
    assert codes(case.refuse(raised)) == {("not_here", "argument")}


def test_what_an_interrupt_needs_is_asked_and_who_may_raise_it_is_said() -> None:
    case = story()
    risk = InterruptRaised(at=local("2026-02-02 12:00"), by="gp", interrupt="risk")
    assert codes(case.refuse(risk)) == {("missing_answer", "worry")}
    moved = InterruptRaised(at=local("2026-02-02 12:00"), by="senior", interrupt="moved_away")
    (reason,) = case.refuse(moved)
    assert (reason.code, reason.who) == ("not_yours", ("worker", "manager"))
    unknown = InterruptRaised(at=local("2026-02-02 12:00"), by="senior", interrupt="earthquake")
    assert codes(case.refuse(unknown)) == {("no_such_name", "earthquake")}


def test_an_interrupts_own_action_may_lead_to_a_step_of_the_phases_if_that_may_be_entered() -> None:
    crisis = {"raised_by": "anyone", "steps": {"in_crisis": {"owner": "senior", "actions": {
        "move_on": {"ends_strands": "yes", "go_to": "elsewhere"}, "give_up": {"go_to": "elsewhere"}}}}}  # fmt: skip
    phases = one_step()
    phases["first"]["strands"] = {"health": {"owner": "manager", "finishes_when": "Health"}}
    phases["last"]["steps"] = {"elsewhere": {"owner": "manager"}} | phases["last"]["steps"]
    case = Story(pathway(phases=phases, throughout={"interrupts": {"crisis": crisis}}))
    case.interrupt("crisis", "2025-09-01 12:00")
    assert codes(case.refused("give_up", "2025-09-01 13:00", by="senior")) == {("strand_unfinished", "health")}
    case.do("move_on", "2025-09-01 13:00", by="senior")
    assert case.at == {"main": "elsewhere"}


def test_an_interrupt_of_a_phase_closes_when_the_phase_is_left() -> None:
    steps = {"arguing": {"owner": "senior", "actions": {"settle": {"go_to": "back"}}}}
    phases = one_step({"move_on": {"go_to": "elsewhere"}})
    phases["first"]["interrupts"] = {"argument": {"raised_by": "anyone", "steps": steps}}
    phases["last"]["steps"] = {"elsewhere": {"owner": "worker"}} | phases["last"]["steps"]
    case = Story(pathway(phases=phases))
    case.interrupt("argument", "2025-09-01 12:00")
    assert case.at == {"main": "start", "argument": "arguing"}
    case.do("move_on", "2025-09-01 13:00")
    assert case.at == {"main": "elsewhere"}


def test_a_worry_that_is_open_when_another_area_takes_over_stays_somebodys_job() -> None:
    """The case may end, the worry may not vanish with it."""
    case = story()
    case.interrupt("moved_away", "2026-02-02 10:00")
    case.interrupt("risk", "2026-02-03 10:00", worry="answered")
    case.handover("elsewhere", "accept", "2026-02-03 10:30")
    assert case.case.outcome == "moved away"
    assert case.jobs == {("senior", "ended with risk")}


def test_a_death_leaves_the_managers_job_alone() -> None:
    case = story()
    case.interrupt("risk", "2026-02-03 10:00", worry="answered")
    case.interrupt("died", "2026-02-03 10:30")
    assert case.jobs == {("manager", "died")}
