"""Chromium, and the pages served on a port of this machine. No browser is a failure, never a skipped test.

The browser is $CHROMIUM if set, else the system's, else what `playwright install chromium` has fetched.
"""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped] # it has none
from playwright.sync_api import Browser, Page, Request, sync_playwright
from sqlalchemy import Engine

from tests.web.conftest import NoCases, prepare_records
from use_cases.change_password import give_one_time_password
from use_cases.database import opened
from use_cases.durable import DurableCases
from web.app import make_app
from web.state import WebSettings

INSTALLED: Final = ("chromium", "chromium-browser", "google-chrome")
WIDE: Final = {"width": 1100, "height": 900}
NARROW: Final = {"width": 320, "height": 640}


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The pages, served."""

    address: str
    records: Engine

    def one_time_password(self, name: str) -> str:
        """A new one-time password."""
        return give_one_time_password(self.records, name, datetime.now(UTC).replace(microsecond=0))


@dataclass
class Visitor:
    """Somebody at a browser; whatever a page may not do is noted, and fails the test at its end.

    Attributes:
        scripts: Whether their scripts work.
        wrong: Requests to other origins, refused scripts and styles, errors in scripts.
    """

    page: Page
    site: Site
    scripts: bool = True
    wrong: list[str] = field(default_factory=list)

    def opens(self, path: str) -> None:
        """Go to a page."""
        self.page.goto(self.site.address + path)

    def finds_no_barrier(self) -> None:
        """Axe has nothing to say about the page as it stands, and nothing sticks out on a narrow screen."""
        self.page.set_viewport_size(NARROW)  # type: ignore[arg-type] # playwright's own typed dict
        assert self.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
        self.page.set_viewport_size(WIDE)  # type: ignore[arg-type] # the same
        if not self.scripts:
            # Axe is a script itself; the page is the same but for the buttons that scripts add.
            return
        options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
        found = Axe().run(self.page, options=options)
        assert found.violations_count == 0, found.generate_report()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser a file: Playwright's loop would be in the way of the tests that have one of their own."""
    named = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, INSTALLED)), None)
    with sync_playwright() as playwright:
        # A container's administrator has no sandbox to offer.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=named, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def cases() -> DurableCases:
    """The durable cases behind the pages; a file that needs real ones has a fixture of its own."""
    return NoCases()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, cases: DurableCases) -> Iterator[Site]:
    """The pages on records of this file's own."""
    file = tmp_path_factory.mktemp("site") / "records.db"
    prepare_records(file)

    async def connect() -> DurableCases:
        return cases

    with socket.socket() as listener, opened(f"sqlite:///{file}") as records:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        settings = WebSettings(
            database_url=f"sqlite:///{file}",
            connect=connect,
            clock=lambda: datetime.now(UTC).replace(microsecond=0),
            port=port,
        )
        server = uvicorn.Server(uvicorn.Config(make_app(settings), log_config=None, timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, args=([listener],))
        # Who connects before the server has started waits in the queue.
        listener.listen()
        thread.start()
        yield Site(address=f"http://127.0.0.1:{port}", records=records)
        server.should_exit = True
        thread.join()


@pytest.fixture(params=["with scripts", "without scripts"])
def visitor(request: pytest.FixtureRequest, chromium: Browser, site: Site) -> Iterator[Visitor]:
    """Somebody at a browser of their own, whose scripts work, or do not."""
    scripts = request.param == "with scripts"
    context = chromium.new_context(java_script_enabled=scripts)
    visitor = Visitor(context.new_page(), site, scripts)

    def note(sent: Request) -> None:
        if not sent.url.startswith((site.address, "data:")):
            visitor.wrong.append(sent.url)

    context.on("request", note)
    context.on("weberror", lambda raised: visitor.wrong.append(str(raised.error)))
    # Chromium also reports each form that comes back with errors, by its status.
    context.on(
        "console",
        lambda said: visitor.wrong.append(said.text) if "Content Security Policy" in said.text else None,
    )
    yield visitor
    context.close()
    assert visitor.wrong == []
