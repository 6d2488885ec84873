"""Every test of this folder runs on SQLite and on PostgreSQL, on a fresh database with the newest schema."""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, make_url

from records.engine import open_engine
from records.migrate import migrate
from tests.servers import PostgresServer

PlainSql = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """A migrated database to copy."""
    name = postgres_server.create_database()
    _migrated(postgres_server.url(name))
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    file = tmp_path_factory.mktemp("template") / "records.db"
    _migrated(f"sqlite:///{file}")
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh database with the newest schema."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    file = tmp_path / "records.db"
    shutil.copy(request.getfixturevalue("sqlite_template"), file)
    return f"sqlite:///{file}"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """That database, open. It gives up waiting soon: tests lock it on purpose."""
    engine = open_engine(url, busy_seconds=1)
    yield engine
    engine.dispose()


@pytest.fixture
def plain_sql(url: str) -> PlainSql:
    """Runs a statement on a connection of the bare driver and commits it, past everything that is tested here."""

    def run(statement: str) -> list[tuple[Any, ...]]:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            with closing(sqlite3.connect(str(address.database))) as file, file:
                return file.execute(statement).fetchall()
        host = str(address.query["host"])
        with psycopg.connect(host=host, user=address.username, dbname=address.database) as connection:
            # The tests' own statements, never anybody's words.
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    return run


@pytest.fixture
def until_blocked(engine: Engine, plain_sql: PlainSql) -> Callable[[threading.Thread], None]:
    """Waits until a thread waits for a lock of the database, or is over.

    On SQLite nothing waits inside a transaction: whoever writes has the whole database.
    """

    def wait(thread: threading.Thread) -> None:
        while engine.dialect.name == "postgresql" and thread.is_alive():
            if plain_sql("SELECT count(*) FROM pg_locks WHERE NOT granted") != [(0,)]:
                return

    return wait


def _migrated(url: str) -> None:
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
