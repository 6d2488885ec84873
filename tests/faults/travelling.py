"""People going through ICoN, whatever fails: each request is sent until it is acknowledged, under one id."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest, DescribeWorkflowExecutionResponse
from temporalio.client import Client

from pathway_model.outcome import Refusal
from records.engine import writing
from records.staging import stage
from tests.faults.histories import Json, history_of
from tests.faults.journeys import Doing, icon
from tests.faults.judge import Evidence, findings
from tests.faults.place import STAFF, Place, now, referral
from tests.faults.processes import PATIENCE, POLL_EVERY, eventually
from tests.faults.tables import Tables, tables_of
from use_cases.durable import TemporalCases
from use_cases.errors import AwayError
from workflows.messages import Answer, CaseStart, Request
from workflows.names import BLOCKED, CASE_VALUE, TASK_QUEUE, workflow_id


@dataclass
class Traveller:
    """One case, and everything that was said to those who acted on it.

    Attributes:
        referred: When, if the referral is entered late.
        away: What was answered to requests that had to be sent again.
    """

    place: Place
    start: CaseStart
    journey: tuple[Doing, ...]
    referred: datetime | None = None
    sent: dict[str, Request] = field(default_factory=dict)
    acknowledged: dict[str, int] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    away: list[str] = field(default_factory=list)

    @property
    def requests(self) -> tuple[str, ...]:
        """The ids of the requests of the journey, the referral first."""
        names = ("referral", *(name for name, _ in self.journey))
        return tuple(f"{self.start.case}-{number}-{name}" for number, name in enumerate(names))

    def time(self) -> datetime:
        """The case's own."""
        return now() + timedelta(seconds=self.start.shift)

    async def travel(self, until: int | None = None) -> None:
        """Go on from where the journey is, up to a request's number, or to its end."""
        for number in range(len(self.acknowledged), len(self.requests) if until is None else until):
            await self.insist(self.requests[number])

    async def insist(self, request: str) -> int:
        """Send a request of the journey until it is acknowledged."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    outcome = await self.send(self.request(request))
                except AwayError as error:
                    self.away.append(error.sentence)
                    await asyncio.sleep(POLL_EVERY)
                    continue
                assert isinstance(outcome, Answer), (request, outcome)
                return outcome.sequence

    async def send(self, request: Request, client: Client | None = None) -> Answer | Refusal:
        """Send a request once, as a use case does.

        Raises:
            HandrailError: It was not answered.
        """
        cases = TemporalCases(client or self.place.client, TASK_QUEUE)
        if request.event.kind == "referred":
            outcome = await cases.begin(self.start, request)
        else:
            outcome = await cases.take(self.start.case, request)
        if isinstance(outcome, Refusal):
            self.refused.add(request.id)
        else:
            before = self.acknowledged.setdefault(request.id, outcome.sequence)
            assert before == outcome.sequence, f"{request.id} was acknowledged as {before} and {outcome.sequence}"
        return outcome

    def request(self, name: str) -> Request:
        """A request of the journey: made once, and the same each time that it is sent."""
        if name not in self.sent:
            number = self.requests.index(name)
            at, case = self.time(), self.start.case
            event = self.journey[number - 1][1](at, case) if number else referral(case, self.referred or at)
            self.stage(Request(id=name, event=event, account=STAFF))
        return self.sent[name]

    def stage(self, request: Request) -> Request:
        """Put the words of personal answers aside for when the request is recorded."""
        answers = getattr(request.event, "answers", {})
        personal = {fact: "words" for fact in answers if icon().definition.facts[fact].personal}
        if personal:
            with writing(self.place.records) as session:
                stage(session, self.start.case, request.id, dict(personal), now=request.event.at)
        self.sent[request.id] = request
        return request

    async def value(self) -> Json:
        """Where the durable case stands."""
        handle = self.place.client.get_workflow_handle(workflow_id(self.start.case))
        value: Json = await handle.query(CASE_VALUE, result_type=dict, rpc_timeout=timedelta(seconds=PATIENCE))
        return value

    async def tables(self) -> Tables:
        """The case's rows."""
        return await asyncio.to_thread(tables_of, self.place.database, self.start.case)

    async def blocked(self) -> str | None:
        """Why Temporal shows the case to be blocked, if it does."""
        shown = (await self.described()).workflow_execution_info.search_attributes.indexed_fields.get(BLOCKED)
        return None if shown is None else json.loads(shown.data or "null")

    async def described(self) -> DescribeWorkflowExecutionResponse:
        """What Temporal shows of the case."""
        request = DescribeWorkflowExecutionRequest(namespace="default")
        request.execution.workflow_id = workflow_id(self.start.case)
        return await self.place.client.workflow_service.describe_workflow_execution(request)

    async def judged(self) -> Evidence:
        """Wait until nothing is under way, then judge the case."""
        await eventually(self._is_quiet, f"nothing of case {self.start.case} is under way")
        evidence = Evidence(
            case=self.start.case,
            acknowledged=dict(self.acknowledged),
            refused=frozenset(self.refused - self.acknowledged.keys()),
            history=await history_of(self.place.client, self.start.case),
            value=await self.value(),
            now=self.time(),
            tables=await self.tables(),
            mails=tuple(self.place.mailbox.messages),
        )
        assert findings(evidence) == []
        return evidence

    async def _is_quiet(self) -> bool:
        described = await self.described()
        if described.pending_activities or described.HasField("pending_workflow_task"):
            return False
        tables = await self.tables()
        value = await self.value()
        wakes = (turn["wake"] for turn in value.get("clocks", {}).values() if "wake" in turn)
        return (
            value.get("sequence") == len(tables.events)
            and not any(notice["status"] == "queued" for notice in tables.notices)
            # Soon enough to fall between two looks, it is waited for.
            and all(datetime.fromisoformat(wake) > self.time() + timedelta(seconds=5) for wake in wakes)
        )


async def judge_all(travellers: list[Traveller]) -> list[Evidence]:
    """Judge each case."""
    return [await traveller.judged() for traveller in travellers]
