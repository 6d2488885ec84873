"""A request id that comes back with something else in it is told so: what was said must not be lost unnoticed."""

from dataclasses import replace

import pytest

from handrail.acting import Words, act_on, read_contact
from pathway_model.language.names import CaseId
from records import contacts, facts
from records.engine import reading
from records.scope import SYSTEM
from tests.use_cases.conftest import Desks
from tests.use_cases.journey import ROBIN, refer_robin
from use_cases.errors import RequestReusedError
from use_cases.outcomes import Done
from use_cases.perform import Asked
from use_cases.refer import Referral, refer


async def _add(at_desk: Desks, case: CaseId, text: str) -> None:
    desk = at_desk("duty_coordinator")
    outcome = await act_on(desk, Asked(case=case, request="one"), Words(action="contact", contact=text))
    assert isinstance(outcome, Done)


def _names(at_desk: Desks, case: CaseId) -> list[str]:
    with reading(at_desk("duty_coordinator").records) as session:
        return [contact.name for contact in contacts.of_case(session, SYSTEM, case)]


async def test_other_words_under_the_same_request_are_not_lost_unnoticed(at_desk: Desks) -> None:
    case = await refer_robin(at_desk)
    asked = Asked(case=case, request="one")
    desk = at_desk("duty_coordinator")
    for _ in range(2):
        assert isinstance(await act_on(desk, asked, Words(action="risk", answers={"worry": "Not seen"})), Done)
    with pytest.raises(RequestReusedError):
        await act_on(desk, asked, Words(action="risk", answers={"worry": "Seen, and hurt"}))
    with reading(desk.records) as session:
        assert facts.latest(session, case)["worry"].value == "Not seen"


async def test_one_request_id_in_two_cases_adds_two_contacts(at_desk: Desks) -> None:
    robin = await refer_robin(at_desk)
    other = await refer(
        at_desk("duty_coordinator"), replace(ROBIN, name="Lee Oak", nhs_number=None, contacts=(), request="other")
    )
    assert other.case is not None
    await _add(at_desk, robin, "family_member=Sam <sam@example.org>")
    await _add(at_desk, other.case, "family_member=Kim <kim@example.org>")
    assert "Sam" in _names(at_desk, robin)
    assert _names(at_desk, other.case) == ["Kim"]


async def test_a_contact_is_not_replaced_by_a_repetition_with_another_address(at_desk: Desks) -> None:
    case = await refer_robin(at_desk)
    await _add(at_desk, case, "family_member=Sam <sam@example.org>")
    await _add(at_desk, case, "family_member=Sam <sam@example.org>")
    with pytest.raises(RequestReusedError):
        await _add(at_desk, case, "family_member=Eve <eve@example.org>")
    assert "Eve" not in _names(at_desk, case)


@pytest.mark.parametrize(
    "other",
    [
        replace(ROBIN, name="Lee Oak", nhs_number="9990057133"),
        replace(ROBIN, name="Lee Oak", nhs_number=None),
    ],
    ids=["another number", "another name"],
)
async def test_a_referral_of_somebody_else_is_not_answered_with_the_first_case(at_desk: Desks, other: Referral) -> None:
    await refer_robin(at_desk)
    with pytest.raises(RequestReusedError):
        await refer(at_desk("duty_coordinator"), other)


async def test_a_referral_without_the_number_that_it_came_with_is_the_same(at_desk: Desks) -> None:
    case = await refer_robin(at_desk)
    contacts_again = (read_contact("gp=Dr Lee <lee@example.org>"), read_contact("family_member=Sam Ash"))
    again = replace(ROBIN, nhs_number=None, contacts=contacts_again)
    assert (await refer(at_desk("duty_coordinator"), again)).case == case
