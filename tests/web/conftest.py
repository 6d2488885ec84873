"""The pages as a browser without scripts sees them: the whole application, on fresh records."""

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx
import pytest
from sqlalchemy import Engine

from pathway_model.language.names import CaseId
from pathway_model.outcome import Refusal
from records import accounts, sign_ins
from records.engine import writing
from records.sign_ins import Password
from use_cases.accounts import open_demonstration_accounts
from use_cases.change_password import give_one_time_password
from use_cases.database import migrate_database, opened
from use_cases.definitions import publish_folder
from use_cases.durable import DurableCases
from use_cases.sign_in import begin_session
from web.app import make_app
from web.state import WebSettings
from workflows.messages import Answer, CaseStart, Request

ROOT: Final = Path(__file__).parents[2]
ADDRESS: Final = "http://127.0.0.1:8000"
NOON: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)


class NoCases:
    """Durable cases for tests that begin none."""

    async def begin(self, start: CaseStart, request: Request) -> Answer | Refusal:
        """Fail."""
        raise AssertionError(start, request)

    async def take(self, case: CaseId, request: Request) -> Answer | Refusal:
        """Fail."""
        raise AssertionError(case, request)


@dataclass(kw_only=True)
class Door:
    """The running application.

    Attributes:
        settings: Those it runs with.
        records: Its records.
        now: What its clock says; a test sets it.
    """

    settings: WebSettings
    records: Engine
    browsers: AsyncExitStack
    transport: httpx.ASGITransport
    clock: list[datetime] = field(default_factory=lambda: [NOON])

    @property
    def now(self) -> datetime:
        """What the clock says."""
        return self.clock[0]

    @now.setter
    def now(self, instant: datetime) -> None:
        self.clock[0] = instant

    async def stranger(self, address: str = ADDRESS) -> httpx.AsyncClient:
        """A browser in which nobody is signed in; it follows no redirect by itself."""
        browser = httpx.AsyncClient(transport=self.transport, base_url=address)
        return await self.browsers.enter_async_context(browser)

    def one_time_password(self, name: str) -> str:
        """A new one-time password."""
        return give_one_time_password(self.records, name, self.now)

    async def as_role(self, role: str) -> httpx.AsyncClient:
        """A browser in which the demonstration account of a role is signed in."""
        return await self._signed_in(role)

    async def with_one_time_password(self, role: str) -> httpx.AsyncClient:
        """A browser in which that account is signed in with a one-time password."""
        with writing(self.records) as session:
            account = accounts.find_by_sign_in(session, role)
            sign_ins.set_password(session, account.id, Password(hashed="?", one_time=True), now=self.now)
        return await self._signed_in(role)

    async def _signed_in(self, role: str) -> httpx.AsyncClient:
        # Past the sign-in page, whose hashing is slow on purpose.
        with writing(self.records) as session:
            token = begin_session(session, accounts.find_by_sign_in(session, role).id, self.now)
        browser = await self.stranger()
        browser.cookies.set(self.settings.session_cookie, token)
        return browser


def form_token(page: httpx.Response) -> str:
    """The token of the forms on a page."""
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', page.text)
    assert found, page.text
    return found.group(1)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records with ICoN published and an account for each role."""
    file = tmp_path_factory.mktemp("template") / "records.db"
    prepare_records(file)
    return file


def prepare_records(file: Path) -> None:
    """Make records with ICoN published and an account for each role."""
    with opened(f"sqlite:///{file}") as records:
        migrate_database(records)
        definitions = publish_folder(records, ROOT / "pathways", NOON)
        open_demonstration_accounts(records, definitions, NOON)


@asynccontextmanager
async def open_door(database: Path, cases: DurableCases, **changes: object) -> AsyncIterator[Door]:
    """The application on these records, with settings changed."""
    clock = [NOON]

    async def connect() -> DurableCases:
        return cases

    settings = WebSettings(database_url=f"sqlite:///{database}", connect=connect, clock=lambda: clock[0])
    settings = replace(settings, **changes)  # type: ignore[arg-type] # a test names what it changes
    app = make_app(settings)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.router.lifespan_context(app))
        records = app.state.handrail.records
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        yield Door(settings=settings, records=records, browsers=stack, transport=transport, clock=clock)


@pytest.fixture
async def door(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Door]:
    """The application on fresh records, without cases."""
    file = tmp_path / "records.db"
    shutil.copy(sqlite_template, file)
    async with open_door(file, NoCases()) as opened_door:
        yield opened_door
