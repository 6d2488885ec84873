"""A case on a server that skips time, with records and deliveries that tests can take away."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from temporalio import activity
from temporalio.api.workflow.v1 import WorkflowExecutionInfo
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowHistory,
    WorkflowUpdateFailedError,
)
from temporalio.converter import DataConverter
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.contracts import (
    DELIVER_NOTICE,
    RECORD_STEPS,
    DeliverNotice,
    NoticeDelivered,
    RecordSteps,
    StepRow,
    StepsRecorded,
)
from pathway_model.events import ActionTaken, Referred
from pathway_model.language.names import CaseId
from pathway_model.outcome import Refusal
from pathway_model.recording import JsonObject
from tests.workflow.tiny import TINY
from use_cases.durable import TemporalCases
from workers.skipping import skipping_server
from workflows.case import CaseWorkflow
from workflows.messages import Answer, CaseStart, Request, SentEvent
from workflows.names import CASE_VALUE, TAKE, TASK_QUEUE, workflow_id
from workflows.payloads import PayloadKeys, data_converter

KEYS = PayloadKeys(current="test", keys={"test": b"k" * 32})
CONVERTER = data_converter(KEYS)
SOON = timedelta(seconds=60)
"""A bound on a hang."""


def a_case() -> CaseId:
    """A case id that no other test has."""
    return CaseId(uuid.uuid4().hex)


@dataclass
class FakeRecords:
    """Keeps rows in memory as the real ones do: in sequence, each once."""

    rows: list[StepRow] = field(default_factory=list)
    attempts: list[tuple[int, ...]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    nobody_in: tuple[str, ...] = ()
    somebody_in: tuple[str, ...] = ()
    open: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.open.set()

    @activity.defn(name=RECORD_STEPS)
    async def record_steps(self, steps: RecordSteps) -> StepsRecorded:
        """Record, or fail as told."""
        self.attempts.append(tuple(row.sequence for row in steps.steps))
        self.asked.set()
        await self.open.wait()
        if self.faults:
            kind = self.faults[0] if self.faults[-1] == "…" else self.faults.pop(0)
            raise ApplicationError("as told", type=kind)
        for row in steps.steps:
            known = {kept.sequence: kept for kept in self.rows}
            assert known.setdefault(row.sequence, row) == row
            if row not in self.rows:
                assert row.sequence == len(self.rows) + 1
                self.rows.append(row)
        return StepsRecorded(nobody_in=self.nobody_in, somebody_in=self.somebody_in, after=steps.after)

    @property
    def kinds(self) -> list[str]:
        """What happened, in order."""
        return [row.event.kind for row in self.rows]


@dataclass
class FakeDeliveries:
    """Notes what it is asked to deliver."""

    asked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    outcome: NoticeDelivered = field(default_factory=lambda: NoticeDelivered(outcome="delivered"))
    open: asyncio.Event = field(default_factory=asyncio.Event)
    asked_twice: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.open.set()

    @activity.defn(name=DELIVER_NOTICE)
    async def deliver_notice(self, notice: DeliverNotice) -> NoticeDelivered:
        """Deliver, or fail as told."""
        self.asked.append(notice.notice)
        if len(self.asked) > 1:
            self.asked_twice.set()
        await self.open.wait()
        if self.faults:
            raise ApplicationError("as told", type=self.faults.pop(0))
        return self.outcome


@dataclass
class Bench:
    """One case and everything around it."""

    environment: WorkflowEnvironment
    client: Client
    records: FakeRecords = field(default_factory=FakeRecords)
    deliveries: FakeDeliveries = field(default_factory=FakeDeliveries)
    start: CaseStart = field(default_factory=lambda: CaseStart(case=a_case(), definition=TINY.canonical()))

    behind: timedelta = timedelta(0)

    def start_with(self, **settings: int) -> CaseStart:
        """The same start with other settings."""
        return replace(self.start, **settings)  # type: ignore[arg-type]

    @property
    def handle(self) -> WorkflowHandle[CaseWorkflow, None]:
        """The case's workflow."""
        return self.client.get_workflow_handle_for(CaseWorkflow.run, workflow_id(self.start.case))

    def worker(self) -> Worker:
        """A worker as production's, but inside the sandbox, which refuses what could not be replayed."""
        activities: list[Callable[..., object]] = [self.records.record_steps, self.deliveries.deliver_notice]
        return Worker(self.client, task_queue=TASK_QUEUE, workflows=[CaseWorkflow], activities=activities)

    async def now(self) -> datetime:
        """The case's time, cut to seconds."""
        return (await self.environment.get_current_time()).replace(microsecond=0) - self.behind

    async def begin(self, at: datetime | None = None) -> Answer | Refusal:
        """Refer the person, now or earlier."""
        event = Referred(at=at or await self.now(), by="referrer")
        request = Request(id="referral", event=event, account="ann")
        return await TemporalCases(self.client, TASK_QUEUE).begin(self.start, request)

    async def take(self, request: str, action: str = "note", by: str = "keyworker") -> Answer:
        """Take an action; a refusal is raised as the application error that it travels as."""
        return await self.send(request, ActionTaken(at=await self.now(), by=by, action=action))

    async def send(self, request: str, event: SentEvent) -> Answer:
        """Send an event."""
        try:
            answer: Answer = await self.handle.execute_update(
                TAKE, Request(id=request, event=event, account="ann"), result_type=Answer, rpc_timeout=SOON
            )
        except WorkflowUpdateFailedError as error:
            raise error.cause from None
        return answer

    async def insist(self, request: str, action: str = "note") -> Answer | Refusal:
        """Take an action as a use case does, which tries again while the case is busy."""
        event = ActionTaken(at=await self.now(), by="keyworker", action=action)
        return await TemporalCases(self.client, TASK_QUEUE).take(self.start.case, Request(id=request, event=event))

    async def run_id(self) -> str:
        """Of the run that there is now."""
        return (await self._described()).execution.run_id

    async def history(self, run: str) -> WorkflowHistory:
        """What Temporal has written down of one run."""
        handle = self.client.get_workflow_handle(workflow_id(self.start.case), run_id=run)
        return await handle.fetch_history()

    async def shown(self, attribute: str) -> object:
        """A search attribute, as Temporal has it."""
        payload = (await self._described()).search_attributes.indexed_fields.get(attribute)
        return None if payload is None else json.loads(payload.data or "null")

    async def status(self) -> WorkflowExecutionStatus:
        """Whether the workflow still runs."""
        return WorkflowExecutionStatus((await self._described()).status)

    async def _described(self) -> WorkflowExecutionInfo:
        # The client's own `describe` fails on an attribute that was unset on this server.
        request = DescribeWorkflowExecutionRequest(namespace=self.client.namespace)
        request.execution.workflow_id = workflow_id(self.start.case)
        described = await self.client.workflow_service.describe_workflow_execution(request)
        return described.workflow_execution_info

    async def value(self) -> JsonObject:
        """The case, as it stands."""
        value: JsonObject = await self.handle.query(CASE_VALUE, result_type=dict, rpc_timeout=SOON)
        return value

    async def sequence(self) -> object:
        """The number of the last event."""
        return (await self.value())["sequence"]

    async def skip(self, **length: float) -> None:
        """Let time pass."""
        await self.environment.sleep(timedelta(**length))


@asynccontextmanager
async def skipping_bench(converter: DataConverter = CONVERTER) -> AsyncIterator[Bench]:
    """A case's surroundings on a server that skips time; its worker is the test's to start."""
    async with skipping_server(converter) as environment:
        yield Bench(environment, environment.client)
