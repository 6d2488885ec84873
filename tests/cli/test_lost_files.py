"""A data directory of which something was lost: said before anything is made worse."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from handrail import up
from handrail.embedded.directory import DataDirectory
from handrail.embedded.keys import ensure_payload_keys
from handrail.settings import Settings
from tests.unit.pathways.files import PATHWAYS
from tests.use_cases.in_process import InProcessCases
from tests.use_cases.journey import ROBIN
from use_cases.accounts import open_demonstration_accounts, viewer_of
from use_cases.database import migrate_database, opened
from use_cases.definitions import publish_folder
from use_cases.desk import Desk
from use_cases.errors import UnfitError
from use_cases.outcomes import Done
from use_cases.refer import refer

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def test_lost_keys_are_not_replaced_by_keys_that_open_nothing(tmp_path: Path) -> None:
    directory = DataDirectory(tmp_path)
    ensure_payload_keys(directory.payload_keys, directory.temporal_database)
    directory.temporal_database.touch()
    ensure_payload_keys(directory.payload_keys, directory.temporal_database)
    directory.payload_keys.unlink()
    with pytest.raises(UnfitError, match="from the backup"):
        ensure_payload_keys(directory.payload_keys, directory.temporal_database)
    assert not directory.payload_keys.exists()


async def test_cases_that_run_nowhere_are_named_at_the_start(tmp_path: Path) -> None:
    directory, settings = DataDirectory(tmp_path), Settings(data=tmp_path)
    said: list[str] = []
    with opened(directory.database_url) as records:
        migrate_database(records)
        open_demonstration_accounts(records, publish_folder(records, PATHWAYS, NOW), NOW)
        up._say_what_does_not_run(settings, directory, said.append)
        assert said == []
        desk = Desk(
            records=records,
            cases=InProcessCases(records=records, now=NOW),
            viewer=viewer_of(records, "duty_coordinator"),
            now=NOW,
        )
        assert isinstance(await refer(desk, ROBIN), Done)
    up._say_what_does_not_run(settings, directory, said.append)
    assert "1 open cases were running in it" in said[0]
    directory.temporal_database.touch()
    said.clear()
    up._say_what_does_not_run(settings, directory, said.append)
    assert said == []
