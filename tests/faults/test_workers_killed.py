"""A worker that is killed before, during and after a recording loses nothing and does nothing twice."""

import asyncio
from typing import Final

import pytest

from tests.faults.journeys import JOURNEYS
from tests.faults.place import Place, place
from tests.faults.travelling import Traveller, judge_all

WHERES: Final = ("after", "before", "during")


@pytest.mark.parametrize(
    ("database", "steps", "server_too"),
    [
        ("sqlite", (0, 0, 0), False),
        ("sqlite", (4, 8, 3), True),
        ("postgresql", (1, 3, 4), False),
        ("postgresql", (0, 7, 5), True),
    ],
)
async def test_killed_around_a_recording(
    database: str, steps: tuple[int, ...], server_too: bool, request: pytest.FixtureRequest
) -> None:
    """Three cases at once, each at a point of its own; then all go on to the end."""
    url = str(request.getfixturevalue("postgres_url")) if database == "postgresql" else ""
    async with place(url) as here:
        travellers = [
            Traveller(here, here.add_case(name, continue_after=60), journey) for name, journey in JOURNEYS.items()
        ]
        await _kill_around(here, travellers, steps, server_too=server_too)
        await asyncio.gather(*(traveller.travel() for traveller in travellers))
        await judge_all(travellers)


async def _kill_around(here: Place, travellers: list[Traveller], steps: tuple[int, ...], *, server_too: bool) -> None:
    """Let each traveller come as far as its step, and kill everything at it: after, before and during recording."""
    points = [
        f"{where}:{traveller.requests[step]}" for where, traveller, step in zip(WHERES, travellers, steps, strict=True)
    ]
    worker = await here.worker(points)
    await asyncio.gather(*(each.travel(step) for each, step in zip(travellers, steps, strict=True)))
    waiting = []
    for traveller, step, point in zip(travellers, steps, points, strict=True):
        # The one that holds its transaction open comes last: on SQLite nobody else can write meanwhile.
        waiting.append(asyncio.create_task(traveller.travel(step + 1)))
        await worker.says(point)
    worker.kill()
    assert [await _is_recorded(each, step) for each, step in zip(travellers, steps, strict=True)] == [
        True,
        False,
        False,
    ]
    if server_too:
        here.temporal.kill()
        await here.temporal.start()
    await here.worker()
    await asyncio.gather(*waiting)


async def _is_recorded(traveller: Traveller, step: int) -> bool:
    return traveller.requests[step] in {row["request_id"] for row in (await traveller.tables()).events}
