"""The same request twice, two requests at one moment, and replies that nobody heard: each acts once, in every run."""

import asyncio
from dataclasses import replace

import pytest

from pathway_model.outcome import Refusal
from tests.faults.journeys import JOURNEYS
from tests.faults.place import KEYS, Place, place
from tests.faults.travelling import Traveller, judge_all
from use_cases.errors import RequestReusedError
from workflows.client import connect
from workflows.messages import Answer

OFTEN = 25
"""Events of history after which the cases here continue in a new run: every few requests."""


async def test_the_same_request_from_two_clients_at_once_acts_once() -> None:
    """At every step of every journey; and all of them once more in the end, runs later."""
    async with place("") as here:
        await here.worker()
        other = await connect(here.temporal.address, KEYS)
        travellers = _travellers(here)

        async def all_twice(traveller: Traveller) -> None:
            for name in traveller.requests:
                request = traveller.request(name)
                await asyncio.gather(traveller.send(request), traveller.send(request, other), traveller.send(request))
            for name in traveller.requests:
                await traveller.send(traveller.request(name))

        await asyncio.gather(*(all_twice(traveller) for traveller in travellers))
        for evidence in await judge_all(travellers):
            assert evidence.history.runs > 1
            assert not evidence.refused


async def test_two_requests_for_one_action_at_once_act_one_after_the_other() -> None:
    """What the first has made impossible is refused to the second, and what can happen twice does."""
    async with place("") as here:
        await here.worker()
        other = await connect(here.temporal.address, KEYS)
        travellers = _travellers(here)

        async def meet(traveller: Traveller, step: int) -> list[Answer | Refusal]:
            mine = traveller.request(traveller.requests[step])
            theirs = traveller.stage(replace(mine, id=f"{mine.id}-by-another"))
            return list(await asyncio.gather(traveller.send(mine), traveller.send(theirs, other)))

        for traveller in travellers:
            await traveller.travel(2)
            outcomes = await meet(traveller, 2)
            assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Answer", "Refusal"]
        risky = travellers[2]
        outcomes = await meet(risky, 3)
        assert [type(outcome) for outcome in outcomes] == [Answer, Answer]
        await judge_all(travellers)


async def test_a_lost_reply_is_asked_for_again() -> None:
    """The request was under way when its client went away; sent again, it is answered what it did."""
    async with place("") as here:
        travellers = _travellers(here)
        lost = [(traveller, traveller.requests[step]) for traveller, step in zip(travellers, (1, 2, 4), strict=True)]
        worker = await here.worker([f"during:{name}" for _, name in lost])
        for (traveller, name), step in zip(lost, (1, 2, 4), strict=True):
            await traveller.travel(step)
            first = asyncio.create_task(traveller.send(traveller.request(name)))
            await worker.says(f"during:{name}")
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            worker.go_on()
            await traveller.insist(name)
            await traveller.travel()
            with pytest.raises(RequestReusedError):
                await traveller.send(replace(traveller.sent[name], event=traveller.sent[traveller.requests[0]].event))
        await judge_all(travellers)


def _travellers(here: Place) -> list[Traveller]:
    return [Traveller(here, here.add_case(name, continue_after=OFTEN), journey) for name, journey in JOURNEYS.items()]
