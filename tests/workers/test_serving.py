"""A worker's life: it refuses a database that is not its own, hosts cases, and stops when it is told to."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pathway_model.events import Referred
from records import cases, definitions, people
from records.case_events import rows_of
from records.engine import open_engine, reading, writing
from records.errors import SchemaOutdatedError
from records.migrate import migrate
from records.people import Person
from tests.servers import TemporalDevServer
from tests.workflow.support import KEYS, SOON, a_case
from tests.workflow.tiny import TINY
from use_cases.durable import TemporalCases
from workers.serving import Serving, WorkerSettings, serve
from workflows.client import connect, register_search_attributes
from workflows.messages import Answer, CaseStart, Request


async def test_a_database_of_another_version_is_refused(temporal_dev_server: TemporalDevServer, tmp_path: Path) -> None:
    """Before anything is hosted: its rows would be wrong."""
    client = await connect(temporal_dev_server.address, KEYS)
    with pytest.raises(SchemaOutdatedError):
        await serve(client, Serving(database_url=f"sqlite:///{tmp_path / 'empty.db'}"), asyncio.Event())


async def test_a_worker_hosts_cases_until_it_is_told_to_stop(
    temporal_dev_server: TemporalDevServer, tmp_path: Path
) -> None:
    """One case, from its referral to the records, on a task queue of the settings."""
    url = f"sqlite:///{tmp_path / 'records.db'}"
    client = await connect(temporal_dev_server.address, KEYS)
    await register_search_attributes(client)
    now = datetime.now(UTC).replace(microsecond=0)
    case = a_case()
    engine = open_engine(url)
    migrate(engine)
    with writing(engine) as session:
        digest = definitions.publish(session, TINY, now=now)
        people.add(session, Person(id="someone", name="Synthetic Person"), now=now)
        cases.add(session, case, person="someone", digest=digest, now=now)
    stop = asyncio.Event()
    settings = WorkerSettings(task_queue=f"queue-{case}")
    serving = asyncio.create_task(serve(client, Serving(database_url=url, settings=settings), stop))
    start = CaseStart(case=case, definition=TINY.canonical())
    request = Request(id="referral", event=Referred(at=now, by="referrer"))
    assert await TemporalCases(client, settings.task_queue).begin(start, request) == Answer(sequence=1)
    with reading(engine) as session:
        assert rows_of(session, case)[0].request_id == "referral"
    stop.set()
    await asyncio.wait_for(serving, SOON.total_seconds())
    engine.dispose()
