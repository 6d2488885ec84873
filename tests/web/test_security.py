"""Headers, cookies and names: what a browser is told, and what it is not told."""

import re
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from records.engine import writing
from tests.web.conftest import Door, NoCases, form_token, open_door
from web.rendering import STATIC_FILES

PAGES = ("/sign-in", "/account", "/change-password", "/nowhere")


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_runs_only_what_bears_its_nonce(door: Door, path: str) -> None:
    """Nothing inline without it, nothing from elsewhere, and another one each time."""
    browser = await door.as_role("keyworker")
    pages = [await browser.get(path, follow_redirects=True) for _ in range(2)]
    nonces = []
    for page in pages:
        policy = page.headers["content-security-policy"]
        found = re.search(r"script-src 'nonce-([\w-]{20,})'; style-src 'nonce-\1';", policy)
        assert found, policy
        nonces.append(found.group(1))
        assert "unsafe" not in policy
        assert policy.startswith("default-src 'none';")
        assert "frame-ancestors 'none'" in policy
        scripts = re.findall(r"<script[^>]*>|<link rel=\"stylesheet\"[^>]*>|<style[^>]*>", page.text)
        assert scripts
        assert [tag for tag in scripts if f'nonce="{nonces[-1]}"' not in tag] == []
        assert not re.search(r"\sstyle=|\son\w+=|javascript:", page.text)
        assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", page.text)
    assert nonces[0] != nonces[1]


@pytest.mark.parametrize("path", [*PAGES, "/healthz", "/api/nowhere"])
async def test_nobody_keeps_frames_or_guesses_an_answer(door: Door, path: str) -> None:
    headers = (await (await door.stranger()).get(path)).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "strict-transport-security" not in headers


async def test_a_built_file_may_be_kept_when_its_address_has_its_version(door: Door) -> None:
    """Another content has another address."""
    browser = await door.stranger()
    page = await browser.get("/sign-in")
    [style] = re.findall(r'href="(/static/handrail\.css\?v=\w+)"', page.text)
    assert "immutable" in (await browser.get(style)).headers["cache-control"]
    assert (await browser.get("/static/handrail.css")).headers["cache-control"] == "no-cache"
    assert (await browser.get("/static/nothing.css")).status_code == 404


def test_built_files_fetch_nothing_from_elsewhere() -> None:
    """Neither the design system's font nor its logo is ours to use."""
    styles = (STATIC_FILES / "handrail.css").read_text()
    assert not re.search(r"url\([\"']?(?:https?:)?//|@font-face|@import", styles)
    for address in set(re.findall(r"url\([\"']?/static/([^\"')?]+)", styles)):
        assert (STATIC_FILES / address).is_file()


async def test_cookies_are_out_of_the_reach_of_scripts_and_other_sites(door: Door) -> None:
    first = door.one_time_password("keyworker")
    browser = await door.stranger()
    page = await browser.get("/sign-in")
    sent = {"csrf": form_token(page), "name": "keyworker", "password": first}
    answer = await browser.post("/sign-in", data=sent)
    for cookie in (page.headers["set-cookie"], answer.headers["set-cookie"]):
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Secure" not in cookie
        assert first not in cookie


async def test_behind_https_cookies_stay_there(sqlite_template: Path, tmp_path: Path) -> None:
    """Secure, for this host only, and browsers remember to come back by https."""
    file = tmp_path / "records.db"
    shutil.copy(sqlite_template, file)
    async with open_door(file, NoCases(), secure=True, hosts=("handrail.example",)) as door:
        page = await (await door.stranger("https://handrail.example")).get("/sign-in")
        assert page.headers["set-cookie"].startswith("__Host-handrail_visit=")
        assert "; Secure" in page.headers["set-cookie"]
        assert page.headers["strict-transport-security"] == "max-age=31536000"


async def test_pages_are_not_answered_under_a_strangers_name(door: Door) -> None:
    """Another site's name may be made to lead to this machine."""
    browser = await door.stranger("http://evil.example:8000")
    assert (await browser.get("/sign-in")).status_code == 400


@pytest.mark.parametrize(("path", "kind"), [("/nowhere", "text/html"), ("/api/nowhere", "application/problem+json")])
async def test_what_is_not_there_is_said_in_plain_words(door: Door, path: str, kind: str) -> None:
    """To people on a page, to programs as a problem document."""
    answer = await (await door.stranger()).get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith(kind)
    assert "There is nothing at this address, or you may not see it." in answer.text


async def test_a_method_that_a_page_does_not_have_is_refused(door: Door) -> None:
    answer = await (await door.stranger()).put("/sign-in")
    assert answer.status_code == 405
    assert "Method not allowed" in answer.text


async def test_records_that_do_not_fit_are_said_to_be_away(door: Door) -> None:
    """No traceback, no address of the database; try again later."""
    with writing(door.records) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    answer = await (await door.stranger()).get("/healthz")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert "handrail migrate-database" in answer.text


async def test_a_fault_of_ours_is_admitted_and_tells_nothing(door: Door) -> None:
    """The page still has its headers."""
    browser = await door.as_role("keyworker")
    with writing(door.records) as session:
        session.execute(text("DROP TABLE passwords"))
    answer = await browser.get("/account")
    assert answer.status_code == 500
    assert "This is a fault in Handrail" in answer.text
    assert "passwords" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "content-security-policy" in answer.headers
