from typing import Any

import pytest

from pathway_model.events import HandoverAnswered, JobDone, StaffingChanged
from tests.unit.core.definitions import HandoverAnswer, Story, codes, local, pathway


def handover(to: str, manager: str, choice: str, passes: str = "health") -> dict[str, Any]:
    return {
        "to": to,
        "passes": passes,
        "carries": ["goals"],
        "when": {"fact": "receivers", "is": choice},
        "consent": "share",
        "may_decline_for": ["outside_our_area", "no_room_now"],
        "never_for": {"reasons": ["uses_substances"], "count": "exclusions", "job_for": ["manager", "senior"]},
        "receive": {"within": "2 working days", "escalate": {manager: "at once"}},
        "decide": {"within": "5 working days", "escalate": {manager: "at once", "manager": "at once"}},
    }


PARTS: dict[str, Any] = {
    "facts": {
        "receivers": {"ask": "Who?", "answer": ["them", "others"], "several": "yes", "repeats": "yes"},
        "goals": {"ask": "Goals?", "answer": "text", "personal": "yes"},
    },
    "consents": {"share": {"with": ["them", "others"], "purpose": "Handover", "covers": ["plan"]}},
    "counts": {"exclusions": {"title": "Excluded"}},
    "phases": {
        "support": {
            "steps": {
                "supporting": {
                    "owner": "worker",
                    "actions": {"end_support": {"ends_strands": "yes", "go_to": "asking"}},
                }
            },
            "strands": {"health": {"owner": "senior", "finishes_when": "Health"}},
        },
        "passing": {
            "handovers": {
                "to_them": handover("receiver", "their_manager", "them"),
                "to_others": handover("other_receiver", "other_manager", "others", passes="case"),
            },
            "steps": {
                "asking": {
                    "owner": "worker",
                    "actions": {
                        "ask": {"asks": "receivers", "requests": ["to_them", "to_others"],
                                "needs": {"consent": "share", "is": "asked"}},
                        "leave_alone": {"go_to": "after"},
                    },
                    "moves_by_itself": {"when": {"handovers": "passing", "are": "accepted"}, "go_to": "overlap"},
                },
                "overlap": {
                    "owner": "unchanged",
                    "clocks": {"four_weeks": {"at_least": "4 weeks", "from": {"accepted": "passing"}}},
                    "actions": {"finish": {"needs": {"clock": "four_weeks", "is": "reached"}, "go_to": "after"}},
                },
            },
        },
        "ending": {"steps": {"after": {"owner": "worker"}, "dead": {"owner": "manager", "ends": "died"}}},
    },
    "throughout": {"interrupts": {"died": {"raised_by": "anyone", "stops_notices": "yes", "go_to": "dead"}}},
}  # fmt: skip


def asking(began: str = "2025-12-01 10:00") -> Story:
    story = Story(pathway(**PARTS), began=began)
    story.do("end_support", began)
    return story


def asked(*receivers: str, at: str = "2025-12-18 10:00", consent: bool = True) -> Story:
    story = asking()
    for receiver in receivers:
        story.consent("share", receiver, "given" if consent else "refused", "2025-12-17 10:00")
    story.do("ask", at, receivers=receivers)
    return story


def status(story: Story) -> dict[str, str]:
    return {name: state.status for name, state in story.case.handovers.items()}


def test_only_those_that_are_wanted_are_requested_and_their_receivers_get_work() -> None:
    story = asked("them")
    assert status(story) == {"to_them": "requested"}
    assert story.jobs == {("receiver", "handover to_them")}
    assert {key: turn.due for key, turn in story.case.clocks.items()} == {
        "to_them_receive#1": local("2025-12-22 17:00"),
        "to_them_decide#1": local("2025-12-29 17:00"),
    }


def test_consent_is_needed_for_the_agencies_that_are_being_asked_and_no_others() -> None:
    story = asking()
    story.consent("share", "them", "asked", "2025-12-17 10:00")
    story.refused("ask", "2025-12-18 10:00", receivers=("them", "others"))
    (reason,) = story.refused("ask", "2025-12-18 10:00", receivers=("others",))
    assert (reason.name, reason.evidence) == ("share", "not yet for others")
    story.do("ask", "2025-12-18 10:00", receivers=("them",))


@pytest.mark.parametrize("given", [True, False])
def test_without_consent_a_handover_goes_without_content(given: bool) -> None:
    assert asked("them", consent=given).case.handovers["to_them"].with_content is given


def test_a_lost_handover_goes_up_its_ladders_while_the_sender_owns() -> None:
    """S2: not received by Monday 22nd, undecided on Monday 29th."""
    story = asked("them")
    story.wait("2026-01-05 10:00")
    assert story.told()[1:] == [
        ("their_manager", local("2025-12-22 17:00")),
        ("their_manager", local("2025-12-29 17:00")),
        ("manager", local("2025-12-29 17:00")),
    ]
    owners = {key: state.owner for key, state in story.case.strands.items()}
    assert owners == {"main": "worker", "health": "senior"}
    story.handover("to_them", "accept", "2026-01-06 10:00")
    assert set(story.closed()) == {"done late", "done"}
    assert story.case.strands["health"].owner == "receiver"


def test_accepting_in_time_but_entered_late_is_in_time() -> None:
    story = asked("them")
    story.wait("2026-01-05 10:00")
    story.handover("to_them", "accept", "2025-12-22 10:00", entered="2026-01-06 10:00")
    assert set(story.closed()) == {"entered late", "done"}


def test_receiving_meets_one_clock_and_the_decision_the_other() -> None:
    story = asked("them")
    story.handover("to_them", "receive", "2025-12-19 10:00", by="their_manager")
    assert set(story.case.clocks) == {"to_them_decide#1"}
    assert story.jobs == {("receiver", "handover to_them")}
    story.handover("to_them", "accept", "2025-12-22 10:00")
    assert (story.jobs, status(story)) == (set(), {"to_them": "accepted"})


def test_a_reason_that_is_never_allowed_is_counted_and_looked_into_and_moves_nothing() -> None:
    """S2, Q: "uses substances" is not a reason."""
    story = asked("them")
    before = story.case
    story.handover("to_them", "decline", "2025-12-19 10:00", reason="uses_substances")
    assert story.case.counts == {"exclusions": 1}
    assert story.case.handovers == before.handovers
    assert story.case.clocks == before.clocks
    assert story.jobs >= {("manager", "refused reason to_them"), ("senior", "refused reason to_them")}


def test_each_of_those_who_look_into_it_finishes_their_own_job() -> None:
    story = asked("them")
    story.handover("to_them", "decline", "2025-12-19 10:00", reason="uses_substances")
    (job,) = [key for key, job in story.case.jobs.items() if job.role == "manager"]
    story.play(JobDone(at=local("2025-12-19 11:00"), by="manager", job=job))
    assert story.jobs == {("receiver", "handover to_them"), ("senior", "refused reason to_them")}


def decline(reason: str | None, alternative: str | None) -> HandoverAnswered:
    return HandoverAnswered(
        at=local("2025-12-19 10:00"), by="receiver", handover="to_them", answer="decline", reason=reason,
        alternative=alternative,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "alternative", "missing"),
    [
        (None, None, {("wrong_answer", "reason"), ("missing_answer", "alternative")}),
        ("no_room_now", None, {("missing_answer", "alternative")}),
        ("we_do_not_like_it", "others", {("wrong_answer", "reason")}),
        ("no_room_now", "Ring her sister", {("wrong_answer", "alternative")}),
    ],
)
def test_declining_needs_a_reason_and_an_alternative(
    reason: str | None, alternative: str | None, missing: set[tuple[str, str]]
) -> None:
    assert codes(asked("them").refuse(decline(reason, alternative))) == missing


def test_after_a_decline_the_sender_owns_is_told_and_requests_again() -> None:
    story = asked("them")
    story.handover("to_them", "decline", "2025-12-19 10:00", reason="no_room_now", alternative="others")
    assert story.jobs == {("worker", "handover to_them")}
    assert story.case.clocks == {}
    state = story.case.handovers["to_them"]
    assert (state.status, state.reason, state.alternative) == ("declined", "no_room_now", "others")
    story.do("ask", "2025-12-22 10:00", receivers=("them",))
    assert story.case.handovers["to_them"].turn == 2
    assert story.jobs == {("receiver", "handover to_them")}
    assert set(story.case.clocks) == {"to_them_receive#2", "to_them_decide#2"}


def test_requesting_again_leaves_pending_and_accepted_ones_alone() -> None:
    story = asked("them", "others")
    story.handover("to_them", "accept", "2025-12-19 10:00")
    before = story.case.handovers
    story.do("ask", "2025-12-20 10:00", receivers=("them", "others"))
    assert story.case.handovers == before


@pytest.mark.parametrize("first", ["pending", "declined"])
def test_one_that_is_no_longer_wanted_is_withdrawn_and_holds_nothing_up(first: str) -> None:
    """The others were accepted already: the case goes on, and what counts from the last acceptance counts from it."""
    story = asked("them", "others")
    story.handover("to_them", "accept", "2025-12-19 10:00")
    if first == "declined":
        story.handover(
            "to_others", "decline", "2025-12-20 10:00", by="other_receiver", reason="no_room_now", alternative="others"
        )
    assert story.at["main"] == "asking"
    story.do("ask", "2025-12-22 10:00", receivers=("them",))
    assert status(story) == {"to_them": "accepted", "to_others": "withdrawn"}
    assert story.at["main"] == "overlap"
    assert story.turn("four_weeks#1").due == local("2026-01-16 00:00")
    assert story.jobs == set()


def test_the_last_acceptance_counts_in_whichever_order_they_were_entered() -> None:
    """S1: two receivers accept on the 6th and 9th, the overlap starts on the 9th."""
    story = asked("them", "others", at="2026-03-02 10:00")
    story.handover("to_others", "accept", "2026-03-09 10:00", by="other_receiver")
    assert story.at["main"] == "asking"
    story.handover("to_them", "accept", "2026-03-06 10:00", entered="2026-03-09 12:00")
    assert story.turn("four_weeks#1").due == local("2026-04-06 00:00")


def test_passing_the_case_passes_every_strand() -> None:
    story = asked("others")
    story.handover("to_others", "accept", "2025-12-19 10:00", by="other_receiver")
    assert {state.owner for state in story.case.strands.values()} == {"other_receiver"}


def test_leaving_the_phase_is_refused_while_a_handover_is_pending() -> None:
    story = asked("them")
    (reason,) = story.refused("leave_alone", "2025-12-19 10:00")
    assert (reason.code, reason.evidence, reason.who) == ("handover_pending", "requested", ("receiver",))
    story.handover("to_them", "withdraw", "2025-12-19 10:00", by="worker")
    assert (status(story), story.jobs, story.case.clocks) == ({"to_them": "withdrawn"}, set(), {})
    story.do("leave_alone", "2025-12-19 11:00")


def test_a_declined_handover_leaves_no_work_behind_when_its_phase_is_left() -> None:
    story = asked("them")
    story.handover("to_them", "decline", "2025-12-19 10:00", reason="no_room_now", alternative="others")
    story.do("leave_alone", "2025-12-19 11:00")
    assert story.jobs == set()


def test_an_interrupt_that_ends_the_case_withdraws_and_tells_the_receiver() -> None:
    story = asked("them")
    story.interrupt("died", "2025-12-19 10:00", by="gp")
    assert (status(story), story.case.outcome) == ({"to_them": "withdrawn"}, "died")
    assert ("receiver", "withdrawn to_them") in story.jobs


def answered(answer: HandoverAnswer, by: str = "receiver", at: str = "2025-12-19 10:00") -> HandoverAnswered:
    return HandoverAnswered(at=local(at), by=by, handover="to_them", answer=answer)


def test_only_the_receiving_agency_answers_and_only_the_sender_withdraws() -> None:
    story = asked("them")
    assert codes(story.refuse(answered("accept", by="worker"))) == {("not_yours", "worker")}
    assert codes(story.refuse(answered("accept", by="other_receiver"))) == {("not_yours", "other_receiver")}
    assert codes(story.refuse(answered("withdraw"))) == {("not_yours", "receiver")}


def test_what_cannot_be_answered_is_refused() -> None:
    assert codes(asking().refuse(answered("accept"))) == {("not_here", "to_them")}
    story = asked("them")
    assert codes(story.refuse(answered("begin"))) == {("not_here", "to_them")}
    early = answered("accept", at="2025-12-18 09:00")
    assert codes(story.refuse(early)) == {("before_entry", "to_them")}
    unknown = HandoverAnswered(at=local("2025-12-19 10:00"), by="receiver", handover="to_nobody", answer="accept")
    assert codes(story.refuse(unknown)) == {("no_such_name", "to_nobody")}


def test_nobody_can_accept_for_a_role_that_nobody_has() -> None:
    story = asked("them")
    story.play(StaffingChanged(at=local("2025-12-18 11:00"), role="receiver", somebody=False))
    assert codes(story.refuse(answered("accept", by="their_manager"))) == {("nobody_in_role", "receiver")}


def test_the_receiver_begins_and_completes_even_after_the_sender_has_closed() -> None:
    story = asked("them")
    story.handover("to_them", "accept", "2025-12-19 10:00")
    story.interrupt("died", "2025-12-20 10:00", by="gp")
    story.handover("to_them", "begin", "2025-12-21 10:00")
    story.handover("to_them", "complete", "2025-12-22 10:00")
    assert status(story) == {"to_them": "completed"}


def test_the_clocks_of_a_handover_go_on_while_support_is_paused_and_it_may_be_answered() -> None:
    pause = {
        "raised_by": "anyone",
        "suspends": "everything",
        "steps": {"paused": {"owner": "unchanged", "actions": {"end_pause": {"go_to": "back"}}}},
    }
    story = Story(pathway(**PARTS | {"throughout": {"interrupts": {"pause": pause}}}), began="2025-12-01 10:00")
    story.do("end_support", "2025-12-01 10:00")
    story.consent("share", "others", "given", "2025-12-17 10:00")
    story.do("ask", "2025-12-18 10:00", receivers=("others",))
    story.interrupt("pause", "2025-12-19 10:00")
    story.wait("2025-12-23 10:00")
    assert ("other_manager", "to_others_receive#1") in story.jobs
    story.handover("to_others", "accept", "2025-12-24 10:00", by="other_receiver")
    assert story.at == {"main": "asking", "pause": "paused"}, "nothing moves by itself meanwhile"
    assert story.case.strands["pause"].owner == "other_receiver", "whoever owns the case holds its pause"
    story.do("end_pause", "2026-01-05 10:00", by="other_receiver")
    assert story.at == {"main": "overlap"}


def test_a_decline_is_made_good_by_the_alternative_or_by_asking_again() -> None:
    story = asked("them")
    (pending,) = [key for key, job in story.case.jobs.items() if job.role == "receiver"]
    early = JobDone(at=local("2025-12-19 09:00"), by="receiver", job=pending)
    assert codes(story.refuse(early)) == {("not_here", pending)}
    story.handover("to_them", "decline", "2025-12-19 10:00", reason="no_room_now", alternative="others")
    (job,) = story.case.jobs
    story.play(JobDone(at=local("2025-12-19 12:00"), by="worker", job=job))
    assert story.jobs == set()
