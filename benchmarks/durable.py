"""ICoN through Handrail, beside the same journey through a workflow that was written for it by hand.

Three contenders take turns in each round, on one real server: Handrail; `by hand` (`benchmarks/by_hand`: the same
guarantees, codec and ways to save, bare SQLite); and `plain`, the same by hand without those ways: in the sandbox, on
asyncio, with Temporal's usual JSON, a timer armed anew each time, and no search attributes.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Final, Protocol

from pydantic import JsonValue
from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy

from benchmarks.by_hand.messages import Deed, Start
from benchmarks.by_hand.records import HandRecords
from benchmarks.by_hand.workflow import IconByHand
from benchmarks.compressed import CONTACTS, NOW, at_once, deeds, quick_icon
from benchmarks.durable_worker import CONVERTERS, Contender
from benchmarks.processes import Server, cpu_seconds, end, memory_kib, remove, start_worker
from pathway_model.case import Value
from pathway_model.events import ActionTaken, ConsentRecorded, HandoverAnswered, PersonEvent, Referred
from pathway_model.language.names import CaseId, ContactId
from pathway_model.outcome import Refusal
from records import accounts, cases, contacts, definitions, people, staging
from records.accounts import Account, Membership
from records.case_events import rows_of
from records.contacts import Contact
from records.engine import open_engine, reading, writing
from records.migrate import migrate
from records.notices import of_case
from records.people import Person, Way
from records.scope import SYSTEM
from use_cases.durable import TemporalCases
from workflows.messages import CaseStart, Request
from workflows.names import SEARCH_ATTRIBUTES, workflow_id

ROUNDS: Final = 5
NO_ROUND_AFTER: Final = 100.0
"""Seconds: on a busy machine there are fewer rounds, so that all of it stays below five minutes."""
CASES: Final = 6
"""A round and contender, at once; then one more alone."""
CACHED: Final = 18
CACHED_STEPS: Final = 10
NOTICES: Final = 12
STAFF: Final = "staff"
PERSONAL: Final = ("reason", "findings", "life_goals")
CONTENDERS: Final[tuple[Contender, ...]] = ("handrail", "by hand", "plain")


class Cases(Protocol):
    """One contender, as the journey sees it."""

    def prepare(self, case: str) -> None:
        """Put on record what is there before the referral."""

    async def do(self, case: str, number: int, event: PersonEvent) -> None:
        """Do one thing, and hear that it is recorded."""

    def workflow(self, case: str) -> str:
        """The id of its workflow."""

    def check(self, case: str, steps: int) -> None:
        """Make sure that all of it is on record."""


class ByHandrail:
    """Handrail's own way: the same client as the use cases have."""

    def __init__(self, client: Client, file: Path) -> None:
        self._pathway = quick_icon()
        self._definition = self._pathway.definition.canonical()
        self._engine = open_engine(f"sqlite:///{file}")
        self._cases = TemporalCases(client, "handrail")
        migrate(self._engine)
        with writing(self._engine) as session:
            self._digest = definitions.publish(session, self._pathway.definition, now=NOW)
            accounts.add(session, Account(id=STAFF, sign_in=STAFF, name="Synthetic Staff"), now=NOW)
            for role, agency in self._pathway.agency_of.items():
                accounts.give_role(session, STAFF, Membership(agency, role), now=NOW)

    def prepare(self, case: str) -> None:
        """Put a person, their contacts and the case on record."""
        ways = (Way(channel="email", address=f"{case}@example.org"),)
        with writing(self._engine) as session:
            people.add(session, Person(id=f"p-{case}", name="Synthetic Person", ways=ways), now=NOW)
            cases.add(session, CaseId(case), person=f"p-{case}", digest=self._digest, now=NOW)
            for name, kind in CONTACTS.items():
                own = ContactId(f"{case}-{name}")
                contact = Contact(id=own, case=CaseId(case), kind=kind, name=name, ways=ways)
                contacts.add(session, contact, now=NOW)

    async def do(self, case: str, number: int, event: PersonEvent) -> None:
        """Send one request."""
        request = Request(id=f"{case}-{number}", event=event, account=STAFF)
        words = {name: "words" for name in PERSONAL if name in getattr(event, "answers", ())}
        if words:
            with writing(self._engine) as session:
                staging.stage(session, case, request.id, words, now=NOW)
        if number == 0:
            start = CaseStart(case=CaseId(case), definition=self._definition, shift=_shift())
            answer = await self._cases.begin(start, request)
        else:
            answer = await self._cases.take(CaseId(case), request)
        assert not isinstance(answer, Refusal), answer

    def workflow(self, case: str) -> str:
        """As Handrail names it."""
        return workflow_id(CaseId(case))

    def check(self, case: str, steps: int) -> None:
        """A row for each request, and everybody told."""
        with reading(self._engine) as session:
            assert sum(row.request_id is not None for row in rows_of(session, case)) == steps
            assert [one.status for one in of_case(session, SYSTEM, case)] == ["delivered"] * NOTICES


class ByHand:
    """The hand-written workflow."""

    def __init__(self, client: Client, file: Path, queue: str, *, lazy: bool) -> None:
        self._client = client
        self._queue = queue
        self._lazy = lazy
        self._records = HandRecords(file)
        self._records.create()

    def prepare(self, case: str) -> None:
        """Put a case on record, with ways to reach everybody."""
        self._records.add(case, ["person", *(f"{case}-{name}" for name in CONTACTS)])

    async def do(self, case: str, number: int, event: PersonEvent) -> None:
        """Send one update."""
        deed = deed_of(event, f"{case}-{number}")
        words = {name: "words" for name in PERSONAL if name in deed.answers}
        if words:
            self._records.stage(case, deed.id, words)
        if number:
            handle = self._client.get_workflow_handle_for(IconByHand.run, self.workflow(case))
            await handle.execute_update(IconByHand.do, deed, id=deed.id)
            return
        start = Start(case=case, shift=_shift(), lazy=self._lazy, attributes=self._lazy)
        operation = WithStartWorkflowOperation(
            IconByHand.run,
            start,
            id=self.workflow(case),
            task_queue=self._queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )
        await self._client.execute_update_with_start_workflow(
            IconByHand.do, deed, start_workflow_operation=operation, id=deed.id
        )

    def workflow(self, case: str) -> str:
        """Of its own."""
        return f"by-hand-{case}"

    def check(self, case: str, steps: int) -> None:
        """Every step, a chain that holds, and everybody told."""
        assert self._records.audit(case) == (steps, NOTICES)


@dataclass
class Measured:
    """What a contender used, one figure a round; latencies of all rounds together, in milliseconds."""

    server: list[float] = field(default_factory=list)
    worker: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    events: list[float] = field(default_factory=list)
    size: list[float] = field(default_factory=list)
    cached: list[float] = field(default_factory=list)

    @property
    def cpu(self) -> list[float]:
        """Server and worker."""
        return [server + worker for server, worker in zip(self.server, self.worker, strict=True)]


class Bench:
    """The server, and whoever is measured on it."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._server = Server(directory, SEARCH_ATTRIBUTES)
        self._story = deeds(quick_icon())
        self._clients: dict[Contender, Client] = {}
        self._cases: dict[Contender, Cases] = {}
        self.measured = {contender: Measured() for contender in CONTENDERS}

    async def run(self) -> None:
        """Measure all of them, in turns."""
        await self._server.start()
        try:
            for contender in CONTENDERS:
                await self._enter(contender)
            await self._rounds()
            for contender in CONTENDERS:
                await self._memory(contender)
        finally:
            await end(self._server.process)

    async def _enter(self, contender: Contender) -> None:
        client = await Client.connect(self._server.address, data_converter=CONVERTERS[contender])
        file = self._records(contender)
        lazy = contender != "plain"
        self._clients[contender] = client
        self._cases[contender] = (
            ByHandrail(client, file) if contender == "handrail" else ByHand(client, file, contender, lazy=lazy)
        )

    def _records(self, contender: Contender) -> Path:
        return self._directory / f"{contender.replace(' ', '-')}.db"

    async def _rounds(self) -> None:
        workers = {}
        try:
            for contender in CONTENDERS:
                workers[contender] = await self._worker(contender)
                await self._journey(contender, "warm")
            began = time.monotonic()
            for number in range(ROUNDS):
                if time.monotonic() - began > NO_ROUND_AFTER:
                    break
                for contender in _turns(number):
                    await self._round(contender, workers[contender], str(number))
        finally:
            for worker in workers.values():
                await end(worker)

    async def _round(self, contender: Contender, worker: asyncio.subprocess.Process, name: str) -> None:
        measured, server = self.measured[contender], self._server.process
        assert server is not None
        before, began = (cpu_seconds(server), cpu_seconds(worker)), time.monotonic()
        taken = await asyncio.gather(*(self._journey(contender, f"{name}-{number}") for number in range(CASES)))
        elapsed = time.monotonic() - began
        measured.server.append((cpu_seconds(server) - before[0]) * 1000 / CASES)
        measured.worker.append((cpu_seconds(worker) - before[1]) * 1000 / CASES)
        measured.rate.append(CASES / elapsed)
        steps = [one for journey in taken for one in journey]
        measured.p50.append(median(steps))
        measured.p99.append(quantiles(steps, n=100)[98])
        measured.alone.append(median(await self._journey(contender, f"{name}-alone")))
        events, size = await self._history(contender, f"{name}-0")
        measured.events.append(events)
        measured.size.append(size / 1000)

    async def _journey(self, contender: Contender, name: str, steps: int | None = None) -> list[float]:
        """One case, from its referral; milliseconds of each step. To its end, unless only some steps are wanted."""
        taker, case = self._cases[contender], f"{contender.replace(' ', '-')}-{name}"
        taker.prepare(case)
        taken = []
        for number, event in enumerate(_some(at_once(self._story, case), steps)):
            began = time.perf_counter()
            await taker.do(case, number, event)
            taken.append((time.perf_counter() - began) * 1000)
        if steps is None:
            await self._clients[contender].get_workflow_handle(taker.workflow(case)).result()
            taker.check(case, len(self._story))
        return taken

    async def _history(self, contender: Contender, name: str) -> tuple[int, int]:
        """Events and bytes of a case in all its runs, as the server counts them."""
        case = f"{contender.replace(' ', '-')}-{name}"
        client, workflow = self._clients[contender], self._cases[contender].workflow(case)
        events = size = 0
        async for run in client.list_workflows(f"WorkflowId = '{workflow}'"):
            described = await client.get_workflow_handle(workflow, run_id=run.run_id).describe()
            info = described.raw_description.workflow_execution_info
            events, size = events + info.history_length, size + info.history_size_bytes
        return events, size

    async def _memory(self, contender: Contender) -> None:
        """What a worker that has only just begun holds for each case that waits."""
        worker = await self._worker(contender)
        try:
            await self._journey(contender, "memory-warm")
            await self._many(contender, "memory-first")
            before = memory_kib(worker)
            await self._many(contender, "memory-second")
            self.measured[contender].cached.append((memory_kib(worker) - before) / CACHED)
        finally:
            await end(worker)

    async def _many(self, contender: Contender, name: str) -> None:
        for begin in range(0, CACHED, CASES):
            journeys = (self._journey(contender, f"{name}-{begin + number}", CACHED_STEPS) for number in range(CASES))
            await asyncio.gather(*journeys)

    async def _worker(self, contender: Contender) -> asyncio.subprocess.Process:
        log = self._directory / "worker.log"
        return await start_worker(contender, self._server.address, self._records(contender), log)


def main() -> None:
    """Measure, and print what came of it."""
    directory = Path(tempfile.mkdtemp(prefix="handrail-benchmark-"))
    try:
        bench = Bench(directory)
        asyncio.run(bench.run())
        _print(bench.measured)
    finally:
        remove(directory)


def deed_of(event: PersonEvent, request: str) -> Deed:
    """What the hand-written workflow calls it."""
    answers: dict[str, JsonValue] = {}
    match event:
        case Referred():
            what = "refer"
            answers |= {str(contact): kind for contact, kind in event.contacts.items()}
        case ActionTaken():
            what = event.action
            answers |= {name: _plain(value) for name, value in event.answers.items()}
        case ConsentRecorded():
            what = "consent"
            answers |= {"consent": event.consent, "party": event.party, "status": event.status}
        case HandoverAnswered():
            what = f"handover {event.handover} {event.answer}"
        case _:
            raise AssertionError(event)
    return Deed(id=request, what=what, by=event.by, at=event.at, account=STAFF, answers=answers)


def _plain(value: Value) -> JsonValue:
    if isinstance(value, tuple):
        return list(value)
    return value if isinstance(value, str | bool | int | float) else value.isoformat()


def _some(events: Iterator[PersonEvent], steps: int | None) -> Iterator[PersonEvent]:
    for number, event in enumerate(events):
        if number == steps:
            return
        yield event


def _shift() -> int:
    return int((NOW - datetime.now(UTC)).total_seconds()) + 60


def _turns(number: int) -> tuple[Contender, ...]:
    """Another one begins each round."""
    first = number % len(CONTENDERS)
    return CONTENDERS[first:] + CONTENDERS[:first]


def _print(measured: Mapping[Contender, Measured]) -> None:
    rows: tuple[tuple[str, str, str], ...] = (
        ("CPU a case, ms", "cpu", "{:,.0f}"),
        ("  of the server", "server", "{:,.0f}"),
        ("  of the worker", "worker", "{:,.0f}"),
        (f"cases/s, {CASES} at once", "rate", "{:.2f}"),
        ("a step, p50 ms", "p50", "{:,.0f}"),
        ("a step, p99 ms", "p99", "{:,.0f}"),
        ("a step alone, p50 ms", "alone", "{:,.0f}"),
        ("events a case", "events", "{:,.0f}"),
        ("kB a case", "size", "{:,.1f}"),
        ("KiB a cached case", "cached", "{:,.0f}"),
    )
    rounds = len(measured["handrail"].rate)
    print(f"S1 of ICoN, compressed; {rounds} rounds of {CASES} cases; min / median / max")
    for title, name, form in rows:
        ours = getattr(measured["handrail"], name)
        for contender, figures in measured.items():
            theirs = getattr(figures, name)
            line = f"  {title:<24} {contender:<9} {_spread(theirs, form):>24}"
            if contender != "handrail":
                ratios = [our / their for our, their in zip(ours, theirs, strict=True)]
                line += f"   Handrail takes {_spread(ratios, '{:.2f}')} times as much"
            print(line)


def _spread(values: list[float], form: str) -> str:
    return " / ".join(form.format(value) for value in (min(values), median(values), max(values)))
