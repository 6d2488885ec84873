"""Transactions: one writer at a time, a reader's own moment, and plain words when the database is locked or away."""

import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session

from pathway_model.events import ClockCameDue
from records import accounts, case_events
from records.accounts import Account
from records.engine import open_engine, reading, writing
from records.errors import CommitUnknownError, ConflictingStepError, RecordsUnavailableError
from records.migrate import migrate
from records.tables.cases import CaseRow
from records.tables.staff import AccountRow
from tests.records.conftest import PlainSql
from tests.records.story import AT, DAY, gone_on, prepare, recording, referred, then


def add(session: Session, name: str, now: datetime = AT) -> None:
    accounts.add(session, Account(id=name, sign_in=name, name=name), now=now)


def test_sqlite_has_its_safety_on(tmp_path: object) -> None:
    """Write-ahead log, foreign keys, and commits that survive a power cut."""
    engine = open_engine(f"sqlite:///{tmp_path}/records.db")
    with reading(engine) as session:
        asked = [session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "foreign_keys", "synchronous")]
    engine.dispose()
    assert asked == ["wal", 1, 2]


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    """It holds identities; so do the files that SQLite puts beside it."""
    file = tmp_path / "records.db"
    engine = open_engine(f"sqlite:///{file}")
    migrate(engine)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    engine.dispose()
    assert modes == {"records.db": 0o600, "records.db-shm": 0o600, "records.db-wal": 0o600}


def test_whatever_is_raised_leaves_nothing(engine: Engine, plain_sql: PlainSql) -> None:
    """A transaction is all or nothing."""

    def add_and_fail() -> None:
        with writing(engine) as session:
            add(session, "sam")
            raise KeyError

    with pytest.raises(KeyError):
        add_and_fail()
    assert plain_sql("SELECT count(*) FROM accounts") == [(0,)]


def test_a_reader_cannot_change_anything(engine: Engine, plain_sql: PlainSql) -> None:
    """Neither database lets it, and the next writer on the same connection can."""
    with pytest.raises(DBAPIError), reading(engine) as session:
        add(session, "sam")
    with writing(engine) as session:
        add(session, "alex")
    assert plain_sql("SELECT id FROM accounts") == [("alex",)]


def test_a_reader_sees_one_moment(engine: Engine) -> None:
    """A page made of several queries does not change under its reader."""
    with reading(engine) as session:
        assert session.scalars(select(AccountRow.id)).all() == []
        with writing(engine) as other:
            add(other, "sam")
        assert session.scalars(select(AccountRow.id)).all() == []
    with reading(engine) as session:
        assert session.scalars(select(AccountRow.id)).all() == ["sam"]


def test_instants_come_back_in_utc(engine: Engine) -> None:
    """Whatever zone they went in with."""
    summer = timezone(timedelta(hours=1))
    with writing(engine) as session:
        add(session, "sam", now=datetime(2026, 7, 1, 9, 30, 15, tzinfo=summer))
    with reading(engine) as session:
        found = session.scalars(select(AccountRow.added_at)).one()
    assert found == datetime(2026, 7, 1, 8, 30, 15, tzinfo=UTC)
    assert found.utcoffset() == timedelta(0)


def test_an_instant_without_a_zone_is_refused(engine: Engine) -> None:
    """Nobody can say what it means."""
    with pytest.raises(StatementError, match="time zone"), writing(engine) as session:
        add(session, "sam", now=datetime(2026, 7, 1, 9, 30))  # noqa: DTZ001 - what is tested


def test_two_writers_at_once_both_write(engine: Engine, plain_sql: PlainSql) -> None:
    """Many threads, one row each: nobody is turned away, nobody is lost."""
    together = threading.Barrier(6)

    def write(number: int) -> None:
        together.wait()
        for turn in range(5):
            with writing(engine) as session:
                add(session, f"{number}-{turn}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert plain_sql("SELECT count(*) FROM accounts") == [(30,)]


def test_of_two_different_second_steps_one_is_recorded(
    engine: Engine, plain_sql: PlainSql, until_blocked: Callable[[threading.Thread], None]
) -> None:
    """Two workers who both believe that they have the case: one is told that another step stands there."""
    first = referred()
    with writing(engine) as session:
        prepare(session)
        case_events.append(session, recording(first))
    outcomes: list[str] = []

    def record_another() -> None:
        try:
            with writing(engine) as session:
                case_events.append(session, recording(then(first, ClockCameDue(at=AT + DAY, turn="overlap#1"))))
        except ConflictingStepError:
            outcomes.append("refused")

    rival = threading.Thread(target=record_another)
    with writing(engine) as session:
        case_events.append(session, recording(gone_on(first)))
        rival.start()
        until_blocked(rival)
    rival.join()
    assert outcomes == ["refused"]
    assert plain_sql("SELECT kind FROM case_events WHERE sequence = 2") == [("action taken",)]
    assert plain_sql("SELECT sequence FROM cases") == [(2,)]


def test_a_locked_database_is_said_to_be_unavailable(engine: Engine, url: str, plain_sql: PlainSql) -> None:
    """Another process holds what the step needs for longer than a writer waits."""
    first = referred()
    with writing(engine) as session:
        prepare(session)
    other = open_engine(url)
    try:
        with writing(other) as holder:
            holder.execute(select(CaseRow).with_for_update())
            with pytest.raises(RecordsUnavailableError), writing(engine) as session:
                case_events.append(session, recording(first))
        with writing(engine) as session:
            case_events.append(session, recording(first))
    finally:
        other.dispose()
    assert plain_sql("SELECT count(*) FROM case_events") == [(1,)]


def test_a_writer_of_the_same_process_waits_its_turn_and_no_longer(engine: Engine) -> None:
    """A thread that never lets go does not stop the others for ever."""
    with writing(engine) as holder:
        add(holder, "sam")
        with pytest.raises(RecordsUnavailableError), writing(engine) as session:
            add(session, "sam")


def test_a_database_that_is_away_is_said_to_be_unavailable(tmp_path: object) -> None:
    """A folder that is not there, a server that does not listen."""
    for url in (f"sqlite:///{tmp_path}/nowhere/records.db", f"postgresql+psycopg://x@/x?host={tmp_path}"):
        engine = open_engine(url)
        with pytest.raises(RecordsUnavailableError), reading(engine) as session:
            session.execute(text("SELECT 1"))
        engine.dispose()


def test_a_fault_of_ours_is_not_called_unavailable(engine: Engine) -> None:
    """A missing table will still be missing when it is tried again."""
    with pytest.raises(DBAPIError), reading(engine) as session:
        session.execute(text("SELECT * FROM no_such_table"))


def test_errors_do_not_repeat_what_somebody_said(engine: Engine) -> None:
    """The words of a failed statement stay out of messages and logs."""
    with writing(engine) as session:
        add(session, "sam")
    with pytest.raises(DBAPIError) as raised, writing(engine) as session:
        session.add(AccountRow(id="x", sign_in="sam", name="Something recognisable", added_at=AT))
    assert "Something recognisable" not in str(raised.value)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (sqlite3.SQLITE_FULL, RecordsUnavailableError),
        (sqlite3.SQLITE_BUSY, RecordsUnavailableError),
        (sqlite3.SQLITE_IOERR, CommitUnknownError),
    ],
)
def test_a_commit_that_found_no_room_or_no_lock_certainly_stored_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, said: type[Exception]
) -> None:
    """A full disk must not leave a case in doubt; a disk that fails in the middle of it must."""
    engine = open_engine(f"sqlite:///{tmp_path}/records.db")
    migrate(engine)

    def fail(_connection: object) -> None:
        error = sqlite3.OperationalError("as told")
        error.sqlite_errorcode = code
        raise error

    monkeypatch.setattr(engine.dialect, "do_commit", fail)
    with pytest.raises(said), writing(engine) as session:
        add(session, "sam")
    engine.dispose()
