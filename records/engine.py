"""Opens the database, SQLite or PostgreSQL by the address alone, and its transactions.

Everything is done inside `reading(engine)` or `writing(engine)`, each one transaction. None may be held
across a call to Temporal.
"""

import contextlib
import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from records.errors import CommitUnknownError, RecordsUnavailableError

BUSY_SECONDS: Final = 10.0
"""How long a writer waits for its turn before it answers `RecordsUnavailableError`."""

STATEMENT_SECONDS: Final = 8
"""Below the time that an activity has for an attempt: a slow statement fails by itself, saying what it stored."""

_WRITES: Final = "handrail_writes"
_TURN: Final = "handrail_turn"

_PASSING: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
"""SQLite's result codes for what may pass; anything else, such as a missing table, is a fault of ours."""


def open_engine(url: str, *, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """Open a database: `sqlite:////path/to/file.db` or `postgresql+psycopg://user@host/name`.

    Nothing is connected yet; a new SQLite file is readable by its owner only. Dispose of the engine at the end.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _open_sqlite(url, busy_seconds)
    return _open_postgresql(url, busy_seconds)


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """One transaction that sees one moment and cannot change anything.

    Raises:
        RecordsUnavailableError: The database is locked, away or too slow.
    """
    options = {} if _is_sqlite(engine) else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with _said_plainly(), Session(engine.execution_options(**options)) as session, session.begin():
        yield session


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """One transaction that is committed at the end, or leaves nothing when anything is raised.

    Raises:
        RecordsUnavailableError: The database is locked, away or too slow; nothing was changed.
        CommitUnknownError: It was lost while committing: the change may be stored, or not.
    """
    options = {_WRITES: True}
    with _said_plainly(), _turn(engine), Session(engine.execution_options(**options)) as session:
        yield session
        session.flush()
        try:
            session.commit()
        except DBAPIError as error:
            cause = _passing_cause(error)
            if cause is None:
                raise
            if _certainly_not_stored(error):
                raise RecordsUnavailableError(cause) from error
            raise CommitUnknownError(cause) from error


def _open_sqlite(url: str, busy_seconds: float) -> Engine:
    _make_private(url)
    engine = create_engine(
        url,
        connect_args={"timeout": busy_seconds},
        pool_size=10,
        pool_timeout=busy_seconds,
        execution_options={_TURN: (threading.Lock(), busy_seconds)},
        json_serializer=_write_json,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        # Otherwise the driver begins transactions when it sees fit, and never for a read.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        # A commit that was answered survives a power cut; NORMAL would not promise that.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = bool(connection.get_execution_options().get(_WRITES))
        # A transaction that begins as a reader and writes later fails at once if somebody wrote in between,
        # without waiting: writers say so from the start.
        connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _make_private(url: str) -> None:
    """A new file is the owner's alone: it holds identities. SQLite gives its other files the same mode."""
    file = make_url(url).database
    if file is not None:
        # Whatever is wrong with the place is said when the database is used.
        with contextlib.suppress(OSError):
            Path(file).touch(mode=0o600)


def _open_postgresql(url: str, busy_seconds: float) -> Engine:
    settings = {
        "timezone": "UTC",
        "statement_timeout": f"{STATEMENT_SECONDS}s",
        "lock_timeout": f"{int(busy_seconds * 1000)}ms",
        "idle_in_transaction_session_timeout": "60s",
    }
    return create_engine(
        url,
        connect_args={
            "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
            "connect_timeout": max(2, int(busy_seconds)),
            # A network that swallows packets is noticed before every thread waits for it.
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "tcp_user_timeout": 10_000,
        },
        pool_pre_ping=True,
        pool_size=10,
        pool_timeout=busy_seconds,
        json_serializer=_write_json,
        hide_parameters=True,
    )


@contextlib.contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """On SQLite the writers of this process queue here: its own waiting polls, and is unfair."""
    turn = engine.get_execution_options().get(_TURN)
    if turn is None:
        yield
        return
    lock, seconds = turn
    if not lock.acquire(timeout=seconds):
        raise RecordsUnavailableError("another writer is busy")
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except PoolTimeoutError as error:
        raise RecordsUnavailableError("every connection is in use") from error
    except DBAPIError as error:
        cause = _passing_cause(error)
        if cause is None:
            raise
        raise RecordsUnavailableError(cause) from error


def _passing_cause(error: DBAPIError) -> str | None:
    match error.orig:
        case sqlite3.OperationalError() as raised:
            # The low byte is the kind of failure, the rest its variety.
            code = getattr(raised, "sqlite_errorcode", 0)
            return str(raised) if code & 0xFF in _PASSING else None
        case psycopg.OperationalError() as raised:
            return raised.diag.message_primary or "no connection"
        case psycopg.InterfaceError():
            return "no connection"
        case _:
            return "no connection" if error.connection_invalidated else None


def _certainly_not_stored(error: DBAPIError) -> bool:
    """Whether a commit that failed left nothing: SQLite had no room for it, or no lock, and rolls back."""
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return isinstance(error.orig, sqlite3.OperationalError) and code & 0xFF in {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_BUSY,
    }


def _is_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


def _write_json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)
