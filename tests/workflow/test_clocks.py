"""One lazy timer; whatever is due comes first, in due order, with the instant that was due."""

import asyncio
from datetime import UTC, datetime, timedelta

from tests.workflow.support import Bench


async def test_a_missed_deadline_fires_by_itself_with_its_own_instant(running: Bench) -> None:
    """The event carries the due instant; it was entered a second later."""
    begun = running.records.rows[0].event.at
    await running.skip(hours=2)
    fired = running.records.rows[1]
    assert fired.event.kind == "clock came due"
    assert fired.event.at == begun + timedelta(hours=1)
    assert fired.entered == begun + timedelta(hours=1, seconds=1)
    assert (fired.request, fired.account) == (None, None)


async def test_a_late_action_first_settles_the_clock_that_ran_out(real_bench: Bench) -> None:
    """No worker ran when the clock came due: both arrive in one workflow task."""
    referred = await real_bench.now() - timedelta(minutes=59, seconds=59)
    async with real_bench.worker():
        await real_bench.begin(at=referred)
    due = referred + timedelta(hours=1, seconds=2)
    await asyncio.sleep((due - datetime.now(UTC)).total_seconds())
    late = asyncio.create_task(real_bench.take("late"))
    async with real_bench.worker():
        assert (await late).sequence == 3
    assert real_bench.records.kinds == ["referred", "clock came due", "action taken"]
    assert [row.request for row in real_bench.records.rows] == ["referral", None, "late"]


async def test_a_deadline_that_was_put_off_leaves_the_timer_as_it_is(running: Bench) -> None:
    """The timer fires at the old instant, finds nothing due, and is armed again for the new one."""
    await running.take("one", "support")
    await running.take("two", "support_more")
    await running.skip(hours=19)
    assert running.records.kinds == ["referred", "action taken", "action taken"]
    await running.skip(hours=2)
    assert running.records.kinds[3:] == ["clock came due"]


async def test_a_role_with_nobody_in_it_is_told_to_the_case_once(running: Bench) -> None:
    """What the records find becomes an event of the case."""
    running.records.nobody_in = ("manager",)
    await running.skip(hours=2)
    assert running.records.kinds == ["referred", "clock came due", "staffing changed"]
    assert (await running.value())["nobody_in"] == ["manager"]


async def test_a_role_with_somebody_in_it_again_is_told_to_the_case_once(running: Bench) -> None:
    """Whatever is recorded next brings the news: nothing is refused for ever for want of somebody."""
    running.records.nobody_in = ("manager",)
    await running.skip(hours=2)
    running.records.nobody_in, running.records.somebody_in = (), ("manager",)
    await running.take("one", "support")
    await running.skip(hours=1)
    assert running.records.kinds[2:] == ["staffing changed", "action taken", "staffing changed"]
    assert "nobody_in" not in await running.value()


async def test_a_shifted_case_lives_in_another_time(bench: Bench) -> None:
    """Scenarios with dates run on a server that starts today."""
    year = timedelta(days=365)
    bench.start = bench.start_with(shift=-int(year.total_seconds()))
    bench.behind = year
    async with bench.worker():
        await bench.begin()
        await bench.skip(hours=2)
    referred, fired = bench.records.rows
    assert fired.event.at == referred.event.at + timedelta(hours=1)
    assert fired.entered < await bench.environment.get_current_time() - timedelta(days=364)
