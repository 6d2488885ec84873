"""Fixtures for every folder of tests: real servers, started on first use, one set per test process."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from hypothesis import settings

from tests.servers import Mailbox, PostgresServer, TemporalDevServer

# A noisy machine must not fail a property: the hang guard is pytest's time limit.
settings.register_profile("handrail", deadline=None)
settings.load_profile("handrail")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL instance. A test that stops it starts it again."""
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """The database that `postgres_url` copies: empty, unless a folder's conftest prepares one."""
    return "template1"


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, postgres_template: str) -> Iterator[str]:
    """SQLAlchemy's address of a fresh database, dropped after the test."""
    name = postgres_server.create_database(template=postgres_template)
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def temporal_dev_server() -> AsyncIterator[TemporalDevServer]:
    """A Temporal server shared by the whole run. A test that kills servers makes one of its own."""
    server = TemporalDevServer()
    try:
        await server.start()
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def mailbox_server() -> Iterator[Mailbox]:
    """A mailbox that listens for the whole run."""
    mailbox = Mailbox()
    mailbox.start()
    yield mailbox
    mailbox.stop()


@pytest.fixture
def smtp_mailbox(mailbox_server: Mailbox) -> Mailbox:
    """An empty mailbox. A test that stops it starts it again."""
    mailbox_server.messages.clear()
    return mailbox_server
