"""A Temporal server that is killed and comes back on its file: what was begun is finished, once."""

import asyncio
from functools import partial

from tests.faults.journeys import JOURNEYS
from tests.faults.place import Place, place
from tests.faults.processes import eventually
from tests.faults.travelling import Traveller, judge_all

ROUNDS = 3


async def test_killed_while_a_worker_records() -> None:
    """The worker lives: it commits while there is no server to tell, and tells it later or does it again."""
    async with place("") as here:
        travellers = _travellers(here)
        points = [
            f"{where}:{traveller.requests[3]}"
            for where, traveller in zip(("after", "before", "during"), travellers, strict=True)
        ]
        worker = await here.worker(points)
        await asyncio.gather(*(traveller.travel(3) for traveller in travellers))
        going = []
        for traveller, point in zip(travellers, points, strict=True):
            going.append(asyncio.create_task(traveller.travel()))
            await worker.says(point)
        here.temporal.kill()
        for _ in points:
            worker.go_on()
        await eventually(lambda: _all_recorded(travellers, 4), "the worker has recorded all three")
        await here.temporal.start()
        await asyncio.gather(*going)
        await judge_all(travellers)


async def test_killed_again_and_again_while_people_act() -> None:
    """Nothing waits for a good moment: the server dies whenever some more has been recorded."""
    async with place("") as here:
        await here.worker()
        travellers = _travellers(here)
        going = [asyncio.create_task(traveller.travel()) for traveller in travellers]
        for number in range(1, ROUNDS + 1):
            await eventually(partial(_have_recorded, travellers, 6 * number), "some more is recorded")
            here.temporal.kill()
            await here.temporal.start()
        await asyncio.gather(*going)
        await judge_all(travellers)


def _travellers(here: Place) -> list[Traveller]:
    return [Traveller(here, here.add_case(name, continue_after=30), journey) for name, journey in JOURNEYS.items()]


async def _all_recorded(travellers: list[Traveller], count: int) -> bool:
    return all([len((await traveller.tables()).events) >= count for traveller in travellers])


async def _have_recorded(travellers: list[Traveller], count: int) -> bool:
    return sum([len((await traveller.tables()).events) for traveller in travellers]) >= count
