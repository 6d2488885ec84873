"""Records that are locked for a minute, or stopped: people are told, clocks wait and show it, and nothing is lost."""

import asyncio
import time
from datetime import timedelta

import pytest

from tests.faults.journeys import JOURNEYS
from tests.faults.place import Place, now, place, shift_to_first_clock
from tests.faults.processes import eventually
from tests.faults.travelling import Traveller, judge_all
from tests.servers import PostgresServer
from use_cases.errors import AwayError, NotRecordedError
from workflows.messages import Answer
from workflows.names import BLOCKED_RECORDS_AWAY

A_MINUTE = 60.0
SOON = timedelta(seconds=15)


async def test_a_database_that_is_locked_for_a_minute() -> None:
    """People are answered that nothing happened; a clock that comes due shows it after a while, and is not lost."""
    async with place("") as here:
        acting, waiting, interrupted = _travellers(here)
        stop = f"before:{interrupted.requests[3]}"
        worker = await here.worker([stop])
        await asyncio.gather(acting.travel(2), waiting.travel(2), interrupted.travel(3))
        in_doubt = asyncio.create_task(interrupted.travel(4))
        await worker.says(stop)
        referred = now()
        start = here.add_case("due soon", shift=shift_to_first_clock(referred, SOON))
        due_soon = Traveller(here, start, JOURNEYS["a worry and a ward"], referred)
        # Staged while the records can still be written.
        for traveller, step in ((acting, 2), (due_soon, 1)):
            traveller.request(traveller.requests[step])
        await due_soon.travel(1)
        locker = await here.lock()
        began = time.monotonic()
        with pytest.raises(NotRecordedError):
            await acting.send(acting.sent[acting.requests[2]])
        await eventually(lambda: _is_blocked(due_soon), "the case whose clock is due is flagged")
        await eventually(lambda: _is_blocked(interrupted), "the case with a recording in doubt is flagged")
        with pytest.raises(NotRecordedError):
            await due_soon.send(due_soon.sent[due_soon.requests[1]])
        with pytest.raises(NotRecordedError):
            await interrupted.send(acting.sent[acting.requests[2]])
        await eventually(lambda: _has_lasted(began), "the outage has lasted a minute")
        locker.kill()
        await in_doubt
        travellers = [acting, waiting, interrupted, due_soon]
        await asyncio.gather(*(traveller.travel() for traveller in travellers))
        await judge_all(travellers)
        assert [await traveller.blocked() for traveller in travellers] == [None] * 4


async def test_a_database_that_is_stopped_before_a_commit(postgres_server: PostgresServer, postgres_url: str) -> None:
    """Whether that commit came through nobody can say: the case asks again until it knows, and others are told."""
    async with place(postgres_url) as here:
        in_doubt, acting, waiting = travellers = _travellers(here)
        stop = f"during:{in_doubt.requests[3]}"
        worker = await here.worker([stop])
        await asyncio.gather(in_doubt.travel(3), acting.travel(2), waiting.travel(2))
        mine, theirs = in_doubt.request(in_doubt.requests[3]), acting.request(acting.requests[2])
        first = asyncio.create_task(in_doubt.insist(mine.id))
        await worker.says(stop)
        postgres_server.stop()
        try:
            worker.go_on()
            with pytest.raises(NotRecordedError):
                await acting.send(theirs)
            await eventually(lambda: _is_pending(in_doubt, "until-recorded"), "the step is recorded until it stands")
            with pytest.raises(AwayError):
                await in_doubt.send(mine)
            assert (await in_doubt.value())["sequence"] == 3
        finally:
            postgres_server.start()
        assert await first == in_doubt.acknowledged[mine.id]
        await asyncio.gather(*(traveller.travel() for traveller in travellers))
        assert isinstance(await in_doubt.send(mine), Answer)
        await judge_all(travellers)


def _travellers(here: Place) -> list[Traveller]:
    return [Traveller(here, here.add_case(name, continue_after=40), journey) for name, journey in JOURNEYS.items()]


async def _is_blocked(traveller: Traveller) -> bool:
    return await traveller.blocked() == BLOCKED_RECORDS_AWAY


async def _is_pending(traveller: Traveller, name: str) -> bool:
    return any(name in activity.activity_id for activity in (await traveller.described()).pending_activities)


async def _has_lasted(began: float) -> bool:
    return time.monotonic() - began > A_MINUTE
