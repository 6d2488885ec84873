"""Two workers, four cases that continue in new runs every few requests, and everything failing in turn around them."""

import asyncio
import random

import pytest

from tests.faults.journeys import JOURNEYS
from tests.faults.place import place
from tests.faults.processes import eventually
from tests.faults.travelling import Traveller, judge_all


@pytest.mark.parametrize("seed", [1])
async def test_everything_fails_in_turn(seed: int) -> None:
    """A worker, the mail server, Temporal, the other worker with the database locked: at no chosen moment."""
    chance = random.Random(seed)
    async with place("") as here:
        workers = [await here.worker(), await here.worker()]
        journeys = [*JOURNEYS.items(), ("a second time", JOURNEYS["a worry and a ward"])]
        travellers = [Traveller(here, here.add_case(name, continue_after=25), journey) for name, journey in journeys]
        going = [asyncio.create_task(_travel_twice_at_once(traveller)) for traveller in travellers]
        await _some_more(travellers, chance)
        workers[0].kill()
        workers[0] = await here.worker()
        await _some_more(travellers, chance)
        here.mailbox.stop()
        await _some_more(travellers, chance)
        here.temporal.kill()
        await here.temporal.start()
        await _some_more(travellers, chance)
        here.mailbox.start()
        locker = await here.lock()
        workers[1].kill()
        here.temporal.kill()
        await here.temporal.start()
        workers[1] = await here.worker()
        locker.kill()
        await asyncio.gather(*going)
        for evidence in await judge_all(travellers):
            assert evidence.history.runs > 1


async def _travel_twice_at_once(traveller: Traveller) -> None:
    for name in traveller.requests:
        await asyncio.to_thread(traveller.request, name)
        await asyncio.gather(traveller.insist(name), traveller.insist(name))


async def _some_more(travellers: list[Traveller], chance: random.Random) -> None:
    """Wait until a few more events are recorded than now."""
    wanted = await _recorded(travellers) + chance.randint(3, 7)

    async def are_recorded() -> bool:
        return await _recorded(travellers) >= wanted

    await eventually(are_recorded, f"{wanted} events are recorded")


async def _recorded(travellers: list[Traveller]) -> int:
    return sum([len((await traveller.tables()).events) for traveller in travellers])
