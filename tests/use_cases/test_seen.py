"""What a case page needs besides the state: what follows, whom a ladder tells, what was sent, what has changed."""

from datetime import date, timedelta

import pytest

from handrail.acting import Words, act_on
from tests.use_cases.conftest import NOW, Desks
from tests.use_cases.in_process import InProcessCases
from tests.use_cases.journey import ROBIN, hand_over, refer_robin
from use_cases.case_view import CaseView
from use_cases.errors import AnswersError, MovedOnError
from use_cases.known_people import known_people
from use_cases.list_cases import Caseload, count_cases, list_cases
from use_cases.outcomes import Done
from use_cases.perform import Asked
from use_cases.see_case import see_case
from use_cases.watch import events_of, state_of_list


def follows(view: CaseView, name: str) -> tuple[str, ...]:
    """What the page says follows from an act."""
    return next(each.follows for each in (*view.can_do, *view.not_yet) if each.action == name)


async def test_what_follows_an_act_is_told_before_it_is_done(at_desk: Desks) -> None:
    """Where it moves to, who is written to, who must sign."""
    view = see_case(at_desk("keyworker"), await refer_robin(at_desk))
    assert follows(view, "acknowledge") == ("Sends a notice to the person and the referrer",)
    assert follows(view, "complete_referral") == ("Moves to Joint assessment",)
    assert follows(view, "pause")[-1] == "Everything else is held until it ends"
    assert follows(view, "died")[:2] == ("Moves to Closed died", "No further notice is sent to anybody")


async def test_a_deadline_says_whom_it_will_tell(at_desk: Desks) -> None:
    """Rung by rung, as long as it runs."""
    view = see_case(at_desk("keyworker"), await refer_robin(at_desk))
    due = next(each for each in view.due if each.title == "Acknowledgement due")
    assert [rung.roles for rung in due.rungs] == [("duty_coordinator",), ("team_manager",), ("service_manager",)]
    assert due.rungs[0].at == due.due


async def test_the_phases_say_where_the_case_has_been(at_desk: Desks) -> None:
    """Phases that only hold endings are none of them."""
    view = see_case(at_desk("keyworker"), await hand_over(at_desk))
    assert [(phase.title, phase.state) for phase in view.phases] == [
        ("Referral", "done"),
        ("Intervention", "done"),
        ("Transition", "here"),
        ("Follow up", "ahead"),
    ]


async def test_known_answers_are_there_for_forms_but_no_personal_ones(at_desk: Desks) -> None:
    """The words of a personal answer are never filled in."""
    view = see_case(at_desk("keyworker"), await hand_over(at_desk))
    known = {answer.fact: answer.question.latest for answer in view.answers}
    assert (known["wellbeing"], known["substances"], known["reason"]) == ("9", "alcohol", "")


async def test_a_late_clock_holds_up_no_risk(at_desk: Desks, cases: InProcessCases) -> None:
    """What is due is settled first, so the page offers it whether or not the clock has fired yet."""
    case = await refer_robin(at_desk)
    cases.now = NOW + timedelta(days=30)
    view = see_case(at_desk("keyworker"), case)
    assert {each.action for each in view.can_do if each.kind == "interrupt"} >= {"risk", "pause", "died"}


async def test_a_receiver_may_decline(at_desk: Desks) -> None:
    """With the reasons that are allowed, and those that never are."""
    view = see_case(at_desk("recovery_receiver"), await hand_over(at_desk))
    asked = next(each for each in view.can_do if each.kind == "handover")
    assert set(asked.answers) >= {"receive", "accept", "decline"}
    assert view.handovers[0].never_for == ("uses_substances", "has_a_mental_illness")


async def test_an_act_on_a_case_that_has_moved_on_does_nothing(at_desk: Desks) -> None:
    """Unless it has acted already: then it is answered as before."""
    case = await refer_robin(at_desk)
    desk = at_desk("duty_coordinator")
    asked = Asked(case=case, request="once", seen=1)
    assert isinstance(await act_on(desk, asked, Words(action="acknowledge")), Done)
    assert isinstance(await act_on(desk, asked, Words(action="acknowledge")), Done)
    with pytest.raises(MovedOnError):
        await act_on(desk, Asked(case=case, seen=1), Words(action="risk", answers={"worry": "Not seen"}))
    assert events_of(desk, case) == 2


async def test_each_answer_that_cannot_be_read_is_named(at_desk: Desks) -> None:
    """So that a form can say it at the field."""
    case = await refer_robin(at_desk)
    wrong = Words(action="complete_referral", answers={"reason": "Words", "substances": "tea"})
    with pytest.raises(AnswersError) as raised:
        await act_on(at_desk("duty_coordinator"), Asked(case=case), wrong)
    assert list(raised.value.answers) == ["substances"]


async def test_likely_duplicates_are_named_only_to_who_may_see_them(at_desk: Desks) -> None:
    """To another agency, somebody is known; not who."""
    await refer_robin(at_desk)
    wanted = {"name": ROBIN.name, "born": date(1988, 5, 4), "nhs_number": ROBIN.nhs_number}
    (seen,) = known_people(at_desk("duty_coordinator"), **wanted)  # type: ignore[arg-type] # the three of a referral
    (hidden,) = known_people(at_desk("recovery_receiver"), **wanted)  # type: ignore[arg-type] # the same
    assert (seen.name, len(seen.cases), seen.same) == ("Robin Ash", 1, "NHS number")
    assert (hidden.name, hidden.cases) == (None, ())


async def test_a_caseload_counts_what_presses_and_tells_when_it_changes(at_desk: Desks, cases: InProcessCases) -> None:
    """Of several roles, each case once."""
    mine = Caseload(owners=("duty_coordinator", "keyworker"))
    before = state_of_list(at_desk("keyworker"), mine)
    await refer_robin(at_desk)
    desk = at_desk("keyworker")
    assert state_of_list(desk, mine) != before
    assert len(list_cases(desk, mine)) == 1
    assert (count_cases(desk, mine).everything, count_cases(desk, mine).overdue) == (1, 0)
    cases.now = NOW + timedelta(days=3)
    assert count_cases(at_desk("keyworker"), mine).overdue == 1
