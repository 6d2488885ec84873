"""One case, for as long as it lasts: it waits, settles what is due, records, and only then has moved.

What a step is, is decided by `pathway_model.advance`; this module keeps the order: compute, record, assign.
A step exists if and only if it was accepted in history and recorded. docs/adr/0030 to 0034 say why it is done
this way.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final, assert_never

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.contracts import (
        DELIVER_NOTICE,
        DELIVERY,
        DeliverNotice,
        NotDelivered,
        NoticeDelivered,
        RecordSteps,
        StepsRecorded,
    )
    from pathway_model.advance import open_case, proceed, settle
    from pathway_model.case import Case
    from pathway_model.changes import case_from, value_of
    from pathway_model.clocks import next_wake
    from pathway_model.compiled import pathway_of
    from pathway_model.effects import (
        CloseJob,
        Effect,
        EndCase,
        OpenJob,
        OpenLinkedCase,
        SendNotice,
        WithholdNotice,
    )
    from pathway_model.events import NoticeNotDelivered, Referred, StaffingChanged
    from pathway_model.outcome import Progress, Reason, Refusal, Step
    from workflows import names, refusals
    from workflows.messages import Answer, CaseStart, JsonObject, Request, SentEvent, Snapshot
    from workflows.requests import Requests
    from workflows.rows import rows_of
    from workflows.shown import Shown
    from workflows.storing import NotStoredError, Store

NOT_BEGUN: Final = Refusal(
    reasons=(Reason(code="not_here", name="referral", sentence="The referral has not been recorded yet."),)
)


@workflow.defn(name=names.CASE)
class CaseWorkflow:
    """A case as a durable workflow."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        snapshot = start.snapshot
        self._start = start
        self._pathway = pathway_of(start.definition)
        self._case = None if snapshot.case is None else case_from(snapshot.case)
        self._requests = Requests(snapshot.answered)
        self._undelivered = dict.fromkeys(snapshot.undelivered)
        self._deliveries: dict[str, asyncio.Task[None]] = {}
        self._findings = list(snapshot.findings)
        self._shown = Shown(self._pathway, snapshot.shown)
        self._store = Store(flag=lambda: self._shown.block(names.BLOCKED_RECORDS_AWAY))
        self._parked = snapshot.parked
        self._recording: str | None = None
        self._busy = False
        self._draining = False

    @workflow.run
    async def run(self, _start: CaseStart) -> None:
        """Wait, settle, record, assign; until the case has ended and nothing is left to do."""
        self._deliver_notices()
        while not self._is_finished():
            now = await self._until_something_is_due()
            if self._draining:
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(self._next_start())
            await self._take_what_is_due(now)

    @workflow.update(name=names.TAKE)
    async def take(self, request: Request) -> Answer:
        """Act on the case; answered when that is recorded. The same request acts once."""
        async with self._alone(request):
            if answer := self._requests.answer_to(request):
                return answer
            progress = self._proceed(request.event, self._now())
            await self._record_for(request, progress)
            if progress.refusal is not None:
                raise refusals.refused(progress.refusal)
            return self._requests.acted(request, progress.steps[-1].case.sequence)

    @take.validator
    def _may_take(self, request: Request) -> None:
        # A refusal here leaves no trace in history. What was done is answered before anything is judged.
        if request.case not in {None, self._start.case}:
            raise refusals.cannot_be_recorded()
        if self._requests.answer_to(request):
            return
        if self._store.stalled:
            raise self._stalled_for(request)
        if self._draining:
            raise refusals.case_busy()
        refusal = self._proceed(request.event, self._now()).refusal
        if refusal is not None:
            raise refusals.refused(refusal)

    @workflow.signal(name=names.NUDGE)
    def nudge(self) -> None:
        """Try again to record what could not be recorded."""
        self._parked = False

    @workflow.query(name=names.CASE_VALUE)
    def case_value(self) -> JsonObject | None:
        """The JSON form of the case, as it was last recorded."""
        return None if self._case is None else value_of(self._case)

    async def _until_something_is_due(self) -> datetime:
        armed = self._wake()
        wait = None if armed is None else max(armed - self._clock(), timedelta(0))
        try:
            await workflow.wait_condition(
                lambda: self._is_called(armed), timeout=wait, timeout_summary="the next clock"
            )
        except TimeoutError:
            # A timer fires a little late, or early by its own rounding.
            return self._now() if armed is None else max(self._now(), armed)
        return self._now()

    def _is_called(self, armed: datetime | None) -> bool:
        """Whether to look before the armed instant. Was the wake put off, the timer fires and looks again."""
        if self._draining or self._is_finished():
            return True
        if self._findings and not self._parked:
            return True
        wake = self._wake()
        return wake is not None and (armed is None or wake < armed)

    def _is_finished(self) -> bool:
        """Ended, and nothing left that only a running case can do. docs/adr/0033."""
        return (
            self._case is not None
            and self._case.outcome is not None
            and not (self._case.jobs or self._undelivered or self._findings)
            and next_wake(self._case) is None
            and workflow.all_handlers_finished()
        )

    def _wake(self) -> datetime | None:
        return None if self._case is None or self._parked else next_wake(self._case)

    def _clock(self) -> datetime:
        return workflow.now().astimezone(UTC) + timedelta(seconds=self._start.shift)

    def _now(self) -> datetime:
        """In whole seconds; never before the last event, which a timer may have entered a moment early."""
        now = self._clock().replace(microsecond=0)
        return now if self._case is None else max(now, self._case.now)

    @asynccontextmanager
    async def _alone(self, request: Request | None = None) -> AsyncIterator[None]:
        """One at a time. A person does not wait behind a recording that takes as long as it takes."""
        while self._busy:
            await workflow.wait_condition(lambda: not self._busy or (self._store.stalled and request is not None))
            if self._store.stalled and request is not None:
                raise self._stalled_for(request)
        self._busy = True
        try:
            yield
        finally:
            self._busy = False

    def _stalled_for(self, request: Request) -> Exception:
        return refusals.in_doubt() if request.id == self._recording else refusals.records_away()

    def _proceed(self, event: SentEvent, now: datetime) -> Progress:
        if self._case is not None:
            return proceed(self._pathway, self._case, event, now)
        if not isinstance(event, Referred):
            return Progress(steps=(), refusal=NOT_BEGUN)
        opened = open_case(self._pathway, self._start.case, event, now)
        return Progress(steps=(opened,)) if isinstance(opened, Step) else Progress(steps=(), refusal=opened)

    async def _record_for(self, request: Request, progress: Progress) -> None:
        """Record what came of a request: the clocks that were due, then its own step, if it has one."""
        if not progress.steps:
            return
        acted = None if progress.refusal else request
        self._recording = request.id
        try:
            recorded = await self._store.store_or_give_up(self._rows(progress.steps, acted))
        except NotStoredError as error:
            raise refusals.not_stored(never=error.never) from None
        finally:
            self._recording = None
        self._assign(progress.steps, recorded)

    async def _take_what_is_due(self, now: datetime) -> None:
        """Settle the clocks, then take what the records have found."""
        async with self._alone():
            if self._case is None:
                return
            now = max(now, self._now())
            findings = tuple(self._findings)
            steps = list(settle(self._pathway, self._case, now))
            for finding in findings:
                case = steps[-1].case if steps else self._case
                steps.extend(proceed(self._pathway, case, finding, now).steps)
            try:
                if steps:
                    self._assign(steps, await self._store.store(self._rows(steps)))
            except NotStoredError:
                self._parked = True
                self._shown.block(names.BLOCKED_CANNOT_RECORD)
            else:
                del self._findings[: len(findings)]

    def _rows(self, steps: Sequence[Step], request: Request | None = None) -> RecordSteps:
        return rows_of(self._start, self._pathway.digest, self._case, steps, request)

    def _assign(self, steps: Sequence[Step], recorded: StepsRecorded) -> None:
        """What was computed and is now recorded becomes the case."""
        self._case = case = steps[-1].case
        self._parked = False
        for effect in (effect for step in steps for effect in step.effects):
            self._perform(effect)
        self._findings.extend(found for found in _staffing(case, recorded) if found not in self._findings)
        self._deliver_notices()
        self._shown.show(case)
        info = workflow.info()
        if info.is_continue_as_new_suggested() or info.get_current_history_length() >= self._start.continue_after:
            self._draining = True

    def _perform(self, effect: Effect) -> None:
        match effect:
            case SendNotice():
                self._undelivered[effect.id] = None
            case WithholdNotice() | OpenJob() | CloseJob() | OpenLinkedCase() | EndCase():
                pass  # Done by the records, in the transaction of the step.
            case _:
                assert_never(effect)

    def _deliver_notices(self) -> None:
        """Have each undelivered notice delivered, beside everything else; also those of the run before."""
        if self._draining:
            return  # The next run does it; a delivery begun now would only be done twice.
        for notice in self._undelivered:
            if notice not in self._deliveries:
                self._deliveries[notice] = asyncio.create_task(self._deliver(notice))

    async def _deliver(self, notice: str) -> None:
        reason: NotDelivered | None = "unreachable"
        with suppress(ActivityError):
            delivered = await workflow.execute_activity(
                DELIVER_NOTICE,
                DeliverNotice(case=self._start.case, notice=notice),
                result_type=NoticeDelivered,
                **DELIVERY,
            )
            reason = delivered.reason
        if reason is not None:
            self._findings.append(NoticeNotDelivered(at=self._now(), notice=notice, reason=reason))
        del self._undelivered[notice], self._deliveries[notice]

    def _next_start(self) -> CaseStart:
        snapshot = Snapshot(
            case=self.case_value(),
            answered=self._requests.remembered(),
            undelivered=tuple(self._undelivered),
            findings=tuple(self._findings),
            shown=self._shown.remembered(),
            parked=self._parked,
        )
        return replace(self._start, snapshot=snapshot)


def _staffing(case: Case, recorded: StepsRecorded) -> Iterator[StaffingChanged]:
    """What the records know of roles, where the case believes otherwise."""
    for role in recorded.nobody_in:
        if role not in case.nobody_in:
            yield StaffingChanged(at=case.now, role=role, somebody=False)
    for role in recorded.somebody_in:
        if role in case.nobody_in:
            yield StaffingChanged(at=case.now, role=role, somebody=True)
