"""Plays a scenario durably: the real workflow and the real records, on a server that skips time.

Only people's actions are sent; every clock event follows a timer of the case. What is heard is read from the
records, so that a trace which equals the pure core's shows that nothing on the way added, lost or reordered
anything. Months pass in seconds.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import Engine
from temporalio.client import WorkflowHistory
from temporalio.converter import DataConverter
from temporalio.testing import WorkflowEnvironment

from activities.mail import Message, Post
from pathway_model.case import Case
from pathway_model.changes import case_from, fold
from pathway_model.clocks import next_wake
from pathway_model.effects import EFFECT
from pathway_model.events import EVENT, FactCorrected, StaffingChanged
from pathway_model.language.definition import Channel
from pathway_model.language.names import PERSON, CaseId, ContactId
from pathway_model.outcome import Refusal, Step
from pathway_model.pathway import Pathway
from pathway_model.recording import JsonObject
from pathway_model.scenarios.expectations import Heard
from pathway_model.scenarios.runner import Report, cues_of, report
from pathway_model.scenarios.scenario import Scenario
from pathway_model.scenarios.script import Cue
from records import accounts, cases, contacts, definitions, people, staging
from records.accounts import Account, Membership
from records.case_events import rows_of
from records.contacts import Contact
from records.engine import open_engine, reading, writing
from records.migrate import migrate
from records.notices import still_queued
from records.people import Person, Way
from use_cases.durable import TemporalCases
from workers.skipping import skipping_server
from workers.worker import build_worker
from workflows.messages import CaseStart, Request, SentEvent
from workflows.names import TASK_QUEUE, workflow_id
from workflows.payloads import KEY_BYTES, PayloadKeys, data_converter

CASE: Final = CaseId("rehearsal")
STAFF: Final = "staff"

# One run from beginning to end: the server cannot skip time over a delivery that a run left behind.
ONE_RUN: Final = 100_000

WAYS: Final = (
    Way(channel="email", address="somebody@example.org"),
    Way(channel="letter", address="1 Example Street"),
    Way(channel="text message", address="01632 960000"),
)
SETTLED_WITHIN: Final = 60.0
"""Seconds. A bound on a hang: a clock is recorded within a few milliseconds."""
END_OF_TIME: Final = datetime.max.replace(tzinfo=UTC)


class Nowhere:
    """Takes every message; none arrives anywhere."""

    async def send(self, message: Message) -> None:
        """Take a message."""


async def rehearse(pathway: Pathway, scenario: Scenario, lines: Sequence[int] = ()) -> Report:
    """Play a scenario durably.

    Args:
        pathway: The pathway that it was checked against.
        scenario: The story.
        lines: Where each line of the story stands in its file.

    Raises:
        ValueError: The story does not fit the pathway; reading it would have said so.
        NoTestServerError: Temporal's test server is not installed.
        HandrailError: The case could not answer.
    """
    cues = cues_of(pathway, scenario)
    async with on_stage(pathway, scenario) as driver:
        heard = [await driver.play(cue) for cue in cues]
    return report(pathway, scenario, heard, lines)


class Durable:
    """A case on a real server, as the driver of a scenario."""

    def __init__(self, pathway: Pathway, engine: Engine, environment: WorkflowEnvironment, shift: int) -> None:
        self._pathway = pathway
        self._engine = engine
        self._environment = environment
        self._shift = timedelta(seconds=shift)
        self._cases = TemporalCases(environment.client, TASK_QUEUE)
        self._value: JsonObject = {}
        self._case: Case | None = None
        self._requests = 0

    async def play(self, cue: Cue) -> Heard:
        """Let time pass until the cue, then do what it says; a refusal ends the line."""
        # Time goes on while something is done: what can be done before, is.
        requests = [self._request(event) for event in cue.events]
        await asyncio.to_thread(self._stage_answers, requests)
        await self._pass_until(cue.at)
        refusal: Refusal | None = None
        for request in requests:
            if isinstance(request.event, StaffingChanged):
                await asyncio.to_thread(self._staff, request.event)
            refusal = await self._send(request)
            if refusal is not None:
                break
        async with asyncio.timeout(SETTLED_WITHIN):
            steps = await self._recorded(cue)
        return Heard(steps=steps, refusal=refusal, case=self._case)

    async def history(self) -> WorkflowHistory:
        """What Temporal has written down of the case."""
        return await self._environment.client.get_workflow_handle(workflow_id(CASE)).fetch_history()

    async def _pass_until(self, instant: datetime) -> None:
        """To just after the instant: a case may lag behind the world, and never be ahead of it."""
        left = instant - (await self._environment.get_current_time() + self._shift)
        if left > timedelta(0):
            await self._environment.sleep(left + timedelta(milliseconds=5))

    def _request(self, event: SentEvent) -> Request:
        self._requests += 1
        return Request(id=f"{CASE}-{self._requests}", event=event, account=STAFF)

    def _stage_answers(self, requests: Sequence[Request]) -> None:
        """Put words behind the answers that the case only knows to have been given."""
        facts = self._pathway.definition.facts
        for request in requests:
            event = request.event
            answered = [event.fact] if isinstance(event, FactCorrected) else getattr(event, "answers", ())
            words: JsonObject = {name: "words" for name in answered if facts[name].personal}
            if words:
                with writing(self._engine) as session:
                    staging.stage(session, CASE, request.id, words, now=event.at)

    def _staff(self, event: StaffingChanged) -> None:
        """Let the records know first: a case believes them."""
        membership = Membership(self._pathway.agency_of[event.role], event.role)
        with writing(self._engine) as session:
            if event.somebody:
                accounts.give_role(session, STAFF, membership, now=event.at)
            else:
                accounts.end_role(session, STAFF, membership, now=event.at)

    async def _send(self, request: Request) -> Refusal | None:
        if self._case is None:
            start = CaseStart(
                case=CASE,
                definition=self._pathway.definition.canonical(),
                shift=int(self._shift.total_seconds()),
                continue_after=ONE_RUN,
            )
            outcome = await self._cases.begin(start, request)
        else:
            outcome = await self._cases.take(CASE, request)
        return outcome if isinstance(outcome, Refusal) else None

    async def _recorded(self, cue: Cue) -> tuple[Step, ...]:
        """What was recorded since the last time, once every clock and every notice has been dealt with."""
        steps = await asyncio.to_thread(self._new_steps, cue)
        while self._is_due(cue.at) or await asyncio.to_thread(self._has_queued_notices):
            await asyncio.sleep(0.01)
            steps += await asyncio.to_thread(self._new_steps, cue)
        return steps

    def _is_due(self, instant: datetime) -> bool:
        wake = None if self._case is None else next_wake(self._case)
        return wake is not None and wake <= instant

    def _has_queued_notices(self) -> bool:
        with reading(self._engine) as session:
            return bool(still_queued(session, END_OF_TIME))

    def _new_steps(self, cue: Cue) -> tuple[Step, ...]:
        seen = 0 if self._case is None else self._case.sequence
        steps = []
        with reading(self._engine) as session:
            for row in rows_of(session, CASE)[seen:]:
                if row.entered > cue.at and not cue.events:
                    break  # A clock of the next second, which the real one has already reached.
                self._value = fold(self._value, row.changes)
                self._case = case_from(self._value)
                steps.append(
                    Step(
                        event=EVENT.validate_python(row.event),
                        entered=row.entered,
                        case=self._case,
                        effects=tuple(EFFECT.validate_python(effect) for effect in row.effects),
                    )
                )
        return tuple(steps)


@asynccontextmanager
async def on_stage(
    pathway: Pathway, scenario: Scenario, converter: DataConverter | None = None
) -> AsyncIterator[Durable]:
    """Everything that a case needs, made for it alone and removed afterwards.

    Args:
        pathway: The pathway that the scenario was checked against.
        scenario: The story that is going to be played.
        converter: Of the payloads; left out, they are encrypted with a key that is thrown away.
    """
    begins = scenario.story[0].at.instant
    thrown_away = PayloadKeys(current="once", keys={"once": secrets.token_bytes(KEY_BYTES)})
    converter = converter or data_converter(thrown_away)
    with TemporaryDirectory(prefix="handrail-rehearsal-") as directory:
        engine = open_engine(f"sqlite:///{Path(directory) / 'records.db'}")
        try:
            await asyncio.to_thread(_furnish, engine, pathway, scenario, begins)
            async with skipping_server(converter) as environment:
                posts: dict[Channel, Post] = {way.channel: Nowhere() for way in WAYS}
                async with build_worker(environment.client, engine, posts):
                    now = await environment.get_current_time()
                    yield Durable(pathway, engine, environment, ceil((begins - now).total_seconds()))
        finally:
            engine.dispose()


def _furnish(engine: Engine, pathway: Pathway, scenario: Scenario, now: datetime) -> None:
    """Put on record what a use case would have: the definition, the people, and somebody in every role."""
    migrate(engine)
    with writing(engine) as session:
        digest = definitions.publish(session, pathway.definition, now=now)
        number = scenario.people[PERSON]
        people.add(session, Person(id=PERSON, name="Synthetic Person", nhs_number=number, ways=WAYS), now=now)
        cases.add(session, CASE, person=PERSON, digest=digest, now=now)
        kinds = {name: kind for name, kind in scenario.people.items() if name != PERSON}
        for line in scenario.story:
            kinds |= line.adds
        for name, kind in kinds.items():
            contact = Contact(id=ContactId(name), case=CASE, kind=kind, name=name, ways=WAYS)
            contacts.add(session, contact, now=now)
        accounts.add(session, Account(id=STAFF, sign_in=STAFF, name="Synthetic Staff"), now=now)
        for role, agency in pathway.agency_of.items():
            accounts.give_role(session, STAFF, Membership(agency, role), now=now)
