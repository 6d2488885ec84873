"""ICoN as a Temporal workflow of its own, apart from the engine, with the engine's guarantees.

An update with a validator, request ids that act once, one eager record activity a step, answered when it is recorded;
one timer; notices delivered by activities; search attributes where they changed.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy, SearchAttributeKey, SearchAttributeUpdate
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from benchmarks.by_hand.messages import Deed, Deliver, Icon, Record, Start
    from benchmarks.by_hand.rules import act, miss, refusals

STEP = SearchAttributeKey.for_keyword_list("HandrailStep")
OWNER = SearchAttributeKey.for_keyword_list("HandrailOwnerRole")
DUE = SearchAttributeKey.for_datetime("HandrailNextDue")
REMEMBERED = 100
RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30))


@workflow.defn(name="IconByHand")
class IconByHand:
    """One case."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        self._start = start
        self._icon = Icon()
        self._acted: dict[str, int] = {}
        self._deliveries: set[asyncio.Task[None]] = set()
        self._lock = asyncio.Lock()
        self._shown: tuple[str, str, datetime | None] = ("", "", None)

    @workflow.run
    async def run(self, _start: Start) -> None:
        """Wait for deadlines, until the case has ended and everybody has been told."""
        while not self._is_finished():
            armed = self._wake()
            wait = None if armed is None else max(armed - self._clock(), timedelta(0))
            try:
                await workflow.wait_condition(lambda due=armed: self._is_called(due), timeout=wait)  # type: ignore[misc]
            except TimeoutError:
                await self._miss()

    @workflow.update
    async def do(self, deed: Deed) -> int:
        """Do something; answered when it is recorded."""
        async with self._lock:
            if deed.id in self._acted:
                return self._acted[deed.id]
            self._refuse(deed)
            icon, notices = act(self._icon, deed)
            await self._record(
                Record(case=self._start.case, entered=self._now(), deed=deed, icon=icon, notices=notices)
            )
            self._icon = icon
            self._acted[deed.id] = icon.sequence
            if len(self._acted) > REMEMBERED:
                del self._acted[next(iter(self._acted))]
            for notice in notices:
                delivery = asyncio.create_task(self._deliver(notice.id))
                self._deliveries.add(delivery)
                delivery.add_done_callback(self._deliveries.discard)
            self._show()
            return icon.sequence

    @do.validator
    def _may_do(self, deed: Deed) -> None:
        if deed.id not in self._acted:
            self._refuse(deed)

    def _refuse(self, deed: Deed) -> None:
        reasons = refusals(self._icon, deed, self._now())
        if reasons:
            raise ApplicationError("refused", reasons, type="Refused", non_retryable=True)

    async def _miss(self) -> None:
        async with self._lock:
            now = self._now()
            if any(due <= now for due in self._icon.due.values()):
                icon = miss(self._icon, now)
                deed = Deed(id=f"missed {icon.sequence}", what="missed", by="clock", at=now, account="")
                await self._record(Record(case=self._start.case, entered=now, deed=deed, icon=icon, notices=()))
                self._icon = icon
                self._show()

    async def _record(self, record: Record) -> None:
        await workflow.execute_activity(
            "record_by_hand",
            record,
            activity_id=f"{record.icon.sequence} {record.deed.what}",
            start_to_close_timeout=timedelta(seconds=15),
            retry_policy=RETRY,
        )

    async def _deliver(self, notice: str) -> None:
        await workflow.execute_activity(
            "deliver_by_hand",
            Deliver(case=self._start.case, notice=notice),
            start_to_close_timeout=timedelta(minutes=1),
            retry_policy=RETRY,
        )

    def _is_called(self, armed: datetime | None) -> bool:
        wake = self._wake()
        if self._is_finished() or not self._start.lazy:
            return self._is_finished() or wake != armed
        return wake is not None and (armed is None or wake < armed)

    def _is_finished(self) -> bool:
        return self._icon.outcome is not None and not self._deliveries and workflow.all_handlers_finished()

    def _wake(self) -> datetime | None:
        return min(self._icon.due.values(), default=None)

    def _clock(self) -> datetime:
        return workflow.now().astimezone(UTC) + timedelta(seconds=self._start.shift)

    def _now(self) -> datetime:
        return self._clock().replace(microsecond=0)

    def _show(self) -> None:
        showing = (self._icon.step, self._icon.owner, self._wake())
        if not self._start.attributes or showing == self._shown:
            return
        step, owner, due = self._shown = showing
        updates: list[SearchAttributeUpdate[Any]] = [STEP.value_set([step]), OWNER.value_set([owner])]
        updates.append(DUE.value_unset() if due is None else DUE.value_set(due))
        workflow.upsert_search_attributes(updates)
