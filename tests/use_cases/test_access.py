"""Who sees what of a case, and may do what: one table, read from left to right."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine

from pathway_model.language.names import CaseId
from records import audit
from records.engine import reading
from records.scope import SYSTEM
from tests.use_cases.conftest import NOWHERE, Desks
from tests.use_cases.journey import hand_over, refer_robin
from use_cases.accounts import viewer_of
from use_cases.answer_handover import answer_handover
from use_cases.desk import Desk
from use_cases.errors import NotAllowedError, NotFoundError
from use_cases.list_cases import Caseload, list_cases
from use_cases.outcomes import Done, Outcome
from use_cases.perform import Asked
from use_cases.raise_interrupt import raise_interrupt
from use_cases.see_case import see_case
from use_cases.take_action import take_action


@dataclass(frozen=True)
class Row:
    """What one role meets while two handovers wait: the person consented to tell the recovery service only."""

    role: str
    sees: str
    listed: str
    answers: frozenset[str]
    does: frozenset[str]


CLINICAL = frozenset({"reason", "substances", "findings", "wellbeing", "early_reason"})
PLAN = frozenset({"life_goals", "plan_agreed", "receivers"})
RISK = frozenset({"worry"})
NONE: frozenset[str] = frozenset()

TABLE = (
    # role                         sees        in the list  answers                 does, of what is tried
    Row("keyworker",               "whole",    "Robin Ash", CLINICAL | PLAN | RISK, frozenset({"attempt", "risk"})),
    Row("team_manager",            "whole",    "Robin Ash", CLINICAL | PLAN | RISK, frozenset({"risk"})),
    Row("duty_coordinator",        "whole",    "Robin Ash", CLINICAL | PLAN | RISK, frozenset({"risk"})),
    Row("recovery_receiver",       "covered",  "Robin Ash", CLINICAL | PLAN,        frozenset({"risk", "receive"})),
    Row("recovery_manager",        "covered",  "Robin Ash", CLINICAL | PLAN,        frozenset({"risk", "receive"})),
    Row("mental_health_receiver",  "handover", "no name",   NONE,                   frozenset({"risk"})),
    Row("mental_health_manager",   "handover", "no name",   NONE,                   frozenset({"risk"})),
    Row("new_area_receiver",       "nothing",  "not there", NONE,                   NONE),
)  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.role)
async def test_each_role_sees_and_does_what_the_table_says(at_desk: Desks, row: Row) -> None:
    case = await hand_over(at_desk)
    desk = at_desk(row.role)
    assert _listed(desk) == row.listed
    assert _seen(desk, case) == (row.sees, row.answers)
    asked = Asked(case=case, by=row.role)
    tried: dict[str, Callable[[], Awaitable[Outcome]]] = {
        "attempt": lambda: take_action(desk, asked, "record_attempt", {"attempt": "phone"}),
        "risk": lambda: raise_interrupt(desk, asked, "risk", {"worry": "Not seen"}),
        "receive": lambda: answer_handover(desk, asked, "recovery_handover", "receive"),
    }
    assert {name for name, attempt in tried.items() if await _is_done(attempt())} == row.does


def _listed(desk: Desk) -> str:
    lines = list_cases(desk, Caseload())
    return (lines[0].person or "no name") if lines else "not there"


def _seen(desk: Desk, case: CaseId) -> tuple[str, frozenset[str]]:
    try:
        view = see_case(desk, case)
    except NotFoundError:
        return "nothing", frozenset()
    assert bool(view.timeline) == bool(view.contacts) == bool(view.consents) == bool(view.due) == view.whole
    sees = "whole" if view.whole else "covered" if view.person else "handover"
    return sees, frozenset(answer.fact for answer in view.answers)


async def _is_done(outcome: Awaitable[Outcome]) -> bool:
    try:
        return isinstance(await outcome, Done)
    except NotFoundError:
        return False


async def test_a_case_that_is_hidden_and_one_that_is_not_there_are_told_in_the_same_words(at_desk: Desks) -> None:
    case = await refer_robin(at_desk)
    told = []
    for wanted in (case, NOWHERE):
        with pytest.raises(NotFoundError) as no:
            see_case(at_desk("recovery_receiver"), wanted)
        told.append(str(no.value).replace(wanted, "?"))
    assert told[0] == told[1]


async def test_the_job_of_answering_opens_no_more_than_consent_covers(at_desk: Desks) -> None:
    case = await hand_over(at_desk)
    view = see_case(at_desk("mental_health_receiver"), case)
    assert [handover.handover for handover in view.handovers] == ["mental_health_handover"]
    assert [job.role for job in view.jobs] == ["mental_health_receiver"]
    assert view.person is None
    assert "Secret" not in repr(view)


async def test_whoever_declined_has_no_business_with_the_person_any_more(at_desk: Desks) -> None:
    case = await hand_over(at_desk)
    desk = at_desk("recovery_receiver")
    asked = Asked(case=case, by="recovery_receiver")
    done = await answer_handover(
        desk, asked, "recovery_handover", "decline", reason="no_room_now", alternative="local_mental_health"
    )
    assert isinstance(done, Done)
    with pytest.raises(NotFoundError):
        see_case(desk, case)


async def test_nobody_acts_in_a_role_they_do_not_hold(at_desk: Desks) -> None:
    case = await refer_robin(at_desk)
    with pytest.raises(NotAllowedError, match="does not hold the role keyworker"):
        await take_action(at_desk("duty_coordinator"), Asked(case=case, by="keyworker"), "acknowledge", {})


async def test_somebody_with_several_roles_must_say_which(at_desk: Desks) -> None:
    case = await refer_robin(at_desk)
    with pytest.raises(NotAllowedError) as no:
        await take_action(at_desk("everybody"), Asked(case=case), "acknowledge", {})
    assert "keyworker" in no.value.mend


def test_an_unknown_account_is_named(records: Engine) -> None:
    with pytest.raises(NotAllowedError, match="There is no account `who`"):
        viewer_of(records, "who")


async def test_each_look_and_each_change_leaves_an_audit_row(at_desk: Desks, records: Engine) -> None:
    case = await refer_robin(at_desk)
    desk = at_desk("duty_coordinator")
    see_case(desk, case)
    list_cases(desk, Caseload())
    await take_action(desk, Asked(case=case, request="once"), "acknowledge", {})
    with reading(records) as session:
        of_case = [(row.kind, row.what) for row in audit.of_case(session, SYSTEM, case)]
        of_account = {(row.kind, row.what) for row in audit.of_account(session, desk.viewer.account)}
    assert sorted(of_case) == [("change", "action taken"), ("change", "referred"), ("look", "see_case")]
    assert ("look", "list_cases") in of_account


async def test_a_look_that_is_not_granted_leaves_none_and_shows_none(at_desk: Desks, records: Engine) -> None:
    case = await refer_robin(at_desk)
    desk = at_desk("recovery_receiver")
    with pytest.raises(NotFoundError):
        see_case(desk, case)
    with reading(records) as session:
        assert audit.of_account(session, desk.viewer.account) == ()
