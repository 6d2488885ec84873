"""Notices are delivered beside the case, and what came of them returns as an event."""

from activities.contracts import NOT_YET_DELIVERED, NoticeDelivered
from tests.workflow.support import Bench


async def test_a_notice_that_fails_for_now_is_delivered_later(running: Bench) -> None:
    """The case goes on meanwhile."""
    running.deliveries.faults = [NOT_YET_DELIVERED] * 3
    await running.take("one", "greet")
    await running.take("two")
    await running.skip(minutes=10)
    assert len(running.deliveries.asked) == 4
    assert len(set(running.deliveries.asked)) == 1
    assert running.records.kinds == ["referred", "action taken", "action taken"]


async def test_a_notice_that_fails_for_good_becomes_an_event(running: Bench) -> None:
    """Somebody gets a job by it."""
    running.deliveries.outcome = NoticeDelivered(outcome="not delivered", reason="refused")
    await running.take("one", "greet")
    await running.skip(minutes=1)
    assert running.records.kinds == ["referred", "action taken", "notice not delivered"]
    assert running.deliveries.asked == [running.records.rows[2].event.notice]  # type: ignore[union-attr]


async def test_a_notice_that_nobody_can_deliver_is_given_up_in_the_end(running: Bench) -> None:
    """After two days it is somebody's job, not a case that hangs."""
    running.deliveries.faults = [NOT_YET_DELIVERED] * 1000
    await running.take("one", "greet")
    await running.skip(days=3)
    assert "notice not delivered" in running.records.kinds
