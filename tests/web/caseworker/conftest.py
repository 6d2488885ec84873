"""The caseworkers' pages on cases that need no server: the core decides, the records keep."""

import html
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from pathway_model.language.names import CaseId
from tests.use_cases.in_process import InProcessCases
from tests.web.conftest import NOON, Door, open_door
from use_cases.accounts import viewer_of
from use_cases.database import opened
from use_cases.desk import Desk


@dataclass(kw_only=True)
class Office:
    """The running pages, and desks at which a test takes a case further without them."""

    door: Door
    cases: InProcessCases

    def desk(self, sign_in: str) -> Desk:
        """The desk of whoever signs in with this name."""
        return Desk(
            records=self.door.records,
            cases=self.cases,
            viewer=viewer_of(self.door.records, sign_in),
            now=self.door.now,
        )


@pytest.fixture
async def office(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Office]:
    """Pages and cases on the same fresh records."""
    file = tmp_path / "records.db"
    shutil.copy(sqlite_template, file)
    with opened(f"sqlite:///{file}") as records:
        cases = InProcessCases(records=records, now=NOON)
        async with open_door(file, cases) as door:
            yield Office(door=door, cases=cases)


def hidden(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of the form on a page, as a browser would send them."""
    main = page.text.partition("<main")[2]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', main)
    return {name: html.unescape(value) for name, value in found}


def words(page: httpx.Response) -> str:
    """What a page says, without its tags."""
    text = re.sub(r"<(script|style).*?</\1>", " ", page.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def case_of(response: httpx.Response) -> CaseId:
    """The case to which an answer leads."""
    place = response.headers["location"]
    return CaseId(place.removeprefix("/cases/").partition("?")[0])
