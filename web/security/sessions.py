"""Who asks: the dependencies that a route is given, and the session's cookie.

A route for signed-in people takes a `Desk` and nothing else is needed:

    @router.get("/cases/{case}")
    def show_case(request: Request, case: str, desk: Annotated[Desk, Depends(current_desk)]) -> Response:
        return render(request, "caseworker/case.html", present(see_case(desk, case)))

Whoever is not signed in is sent to the sign-in page and back; a call of the JSON API is answered 401.
"""

from typing import Annotated, cast

from fastapi import Depends, Request
from starlette.responses import Response

from use_cases.desk import Desk
from use_cases.sign_in import LASTS, SignedIn, who_is_signed_in
from web.state import now_of, state_of


class NotSignedInError(Exception):
    """The route needs somebody who is signed in."""


class MustChangePasswordError(Exception):
    """Whoever signed in with a one-time password chooses their own before anything else."""


def session_token(request: Request) -> str | None:
    """The token that the browser sent, whatever it is worth."""
    return request.cookies.get(state_of(request).settings.session_cookie)


def signed_in_or_none(request: Request) -> SignedIn | None:
    """Who is signed in; None for nobody. For pages that everybody may see."""
    if not hasattr(request.state, "signed_in"):
        # A page that listens for news by itself does not keep anybody signed in.
        uses = "text/event-stream" not in request.headers.get("accept", "")
        request.state.signed_in = who_is_signed_in(
            state_of(request).records, session_token(request), now_of(request), uses=uses
        )
    return cast("SignedIn | None", request.state.signed_in)


def signed_in(who: Annotated[SignedIn | None, Depends(signed_in_or_none)]) -> SignedIn:
    """Who is signed in, with a one-time password or their own. Nearly every route wants `current_desk` instead.

    Raises:
        NotSignedInError: Nobody is.
    """
    if who is None:
        raise NotSignedInError
    return who


def current_desk(request: Request, who: Annotated[SignedIn, Depends(signed_in)]) -> Desk:
    """The desk of whoever is signed in, at the time of this request.

    Raises:
        NotSignedInError: Nobody is.
        MustChangePasswordError: They have a one-time password.
    """
    if who.must_change:
        raise MustChangePasswordError
    state = state_of(request)
    return Desk(records=state.records, cases=state.cases, viewer=who.viewer, now=now_of(request))


def set_session(request: Request, response: Response, token: str) -> None:
    """Give the browser the token of a session."""
    settings = state_of(request).settings
    seconds = int(LASTS.total_seconds())
    response.set_cookie(
        settings.session_cookie, token, max_age=seconds, secure=settings.secure, httponly=True, samesite="lax"
    )


def forget_session(request: Request, response: Response) -> None:
    """Take the token from the browser."""
    settings = state_of(request).settings
    response.delete_cookie(settings.session_cookie, secure=settings.secure, httponly=True, samesite="lax")
