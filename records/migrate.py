"""Brings a database to the schema of this program, and checks it. The migrations ship inside."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from records.engine import reading, writing
from records.errors import SchemaOutdatedError

MIGRATIONS: Final = Path(__file__).parent / "migrations"

# Any number, as long as nobody else uses it: two programs that start at once migrate one after the other.
_MIGRATION_LOCK: Final = 7_246_915_803


def migrate(engine: Engine) -> None:
    """Bring the database to the newest schema, in one transaction; doing it again changes nothing.

    Raises:
        RecordsUnavailableError: The database is locked, away or too slow.
    """
    with writing(engine) as session:
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check_schema(engine: Engine) -> None:
    """Make sure that the database has the schema of this program.

    Raises:
        SchemaOutdatedError: It has another one, or none.
    """
    expected = ScriptDirectory.from_config(_config()).get_current_head()
    with reading(engine) as session:
        found = MigrationContext.configure(session.connection()).get_current_revision()
    if found != expected:
        raise SchemaOutdatedError(found, expected)


def _config() -> Config:
    config = Config()
    # Alembic reads % as the start of a variable.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
