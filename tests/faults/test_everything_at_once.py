"""Two workers, six cases that continue in new runs every few requests, and everything failing in turn around them."""

import asyncio
import random
from functools import partial

import pytest

from records.errors import RecordsUnavailableError
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
        travellers = [
            Traveller(here, here.add_case(f"{name} {number}", continue_after=20), journey)
            for name, journey in JOURNEYS.items()
            for number in range(2)
        ]
        going = [asyncio.create_task(_travel_twice_at_once(traveller)) for traveller in travellers]
        await _some_more(travellers, going, chance)
        workers[0].kill()
        workers[0] = await here.worker()
        await _some_more(travellers, going, chance)
        here.mailbox.stop()
        await _some_more(travellers, going, chance)
        here.temporal.kill()
        await here.temporal.start()
        await _some_more(travellers, going, chance)
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
        await eventually(partial(_is_staged, traveller, name), f"the words of {name} can be staged")
        await asyncio.gather(traveller.insist(name), traveller.insist(name))


async def _is_staged(traveller: Traveller, name: str) -> bool:
    try:
        await asyncio.to_thread(traveller.request, name)
    except RecordsUnavailableError:
        return False
    return True


async def _some_more(travellers: list[Traveller], going: list[asyncio.Task[None]], chance: random.Random) -> None:
    """Wait until a few more events are recorded than now, or nobody is on the way any more."""
    wanted = await _recorded(travellers) + chance.randint(3, 7)

    async def are_recorded() -> bool:
        return await _recorded(travellers) >= wanted or all(task.done() for task in going)

    await eventually(are_recorded, f"{wanted} events are recorded")


async def _recorded(travellers: list[Traveller]) -> int:
    return sum([len((await traveller.tables()).events) for traveller in travellers])
