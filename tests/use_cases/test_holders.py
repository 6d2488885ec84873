"""An agency that is asked to take something over cannot let itself, or anybody else, see more of a case."""

import pytest

from handrail.acting import Words, act_on
from records import contacts
from records.engine import reading
from records.scope import SYSTEM
from tests.use_cases.conftest import Desks
from tests.use_cases.journey import hand_over
from use_cases.errors import NotAllowedError
from use_cases.outcomes import Done
from use_cases.perform import Asked
from use_cases.see_case import see_case

ENTERED = {
    "its own consent": Words(
        action="consent", consent="share_at_handover", party="local_mental_health", status="given"
    ),
    "consent to tell the family": Words(action="consent", consent="share_with_family", status="given"),
    "an answer": Words(action="correct", answers={"wellbeing": "14"}),
    "a contact": Words(action="contact", contact="family_member=Eve <eve@example.org>"),
}


@pytest.mark.parametrize("words", ENTERED.values(), ids=list(ENTERED))
@pytest.mark.parametrize("role", ["mental_health_receiver", "recovery_receiver"])
async def test_who_is_only_asked_enters_nothing_for_the_person(at_desk: Desks, role: str, words: Words) -> None:
    case = await hand_over(at_desk)
    before = see_case(at_desk("keyworker"), case)
    with pytest.raises(NotAllowedError, match="those who hold the case"):
        await act_on(at_desk(role), Asked(case=case, by=role), words)
    assert see_case(at_desk("keyworker"), case) == before
    with reading(at_desk("keyworker").records) as session:
        assert "Eve" not in [contact.name for contact in contacts.of_case(session, SYSTEM, case)]


@pytest.mark.parametrize("words", list(ENTERED.values())[1:], ids=list(ENTERED)[1:])
async def test_who_holds_the_case_enters_it(at_desk: Desks, words: Words) -> None:
    case = await hand_over(at_desk)
    assert isinstance(await act_on(at_desk("keyworker"), Asked(case=case, by="keyworker"), words), Done)
