"""PostgreSQL going away: before a commit nothing was changed, while committing nobody can say."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from records import accounts
from records.accounts import Account
from records.engine import open_engine, reading, writing
from records.errors import CommitUnknownError, RecordsUnavailableError
from tests.records.story import AT
from tests.servers import PostgresServer

SAM = Account(id="a1", sign_in="sam", name="Sam")


@pytest.fixture
def postgresql(postgres_url: str) -> Iterator[Engine]:
    engine = open_engine(postgres_url, busy_seconds=1)
    yield engine
    engine.dispose()


def cut_off(engine: Engine, session: Session) -> None:
    """End a session's connection from the server's side, and wait until it is gone."""
    process = session.scalar(text("SELECT pg_backend_pid()"))
    with writing(engine) as other:
        other.execute(text("SELECT pg_terminate_backend(:process, 10000)"), {"process": process})


def test_a_connection_lost_before_the_commit_changed_nothing(postgresql: Engine) -> None:
    """It is tried again without a second thought."""

    def add_and_lose() -> None:
        with writing(postgresql) as session:
            cut_off(postgresql, session)
            accounts.add(session, SAM, now=AT)

    with pytest.raises(RecordsUnavailableError):
        add_and_lose()
    with writing(postgresql) as session:
        accounts.add(session, SAM, now=AT)
        assert accounts.find(session, "a1") == SAM


def test_a_connection_lost_while_committing_leaves_it_open(postgresql: Engine) -> None:
    """The caller is told to do the same again, not that nothing happened."""

    def add_and_lose() -> None:
        with writing(postgresql) as session:
            accounts.add(session, SAM, now=AT)
            cut_off(postgresql, session)

    with pytest.raises(CommitUnknownError):
        add_and_lose()


def test_a_server_that_was_restarted_is_used_again(postgresql: Engine, postgres_server: PostgresServer) -> None:
    """Connections kept in the pool are asked before they are used: nobody meets a dead one."""
    with reading(postgresql) as session:
        session.execute(text("SELECT 1"))
    postgres_server.stop()
    postgres_server.start()
    with reading(postgresql) as session:
        assert session.scalar(text("SELECT 1")) == 1


def test_a_server_that_is_down_is_said_to_be_unavailable(postgresql: Engine, postgres_server: PostgresServer) -> None:
    """With a connection that was good before."""
    with reading(postgresql) as session:
        session.execute(text("SELECT 1"))
    postgres_server.stop()
    try:
        with pytest.raises(RecordsUnavailableError), reading(postgresql) as session:
            session.execute(text("SELECT 1"))
    finally:
        postgres_server.start()
