"""Signing in, choosing a password and signing out, as a browser does it without scripts."""

import httpx
import pytest

from tests.web.conftest import NOON, Door, form_token
from use_cases.sign_in import ATTEMPTS, IDLE

OWN = "three dull wet badgers"
GUESS = "another guess"


async def post(browser: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    """Open the page with the form, and send it."""
    page = await browser.get(path)
    return await browser.post(path, data={"csrf": form_token(page), **fields})


async def test_from_a_one_time_password_to_the_first_page(door: Door) -> None:
    """Sign in, be made to choose a password, go on, sign out, and be a stranger again."""
    browser, first = await door.stranger(), door.one_time_password("keyworker")
    answer = await post(browser, "/sign-in", name="keyworker", password=first, next="/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert (await browser.get("/account")).headers["location"] == "/change-password"
    answer = await post(browser, "/change-password", old=first, new=OWN, again=OWN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    page = await browser.get("/account")
    assert "You sign in as <strong>keyworker</strong>" in page.text
    cookie = browser.cookies[door.settings.session_cookie]
    await browser.post("/sign-out", data={"csrf": form_token(page)})
    assert door.settings.session_cookie not in browser.cookies
    browser.cookies.set(door.settings.session_cookie, cookie)
    assert (await browser.get("/account")).headers["location"] == "/sign-in?next=/account"


async def test_what_is_wrong_with_the_form_is_said_in_words(door: Door) -> None:
    """The name is kept, the password never."""
    browser = await door.stranger()
    empty = await post(browser, "/sign-in")
    assert empty.status_code == 422
    assert "Enter the name that you sign in with." in empty.text
    assert "Enter your password." in empty.text
    wrong = await post(browser, "/sign-in", name="<keyworker>", password=GUESS)
    assert wrong.status_code == 403
    assert "do not belong together" in wrong.text
    assert 'value="&lt;keyworker&gt;"' in wrong.text
    assert GUESS not in wrong.text


async def test_a_locked_name_is_told_when_to_try_again(door: Door) -> None:
    browser = await door.stranger()
    for _ in range(ATTEMPTS):
        await post(browser, "/sign-in", name="nobody", password=GUESS)
    locked = await post(browser, "/sign-in", name="nobody", password=GUESS)
    assert locked.status_code == 429
    assert "Try again in 15 minutes" in locked.text


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)", "/\t/example.org"]
)
async def test_signing_in_leads_to_our_own_pages_only(door: Door, elsewhere: str) -> None:
    """Somebody may have made up the address."""
    browser = await door.as_role("keyworker")
    answer = await browser.get("/sign-in", params={"next": elsewhere})
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    ("old", "new", "again", "sentence"),
    [
        ("wrong", OWN, OWN, "This is not the password that you have now."),
        ("", "short", "short", "A password has at least 12 characters."),
        ("", OWN, "something else", "The two new passwords differ."),
    ],
)
async def test_a_password_that_cannot_be_changed_says_why(
    door: Door, old: str, new: str, again: str, sentence: str
) -> None:
    browser = await door.as_role("keyworker")
    answer = await post(browser, "/change-password", old=old, new=new, again=again)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert OWN not in answer.text


async def test_a_session_ends_without_use(door: Door) -> None:
    """The page that was asked for comes after signing in again."""
    browser = await door.as_role("keyworker")
    door.now = NOON + IDLE
    answer = await browser.get("/account?part=roles")
    assert answer.headers["location"] == "/sign-in?next=/account%3Fpart%3Droles"


async def test_a_page_that_a_script_asks_for_is_not_put_into_another(door: Door) -> None:
    """A script is told to go to the sign-in page as a whole."""
    browser = await door.stranger()
    answer = await browser.get("/account", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in?next=/account")
