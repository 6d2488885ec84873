"""A case on record, on SQLite and on PostgreSQL, for the activities to work on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from records.engine import open_engine, writing
from records.migrate import migrate
from tests.records.story import prepare


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Records with a case that is starting. They give up waiting soon: tests lock them on purpose."""
    if request.param == "postgresql":
        url = str(request.getfixturevalue("postgres_url"))
    else:
        url = f"sqlite:///{tmp_path / 'records.db'}"
    engine = open_engine(url, busy_seconds=1)
    migrate(engine)
    with writing(engine) as session:
        prepare(session)
    yield engine
    engine.dispose()
