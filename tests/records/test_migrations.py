"""The migrations lead to exactly the tables that the code believes in, on both databases."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, Engine, inspect, text

from records.engine import open_engine, reading, writing
from records.errors import SchemaOutdatedError
from records.migrate import check_schema, migrate
from records.tables.metadata import METADATA
from tests.records.conftest import PlainSql
from tests.servers import PostgresServer

ROOT: Final = Path(__file__).parents[2]


def test_the_migrated_schema_is_the_one_in_the_code(engine: Engine) -> None:
    """No table, column, type, default, index or constraint differs."""
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []


def test_check_constraints_are_migrated_too(engine: Engine) -> None:
    """Alembic does not compare these."""
    in_code = {
        (table.name, str(constraint.name))
        for table in METADATA.sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    inspector = inspect(engine)
    migrated = {
        (table, str(constraint["name"]))
        for table in inspector.get_table_names()
        for constraint in inspector.get_check_constraints(table)
    }
    assert in_code
    assert migrated == in_code


def test_migrating_again_changes_nothing(engine: Engine, plain_sql: PlainSql) -> None:
    """Every start of the program may do it."""
    migrate(engine)
    check_schema(engine)
    assert plain_sql("SELECT count(*) FROM alembic_version") == [(1,)]


def test_an_empty_database_is_told_apart(tmp_path: Path) -> None:
    """Before it is migrated, the program says what to run."""
    engine = open_engine(f"sqlite:///{tmp_path}/records.db")
    with pytest.raises(SchemaOutdatedError, match="migrate-database"):
        check_schema(engine)
    engine.dispose()


def test_a_database_of_a_newer_program_is_told_apart(engine: Engine) -> None:
    """An older program does not write into it."""
    with writing(engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaOutdatedError, match="9999"):
        check_schema(engine)


def test_programs_that_start_at_once_migrate_once(request: pytest.FixtureRequest, url: str, tmp_path: Path) -> None:
    """Both come up, whoever was first."""
    if url.startswith("sqlite"):
        empty = f"sqlite:///{tmp_path}/empty.db"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        empty = server.url(server.create_database())
    program = (
        "import sys; from records.engine import open_engine; from records.migrate import migrate;"
        "migrate(open_engine(sys.argv[1]))"
    )
    started = [subprocess.Popen([sys.executable, "-c", program, empty], cwd=ROOT) for _ in range(2)]
    assert [process.wait(60) for process in started] == [0, 0]
    engine = open_engine(empty)
    check_schema(engine)
    engine.dispose()


def test_a_failed_migration_leaves_nothing(tmp_path: Path) -> None:
    """A table in the way: none of the others is made."""
    engine = open_engine(f"sqlite:///{tmp_path}/records.db")
    with writing(engine) as session:
        session.execute(text("CREATE TABLE notices (id INTEGER)"))
    with pytest.raises(Exception, match="already exists"):
        migrate(engine)
    with reading(engine) as session:
        assert inspect(session.connection()).get_table_names() == ["notices"]
    engine.dispose()
