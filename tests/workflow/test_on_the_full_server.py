"""What only the full server shows: what is in history, and the records being there when the answer is."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import Engine
from temporalio.api.enums.v1 import EventType
from temporalio.exceptions import ApplicationError

from activities.mail import MailSettings, SmtpPost
from pathway_model.events import ActionTaken, Referred
from records import cases, definitions, people
from records.case_events import folded, rows_of
from records.engine import open_engine, reading, writing
from records.migrate import migrate
from records.notices import still_queued
from records.people import Person, Way
from records.scope import SYSTEM
from tests.servers import Mailbox
from tests.workflow.support import SOON, Bench
from tests.workflow.tiny import TINY
from use_cases.durable import TemporalCases
from use_cases.errors import ConflictError
from workers.worker import build_worker
from workflows.messages import Answer, Request
from workflows.names import STEP, TASK_QUEUE


@pytest_asyncio.fixture
async def begun(real_bench: Bench) -> AsyncIterator[Bench]:
    """A case on the full server, with fakes for records and deliveries."""
    async with real_bench.worker():
        await real_bench.begin()
        yield real_bench


async def _events(bench: Bench) -> Counter[str]:
    history = await bench.handle.fetch_history()
    return Counter(EventType.Name(event.event_type).removeprefix("EVENT_TYPE_") for event in history.events)


async def test_what_the_validator_refuses_leaves_no_trace(begun: Bench) -> None:
    """Not one event; nor does a repetition of what was done already, but for the asking."""
    before = await _events(begun)
    for _ in range(3):
        with pytest.raises(ApplicationError):
            await begun.take("refused", "only_manager")
    assert await _events(begun) == before


async def test_a_step_costs_no_more_than_it_must(begun: Bench) -> None:
    """Accepted, recorded by one eager activity, answered: no timer and no attribute where nothing changed."""
    before = await _events(begun)
    await begun.take("one")
    cost = await _events(begun) - before
    assert cost == {
        "WORKFLOW_TASK_SCHEDULED": 2,
        "WORKFLOW_TASK_STARTED": 2,
        "WORKFLOW_TASK_COMPLETED": 2,
        "WORKFLOW_EXECUTION_UPDATE_ACCEPTED": 1,
        "ACTIVITY_TASK_SCHEDULED": 1,
        "ACTIVITY_TASK_STARTED": 1,
        "ACTIVITY_TASK_COMPLETED": 1,
        "WORKFLOW_EXECUTION_UPDATE_COMPLETED": 1,
    }


async def test_a_clock_that_is_put_off_costs_no_timer(begun: Bench) -> None:
    """The timer of the first deadline stays; what the case shows changes."""
    await begun.take("one", "support")
    await begun.take("two", "support_more")
    events = await _events(begun)
    assert (events["TIMER_STARTED"], events["TIMER_CANCELED"]) == (1, 0)
    assert await begun.shown(STEP) == ["supported_more"]


async def test_an_ended_case_completes_and_refuses_what_comes_later(begun: Bench) -> None:
    """The workflow is over: what acted is found in the records, and anything else comes too late."""
    client = TemporalCases(begun.client, TASK_QUEUE)
    event = ActionTaken(at=await begun.now(), by="keyworker", action="finish")
    answer = await client.take(begun.start.case, Request(id="finish", event=event))
    assert answer == Answer(sequence=2)
    await begun.handle.result(rpc_timeout=SOON)
    with pytest.raises(ConflictError):
        await client.take(begun.start.case, Request(id="later", event=event))
    with pytest.raises(ConflictError):
        await client.begin(begun.start, Request(id="referral", event=Referred(at=event.at, by="referrer")))


@pytest.fixture
def engine(tmp_path: Path, real_bench: Bench) -> Engine:
    """Real records, with the person and the case that is starting."""
    engine = open_engine(f"sqlite:///{tmp_path / 'records.db'}")
    migrate(engine)
    return engine


async def test_whoever_is_answered_reads_what_they_wrote(
    real_bench: Bench, engine: Engine, smtp_mailbox: Mailbox
) -> None:
    """The whole way: real records, a real mail server, and a worker as in production."""
    now = await real_bench.now()
    with writing(engine) as session:
        digest = definitions.publish(session, TINY, now=now)
        way = Way(channel="email", address="somebody@example.org")
        people.add(session, Person(id="someone", name="Synthetic Person", ways=(way,)), now=now)
        cases.add(session, real_bench.start.case, person="someone", digest=digest, now=now)
    mail = MailSettings(host=smtp_mailbox.host, port=smtp_mailbox.port, security="none")
    client = TemporalCases(real_bench.client, TASK_QUEUE)
    async with build_worker(real_bench.client, engine, {"email": SmtpPost(mail)}):
        referred = Request(id="referral", event=Referred(at=now, by="referrer"))
        assert await client.begin(real_bench.start, referred) == Answer(sequence=1)
        for number in range(2, 12):
            event = ActionTaken(at=now, by="keyworker", action="greet" if number == 2 else "note")
            answer = await client.take(real_bench.start.case, Request(id=f"request {number}", event=event))
            with reading(engine) as session:
                found = cases.find(session, SYSTEM, real_bench.start.case)
            assert answer == Answer(sequence=number)
            assert found.sequence == number
        while await asyncio.to_thread(_is_queued, engine):  # noqa: ASYNC110 - a database tells nobody
            await asyncio.sleep(0.05)
        with reading(engine) as session:
            requests = [row.request_id for row in rows_of(session, real_bench.start.case)]
            assert folded(session, real_bench.start.case) == await real_bench.value()
    assert requests[1:] == [f"request {number}" for number in range(2, 12)]
    assert len(smtp_mailbox.messages) == 1
    engine.dispose()


def _is_queued(engine: Engine) -> bool:
    with reading(engine) as session:
        return bool(still_queued(session, datetime.max.replace(tzinfo=UTC)))
