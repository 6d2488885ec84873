"""A request that arrives together with a clock that has expired: the clock comes first, at the instant it was due."""

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise

from tests.faults.journeys import JOURNEYS
from tests.faults.place import now, place, shift_to_first_clock
from tests.faults.processes import eventually
from tests.faults.travelling import Traveller, judge_all

SOON = timedelta(seconds=8)
"""Until the first clock of each case is due. Should it fire earlier than a test means it to, the judge still holds."""


async def test_clocks_and_late_requests_survive_their_recording_being_killed() -> None:
    """Nobody serves while a clock expires and people act; then the worker and the server are killed over it."""
    async with place("") as here:
        referred = now()
        shift = shift_to_first_clock(referred, SOON)
        travellers = [
            Traveller(here, here.add_case(name, shift=shift, continue_after=30), journey, referred)
            for name, journey in JOURNEYS.items()
        ]
        plain, killed_before, alone = travellers
        worker = await here.worker()
        await asyncio.gather(*(traveller.travel(1) for traveller in travellers))
        dues = [await _first_wake(traveller) for traveller in travellers]
        worker.kill()
        late = [asyncio.create_task(traveller.travel(2)) for traveller in (plain, killed_before)]
        await eventually(lambda: _all_due(travellers, dues), "the clocks are due")
        stops = [f"before:{killed_before.requests[1]}", f"during:{alone.start.case}/clock came due"]
        worker = await here.worker(stops)
        await worker.says(*stops)
        worker.kill()
        here.temporal.kill()
        await here.temporal.start()
        await here.worker()
        await asyncio.gather(*late)
        await asyncio.gather(*(traveller.travel() for traveller in travellers))
        for evidence, due in zip(await judge_all(travellers), dues, strict=True):
            events = evidence.tables.events
            assert [row["kind"] for row in events[:3]] == ["referred", "clock came due", "action taken"]
            assert due - timedelta(seconds=1) <= datetime.fromisoformat(events[1]["at"]) <= due
            assert all(one["entered"] <= other["entered"] for one, other in pairwise(events))


async def _first_wake(traveller: Traveller) -> datetime:
    return min(datetime.fromisoformat(turn["wake"]) for turn in (await traveller.value())["clocks"].values())


async def _all_due(travellers: list[Traveller], dues: list[datetime]) -> bool:
    return all(traveller.time() > due for traveller, due in zip(travellers, dues, strict=True))
