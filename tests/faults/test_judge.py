"""The judge finds what it is there to find: each kind of loss, repetition and invention, made by hand."""

import copy
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from pathway_model.advance import open_case, proceed
from pathway_model.language.names import CaseId
from pathway_model.outcome import Step
from tests.faults.journeys import JOURNEYS, Doing, icon
from tests.faults.judge import Evidence, findings
from tests.faults.place import now, place, referral
from tests.faults.travelling import Traveller


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def evidence() -> AsyncIterator[Evidence]:
    """What is known of a case that nothing happened to."""
    async with place("") as here:
        await here.worker()
        traveller = Traveller(here, here.add_case("calm", continue_after=60), JOURNEYS["to the overlap"])
        await traveller.travel()
        yield await traveller.judged()


def _row_lost(evidence: Evidence) -> None:
    del evidence.tables.events[5]


def _last_row_lost(evidence: Evidence) -> None:
    del evidence.tables.events[-1]


def _row_changed(evidence: Evidence) -> None:
    evidence.tables.events[3] = {**evidence.tables.events[3], "account_id": "somebody else"}


def _row_doubled(evidence: Evidence) -> None:
    evidence.tables.events.append(evidence.tables.events[3])


def _never_accepted(evidence: Evidence) -> None:
    del evidence.history.accepted[2]


def _never_recorded_by_history(evidence: Evidence) -> None:
    evidence.history.recordings()[2].end = "timed out"


def _notice_lost(evidence: Evidence) -> None:
    del evidence.tables.notices[0]


def _delivery_recorded_twice(evidence: Evidence) -> None:
    evidence.tables.deliveries.append(evidence.tables.deliveries[0])


def _standing_elsewhere(evidence: Evidence) -> None:
    evidence.value["strands"]["main"]["step"] = "referred"


def _clock_not_drawn(evidence: Evidence) -> None:
    del evidence.tables.clocks[0]


def _words_lost(evidence: Evidence) -> None:
    evidence.tables.facts[:] = [fact for fact in evidence.tables.facts if not fact["personal"]]


@pytest.mark.parametrize(
    "tamper",
    [
        _row_lost,
        _last_row_lost,
        _row_changed,
        _row_doubled,
        _never_accepted,
        _never_recorded_by_history,
        _notice_lost,
        _delivery_recorded_twice,
        _standing_elsewhere,
        _clock_not_drawn,
        _words_lost,
    ],
)
@pytest.mark.asyncio(loop_scope="module")
async def test_what_was_tampered_with_is_found(evidence: Evidence, tamper: Callable[[Evidence], None]) -> None:
    changed = copy.deepcopy(evidence)
    tamper(changed)
    assert findings(changed) != []


@pytest.mark.asyncio(loop_scope="module")
async def test_what_people_were_told_is_compared(evidence: Evidence) -> None:
    request = next(iter(evidence.acknowledged))
    assert findings(replace(evidence, acknowledged={**evidence.acknowledged, "another": 3}))
    assert findings(replace(evidence, acknowledged={**evidence.acknowledged, request: 7}))
    assert findings(replace(evidence, refused=frozenset({request})))


@pytest.mark.asyncio(loop_scope="module")
async def test_mail_is_counted_by_message(evidence: Evidence) -> None:
    assert findings(replace(evidence, mails=evidence.mails[1:]))
    changed = tuple(mail.replace(b"Message-ID: <", b"Message-ID: <0") for mail in evidence.mails)
    assert findings(replace(evidence, mails=changed))
    assert not findings(replace(evidence, mails=(*evidence.mails, evidence.mails[0])))


@pytest.mark.asyncio(loop_scope="module")
async def test_a_clock_that_has_not_fired_in_time_is_found(evidence: Evidence) -> None:
    assert any("should have woken" in found for found in findings(replace(evidence, now=evidence.now + timedelta(90))))


@pytest.mark.parametrize("journey", JOURNEYS.values(), ids=JOURNEYS.keys())
def test_every_journey_is_possible(journey: tuple[Doing, ...]) -> None:
    case, at = CaseId("case"), now()
    opened = open_case(icon(), case, referral(case, at), at)
    assert isinstance(opened, Step)
    value = opened.case
    for name, event in journey:
        progress = proceed(icon(), value, event(at, case), at)
        assert progress.refusal is None, (name, progress.refusal)
        value = progress.steps[-1].case
