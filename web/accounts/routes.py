"""Signing in, signing out, choosing a password, and one's own account."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from use_cases.change_password import change_password
from use_cases.desk import Desk
from use_cases.errors import InputError
from use_cases.sign_in import SignedIn, SignInRefusedError, TooManyAttemptsError, sign_in, sign_out
from web.accounts.presenters import AccountPage, ChangePasswordPage, SignInPage, present_account
from web.failures import failure_of
from web.rendering import render
from web.security.csrf import require_csrf
from web.security.sessions import (
    current_desk,
    forget_session,
    session_token,
    set_session,
    signed_in,
    signed_in_or_none,
)
from web.state import now_of, state_of

HOME: Final = "/cases"
"""Where somebody starts who asked for no page in particular."""

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]


@router.get("/")
def home(_desk: Annotated[Desk, Depends(current_desk)]) -> Response:
    """The first page."""
    return RedirectResponse(HOME, HTTPStatus.SEE_OTHER)


@router.get("/sign-in")
def show_sign_in(
    request: Request,
    who: Annotated[SignedIn | None, Depends(signed_in_or_none)],
    next: str = "",  # noqa: A002 - in the address
) -> Response:
    """The page on which to sign in."""
    if who is not None:
        return RedirectResponse(_safe(next), HTTPStatus.SEE_OTHER)
    return render(request, "accounts/sign-in.html", SignInPage(next=next))


@router.post("/sign-in", dependencies=[Depends(require_csrf)])
def do_sign_in(request: Request, name: Text = "", password: Text = "", next: Text = "") -> Response:  # noqa: A002
    """Begin a session, and go on to the page that was asked for."""
    if not name.strip() or not password:
        page = SignInPage(next=next, name=name, no_name=not name.strip(), no_password=not password)
        return render(request, "accounts/sign-in.html", page, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        token = sign_in(state_of(request).records, name, password, now_of(request))
    except SignInRefusedError as error:
        page = SignInPage(next=next, name=name, refused=str(error))
        return render(request, "accounts/sign-in.html", page, status=failure_of(error).status)
    response = RedirectResponse(_safe(next), HTTPStatus.SEE_OTHER)
    set_session(request, response, token)
    return response


@router.post("/sign-out", dependencies=[Depends(require_csrf)])
def do_sign_out(request: Request) -> Response:
    """End the session, here and on record."""
    token = session_token(request)
    if token:
        sign_out(state_of(request).records, token, now_of(request))
    response = RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    forget_session(request, response)
    return response


@router.get("/change-password")
def show_change_password(request: Request, who: Annotated[SignedIn, Depends(signed_in)]) -> Response:
    """The page on which to choose a password."""
    return render(request, "accounts/change-password.html", ChangePasswordPage(one_time=who.must_change))


@router.post("/change-password", dependencies=[Depends(require_csrf)])
def do_change_password(
    request: Request,
    who: Annotated[SignedIn, Depends(signed_in)],
    old: Text = "",
    new: Text = "",
    again: Text = "",
) -> Response:
    """Choose a password; every other session of the account ends."""
    page = ChangePasswordPage(one_time=who.must_change)
    template, status = "accounts/change-password.html", HTTPStatus.UNPROCESSABLE_ENTITY
    if new != again:
        return render(request, template, page.with_error("again", "The two new passwords differ."), status=status)
    try:
        token = change_password(state_of(request).records, who, old, new, now_of(request))
    except TooManyAttemptsError as error:
        return render(request, template, page.with_error("old", str(error)), status=failure_of(error).status)
    except SignInRefusedError as error:
        return render(request, template, page.with_error("old", str(error)), status=status)
    except InputError as error:
        return render(request, template, page.with_error("new", str(error)), status=status)
    response = RedirectResponse("/", HTTPStatus.SEE_OTHER)
    set_session(request, response, token)
    return response


@router.get("/account")
def show_account(
    request: Request,
    who: Annotated[SignedIn, Depends(signed_in)],
    _desk: Annotated[Desk, Depends(current_desk)],
) -> Response:
    """Whose account this is, and the roles it holds."""
    page: AccountPage = present_account(who)
    return render(request, "accounts/account.html", page)


def _safe(place: str) -> str:
    """A page of ours: an address that a stranger made up may not lead elsewhere."""
    # Browsers read a backslash as a slash, and skip control characters.
    ours = place.startswith("/") and not place.startswith("//") and "\\" not in place and place.isprintable()
    return place if ours else "/"
