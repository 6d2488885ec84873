"""ICoN published in a database of its own, with the demonstration accounts, and cases that need no server."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from pathway_model.language.names import CaseId
from tests.unit.pathways.files import PATHWAYS
from tests.use_cases.in_process import InProcessCases
from use_cases.accounts import open_demonstration_accounts, viewer_of
from use_cases.database import migrate_database, opened
from use_cases.definitions import publish_folder
from use_cases.desk import Desk

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)

Desks = Callable[[str], Desk]


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Engine]:
    """Records with everything that is needed before the first referral."""
    with opened(f"sqlite:///{tmp_path / 'records.db'}") as engine:
        migrate_database(engine)
        open_demonstration_accounts(engine, publish_folder(engine, PATHWAYS, NOW), NOW)
        yield engine


@pytest.fixture
def cases(records: Engine) -> InProcessCases:
    """Cases that the test can look behind."""
    return InProcessCases(records=records, now=NOW)


@pytest.fixture
def at_desk(records: Engine, cases: InProcessCases) -> Desks:
    """The desk of whoever signs in with this name."""
    return lambda sign_in: Desk(records=records, cases=cases, viewer=viewer_of(records, sign_in), now=cases.now)


NOWHERE = CaseId("nowhere")
