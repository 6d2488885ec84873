"""Continuing in a new run loses nothing, and a case ends when nothing is left to do."""

import asyncio

from temporalio.client import WorkflowExecutionStatus

from pathway_model.events import ActionTaken
from tests.workflow.support import SOON, Bench


async def test_a_request_acts_once_across_a_new_run(bench: Bench) -> None:
    """Temporal forgets update ids there; the case does not."""
    bench.start = bench.start_with(continue_after=10)
    async with bench.worker():
        await bench.begin()
        first_run = await bench.run_id()
        event = ActionTaken(at=await bench.now(), by="keyworker", action="note")
        first = await bench.send("one", event)
        for number in range(6):
            await bench.take(f"more {number}")
        assert await bench.run_id() != first_run
        assert await bench.send("one", event) == first
        assert await bench.sequence() == 8
    assert [row.sequence for row in bench.records.rows] == list(range(1, 9))


async def test_many_at_once_all_act_across_new_runs(bench: Bench) -> None:
    """Whoever meets a case on its way into a new run is let in a moment later."""
    bench.start = bench.start_with(continue_after=12)
    async with bench.worker():
        await bench.begin()
        await asyncio.gather(*(bench.insist(f"request {number}") for number in range(30)))
        assert await bench.sequence() == 31
    requests = [row.request for row in bench.records.rows]
    assert sorted(filter(None, requests[1:])) == sorted(f"request {number}" for number in range(30))


async def test_clocks_go_on_in_the_new_run(bench: Bench) -> None:
    """A deadline keeps its instant."""
    bench.start = bench.start_with(continue_after=5)
    async with bench.worker():
        await bench.begin()
        await bench.take("one")
        await bench.skip(hours=2)
    assert bench.records.kinds == ["referred", "action taken", "clock came due"]


async def test_undelivered_notices_are_taken_along(real_bench: Bench) -> None:
    """A delivery that was under way is asked for again by the new run."""
    real_bench.start = real_bench.start_with(continue_after=10)
    real_bench.deliveries.open.clear()
    async with real_bench.worker():
        await real_bench.begin()
        first_run = await real_bench.run_id()
        await real_bench.take("one", "greet")
        for number in range(3):
            await real_bench.insist(f"more {number}")
        assert await real_bench.run_id() != first_run
        await asyncio.wait_for(real_bench.deliveries.asked_twice.wait(), SOON.total_seconds())
        real_bench.deliveries.open.set()
        assert len(set(real_bench.deliveries.asked)) == 1


async def test_an_ended_case_completes(running: Bench) -> None:
    """Nothing is left that only a running case could do."""
    await running.take("one", "finish")
    await running.handle.result(rpc_timeout=SOON)
    assert await running.status() == WorkflowExecutionStatus.COMPLETED
    assert (await running.value())["outcome"] == "completed"


async def test_an_ended_case_waits_for_its_notices(bench: Bench) -> None:
    """What was promised to the person is still sent."""
    bench.deliveries.open.clear()
    async with bench.worker():
        await bench.begin()
        await bench.take("one", "greet")
        await bench.take("two", "finish")
        assert await bench.status() == WorkflowExecutionStatus.RUNNING
        bench.deliveries.open.set()
        await bench.handle.result(rpc_timeout=SOON)
