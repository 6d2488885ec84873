"""The records' database: open it, bring it to this program's schema, or say why it does not fit."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError

from records.caseload import Caseload, count
from records.engine import open_engine, reading
from records.migrate import check_schema, migrate
from records.scope import SYSTEM
from use_cases.errors import InputError
from use_cases.plain_words import in_plain_words


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """Open the database of this address; nothing is connected before it is used.

    Raises:
        InputError: It is no such address. The message does not repeat it: it may hold a password.
    """
    try:
        engine = open_engine(url)
    except (ArgumentError, ModuleNotFoundError):
        raise InputError(
            "The setting database_url is not an address that can be used.",
            "Write postgresql+psycopg://USER:PASSWORD@HOST/NAME, or leave it out for SQLite in the data directory.",
        ) from None
    try:
        yield engine
    finally:
        engine.dispose()


def migrate_database(records: Engine) -> None:
    """Bring the database to the schema of this program; doing it again changes nothing.

    Raises:
        UnfitError: The database is newer than this program.
        NotRecordedError: It is locked or away.
    """
    with in_plain_words():
        migrate(records)


def check_database(records: Engine) -> None:
    """Make sure that the database has the schema of this program.

    Raises:
        UnfitError: It has not; the message says what to do.
        NotRecordedError: It is locked or away.
    """
    with in_plain_words():
        check_schema(records)


def open_cases(records: Engine) -> int:
    """How many cases have begun and not ended.

    Raises:
        NotRecordedError: The database is locked or away.
    """
    with in_plain_words(), reading(records) as session:
        return count(session, SYSTEM, Caseload(status="open"))
