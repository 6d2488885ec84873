"""Every route, and what it answers to whom: a route that nobody listed here fails the test."""

from dataclasses import dataclass
from typing import Final

import httpx
import pytest
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import Mount

from tests.web.conftest import Door, form_token
from web.app import make_app
from web.security.csrf import require_csrf

SIGN_IN: Final = "303 /sign-in"
CHOOSE: Final = "303 /change-password"


@dataclass(frozen=True)
class Line:
    """One route: what it answers to a stranger, to somebody with a one-time password, and to a keyworker.

    A redirect is written with the path that it leads to.
    """

    route: str
    stranger: str
    one_time: str
    keyworker: str
    path: str | None = None
    """What to ask for, where the route has parameters."""


TABLE: Final = (
    Line("GET /healthz", "200", "200", "200"),
    Line("GET /", SIGN_IN, CHOOSE, "303 /cases"),
    Line("GET /sign-in", "200", "303 /", "303 /"),
    Line("POST /sign-in", "422", "422", "422"),
    Line("POST /sign-out", SIGN_IN, SIGN_IN, SIGN_IN),
    Line("GET /account", SIGN_IN, CHOOSE, "200"),
    Line("GET /change-password", SIGN_IN, "200", "200"),
    Line("POST /change-password", SIGN_IN, "422", "422"),
    Line("GET /cases", SIGN_IN, CHOOSE, "200"),
    Line("GET /cases/refer", SIGN_IN, CHOOSE, "200"),
    Line("POST /cases/refer", SIGN_IN, CHOOSE, "403"),
    Line("GET /cases/live", SIGN_IN, CHOOSE, "422", path="/cases/live?tab=none"),
    Line("GET /cases/{case}", SIGN_IN, CHOOSE, "404", path="/cases/no"),
    Line("GET /cases/{case}/live", SIGN_IN, CHOOSE, "404", path="/cases/no/live?since=0"),
    Line("GET /cases/{case}/actions/{action}", SIGN_IN, CHOOSE, "404", path="/cases/no/actions/a"),
    Line("POST /cases/{case}/actions/{action}", SIGN_IN, CHOOSE, "404", path="/cases/no/actions/a"),
    Line("GET /cases/{case}/interrupts/{interrupt}", SIGN_IN, CHOOSE, "404", path="/cases/no/interrupts/i"),
    Line("POST /cases/{case}/interrupts/{interrupt}", SIGN_IN, CHOOSE, "404", path="/cases/no/interrupts/i"),
    Line(
        "GET /cases/{case}/handovers/{handover}/{answer}", SIGN_IN, CHOOSE, "404", path="/cases/no/handovers/h/accept"
    ),
    Line(
        "POST /cases/{case}/handovers/{handover}/{answer}", SIGN_IN, CHOOSE, "404", path="/cases/no/handovers/h/accept"
    ),
    Line("GET /cases/{case}/consents/{consent}/{party}", SIGN_IN, CHOOSE, "404", path="/cases/no/consents/c/p"),
    Line("POST /cases/{case}/consents/{consent}/{party}", SIGN_IN, CHOOSE, "404", path="/cases/no/consents/c/p"),
    Line("GET /cases/{case}/contacts", SIGN_IN, CHOOSE, "404", path="/cases/no/contacts"),
    Line("POST /cases/{case}/contacts", SIGN_IN, CHOOSE, "404", path="/cases/no/contacts"),
    Line("GET /cases/{case}/answers/{fact}", SIGN_IN, CHOOSE, "404", path="/cases/no/answers/f"),
    Line("POST /cases/{case}/answers/{fact}", SIGN_IN, CHOOSE, "404", path="/cases/no/answers/f"),
    Line("GET /cases/{case}/jobs/{job}", SIGN_IN, CHOOSE, "404", path="/cases/no/jobs/j"),
    Line("POST /cases/{case}/jobs/{job}", SIGN_IN, CHOOSE, "404", path="/cases/no/jobs/j"),
)


def all_routes(door: Door) -> dict[str, RouteContext]:
    """Every route of ours, by method and path."""
    found: dict[str, RouteContext] = {}
    for route in iter_route_contexts(make_app(door.settings).routes):
        if isinstance(route.original_route, Mount):
            assert route.path == "/static"
            continue
        found |= {f"{method} {route.path}": route for method in sorted(route.methods or ())}
    return found


def status_and_place(response: httpx.Response) -> str:
    place = response.headers.get("location")
    return str(response.status_code) if place is None else f"{response.status_code} {place.partition('?')[0]}"


async def asked(browser: httpx.AsyncClient, line: Line) -> str:
    """What a browser is answered that has opened a page with a form before."""
    method, _, path = line.route.partition(" ")
    data = {}
    if method != "GET":
        page = await browser.get("/sign-in", follow_redirects=True)
        data = {"csrf": form_token(page)}
    return status_and_place(await browser.request(method, line.path or path, data=data))


def test_every_route_is_listed(door: Door) -> None:
    """Whoever adds one says who may use it."""
    assert sorted(all_routes(door)) == sorted(line.route for line in TABLE)


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line.route)
async def test_a_stranger_is_sent_to_sign_in(door: Door, line: Line) -> None:
    assert await asked(await door.stranger(), line) == line.stranger


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line.route)
async def test_a_one_time_password_opens_only_the_page_to_change_it(door: Door, line: Line) -> None:
    assert await asked(await door.with_one_time_password("keyworker"), line) == line.one_time


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line.route)
async def test_a_keyworker_is_answered(door: Door, line: Line) -> None:
    assert await asked(await door.as_role("keyworker"), line) == line.keyworker


def test_every_route_that_changes_something_wants_the_token_of_our_forms(door: Door) -> None:
    """The JSON API too: its callers are signed in by the same cookie."""
    without = [
        name
        for name, route in all_routes(door).items()
        if not name.startswith(("GET ", "HEAD "))
        and require_csrf not in {dependency.call for dependency in route.dependant.dependencies}
    ]
    assert without == []


@pytest.mark.parametrize("route", [line.route for line in TABLE if line.route.startswith("POST")])
async def test_a_form_from_elsewhere_changes_nothing(door: Door, route: str) -> None:
    """No token, another session's token, or a browser that says where it comes from."""
    path = route.removeprefix("POST ")
    browser = await door.as_role("keyworker")
    theirs = form_token(await (await door.as_role("psychologist")).get("/account"))
    ours = form_token(await browser.get("/account"))
    cross = {"Sec-Fetch-Site": "cross-site"}
    assert (await browser.post(path)).status_code == 403
    assert (await browser.post(path, data={"csrf": theirs})).status_code == 403
    assert (await browser.post(path, data={"csrf": ours}, headers=cross)).status_code == 403
    assert (await browser.get("/account")).status_code == 200
