"""A step exists if and only if it was accepted and recorded, whatever the records do."""

import asyncio

import pytest
from temporalio.exceptions import ApplicationError

from activities.contracts import MAY_BE_STORED, NEVER_STORED, NOTHING_STORED
from pathway_model.events import ActionTaken
from tests.workflow.support import Bench
from workflows.names import (
    BLOCKED,
    BLOCKED_CANNOT_RECORD,
    BLOCKED_RECORDS_AWAY,
    CANNOT_BE_RECORDED,
    IN_DOUBT,
    NUDGE,
    RECORDS_AWAY,
)

ALWAYS = "…"


async def test_a_short_outage_is_not_noticed(running: Bench) -> None:
    """One failed attempt that stored nothing is tried again while the person waits."""
    running.records.faults = [NOTHING_STORED]
    assert (await running.take("one")).sequence == 2
    assert await running.sequence() == 2


async def test_a_long_outage_is_answered_and_leaves_the_case_as_it_was(running: Bench) -> None:
    """Certain that nothing was stored, the case gives up; the same request succeeds later."""
    running.records.faults = [NOTHING_STORED] * 3
    event = ActionTaken(at=await running.now(), by="keyworker", action="note")
    with pytest.raises(ApplicationError) as raised:
        await running.send("one", event)
    assert raised.value.type == RECORDS_AWAY
    assert await running.sequence() == 1
    assert (await running.send("one", event)).sequence == 2


async def test_what_can_never_be_recorded_leaves_the_case_as_it_was(running: Bench) -> None:
    """A typed answer, and the next request takes the same number."""
    running.records.faults = [NEVER_STORED]
    with pytest.raises(ApplicationError) as raised:
        await running.take("one")
    assert raised.value.type == CANNOT_BE_RECORDED
    assert (await running.take("two")).sequence == 2
    assert [row.request for row in running.records.rows] == ["referral", "two"]


async def test_in_doubt_the_same_steps_are_recorded_until_they_stand(running: Bench) -> None:
    """An attempt that may have committed is never given up; the person is answered in the end."""
    running.records.faults = [NOTHING_STORED, MAY_BE_STORED, NOTHING_STORED, NOTHING_STORED, NOTHING_STORED]
    assert (await running.take("one")).sequence == 2
    assert running.records.attempts == [(1,), (2,), (2,), (2,), (2,), (2,), (2,)][: len(running.records.attempts)]
    assert [row.request for row in running.records.rows] == ["referral", "one"]


async def test_while_in_doubt_others_are_answered_at_once(running: Bench) -> None:
    """Nobody waits behind it; the request itself is told that it is still being recorded."""
    running.records.faults = [MAY_BE_STORED, ALWAYS]
    event = ActionTaken(at=await running.now(), by="keyworker", action="note")
    first = asyncio.create_task(running.send("one", event))
    second = asyncio.create_task(running.take("waits"))
    with pytest.raises(ApplicationError) as raised:
        await second
    assert raised.value.type == RECORDS_AWAY
    with pytest.raises(ApplicationError) as raised:
        await running.send("one", event)
    assert raised.value.type == IN_DOUBT
    running.records.faults = []
    await running.skip(minutes=2)
    assert (await first).sequence == 2
    assert len(running.records.rows) == 2


async def test_a_case_that_cannot_go_on_shows_it_after_a_while_and_only_once(running: Bench) -> None:
    """Flagged after 30 seconds, whatever the attempts do, and cleared when it is recorded."""
    running.records.faults = [MAY_BE_STORED, ALWAYS]
    await running.skip(hours=1, seconds=5)
    assert await running.shown(BLOCKED) is None
    await running.skip(minutes=10)
    assert await running.shown(BLOCKED) == BLOCKED_RECORDS_AWAY
    running.records.faults = []
    await running.skip(minutes=2)
    assert await running.sequence() == 2
    assert await running.shown(BLOCKED) is None
    assert running.records.kinds == ["referred", "clock came due"]


async def test_a_clock_that_can_never_be_recorded_parks_until_a_nudge(running: Bench) -> None:
    """It is flagged, does not spin, and goes on with the instant that was due."""
    due = running.records.rows[0].event.at
    running.records.faults = [NEVER_STORED]
    await running.skip(hours=3)
    assert await running.shown(BLOCKED) == BLOCKED_CANNOT_RECORD
    assert len(running.records.attempts) == 2
    await running.handle.signal(NUDGE)
    await running.skip(seconds=5)
    assert running.records.kinds == ["referred", "clock came due"]
    assert (running.records.rows[1].event.at - due).total_seconds() == 3600
    assert await running.shown(BLOCKED) is None
