"""On PostgreSQL two may write at once: one of them is told to send it again, in words that name nobody."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from tests.unit.pathways.files import PATHWAYS
from tests.use_cases.conftest import NOW, Desks
from tests.use_cases.in_process import InProcessCases
from tests.use_cases.journey import ROBIN
from use_cases import refer as module
from use_cases.accounts import open_demonstration_accounts
from use_cases.database import migrate_database, opened
from use_cases.definitions import publish_folder
from use_cases.errors import HandrailError, InputError, NotRecordedError
from use_cases.outcomes import Done, Outcome
from use_cases.refer import refer


@pytest.fixture
def records(postgres_url: str) -> Iterator[Engine]:
    """Records on PostgreSQL."""
    with opened(postgres_url) as engine:
        migrate_database(engine)
        open_demonstration_accounts(engine, publish_folder(engine, PATHWAYS, NOW), NOW)
        yield engine


def test_a_double_click_refers_once(at_desk: Desks, cases: InProcessCases, monkeypatch: pytest.MonkeyPatch) -> None:
    both_have_looked = threading.Barrier(2, timeout=20)
    put_person = module._person

    def together(*given: object) -> str:
        both_have_looked.wait()
        return put_person(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_person", together)
    told: list[Outcome | HandrailError] = []

    def click() -> None:
        try:
            told.append(asyncio.run(refer(at_desk("duty_coordinator"), ROBIN)))
        except HandrailError as error:
            told.append(error)

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    (refused,) = [answer for answer in told if isinstance(answer, NotRecordedError)]
    (done,) = [answer for answer in told if isinstance(answer, Done)]
    assert "acts once" in str(refused)
    assert "Robin" not in str(refused)
    assert refused.__cause__ is None
    monkeypatch.undo()
    assert asyncio.run(refer(at_desk("duty_coordinator"), ROBIN)) == done
    assert len(cases.sent) == 1


async def test_what_is_too_long_to_be_kept_is_no_surprise(at_desk: Desks) -> None:
    with pytest.raises(InputError, match="longer than can be kept"):
        await refer(at_desk("duty_coordinator"), replace(ROBIN, name="R" * 300))
