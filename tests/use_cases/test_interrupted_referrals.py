"""A referral that was cut off between the records and Temporal bars nobody from being referred again."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from records import cases as case_records
from records import contacts
from records.engine import reading
from records.scope import SYSTEM
from tests.use_cases.conftest import Desks
from tests.use_cases.in_process import InProcessCases
from tests.use_cases.journey import ROBIN
from use_cases.errors import ConflictError
from use_cases.outcomes import Done, Refused
from use_cases.refer import refer
from use_cases.see_case import see_case
from workflows.messages import Answer, CaseStart, Request


class KilledError(BaseException):
    """As by a signal."""


@dataclass
class Killed(InProcessCases):
    """Whoever asks is killed before the case hears of it."""

    async def begin(self, start: CaseStart, request: Request) -> Answer:  # noqa: ARG002
        """Never come so far."""
        raise KilledError


async def test_somebody_whose_referral_was_cut_off_is_referred_by_another_request(
    at_desk: Desks, cases: InProcessCases
) -> None:
    desk = at_desk("duty_coordinator")
    with pytest.raises(KilledError):
        await refer(replace(desk, cases=Killed(records=cases.records, now=cases.now)), ROBIN)
    done = await refer(desk, replace(ROBIN, request="another", contacts=ROBIN.contacts[:1]))
    assert isinstance(done, Done)
    view = see_case(desk, done.case)
    assert view.person is not None
    assert view.person.name == ROBIN.name
    assert [contact.name for contact in view.contacts] == ["Dr Lee"]
    with reading(desk.records) as session:
        assert case_records.left_starting(session, cases.now + timedelta(days=1)) == ()
        assert len(contacts.of_case(session, SYSTEM, done.case)) == 3


async def test_the_referral_that_was_cut_off_may_still_be_sent_again(at_desk: Desks, cases: InProcessCases) -> None:
    desk = at_desk("duty_coordinator")
    with pytest.raises(KilledError):
        await refer(replace(desk, cases=Killed(records=cases.records, now=cases.now)), ROBIN)
    assert isinstance(await refer(desk, ROBIN), Done)
    with pytest.raises(ConflictError):
        await refer(desk, replace(ROBIN, request="another"))


async def test_a_clock_that_is_ahead_bars_nobody(at_desk: Desks) -> None:
    """The case's own clock refuses what has not happened yet, after the person was put on record."""
    desk = at_desk("duty_coordinator")
    ahead = replace(desk, now=desk.now + timedelta(seconds=2))
    assert isinstance(await refer(ahead, ROBIN), Refused)
    assert isinstance(await refer(desk, replace(ROBIN, request="another")), Done)


async def test_a_mistyped_number_does_not_take_over_the_case_of_another(at_desk: Desks, cases: InProcessCases) -> None:
    desk = at_desk("duty_coordinator")
    with pytest.raises(KilledError):
        await refer(replace(desk, cases=Killed(records=cases.records, now=cases.now)), ROBIN)
    with pytest.raises(ConflictError, match="another name"):
        await refer(desk, replace(ROBIN, name="Lee Oak", request="another"))
