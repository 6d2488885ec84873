"""No other site posts in somebody's name: each form has a token that is bound to the session.

In a template, inside every form that posts: `{{ csrf_field() }}`. On its route: `dependencies=[Depends(require_csrf)]`.
A script sends the same token as the header `X-CSRF-Token`. `tests/web/test_routes.py` fails for a route without.
"""

import hashlib
import hmac
import secrets
from typing import Final

from fastapi import Request
from starlette.responses import Response

from web.security.sessions import session_token
from web.state import state_of

FIELD: Final = "csrf"
HEADER: Final = "X-CSRF-Token"


class ForgedRequestError(Exception):
    """The request does not come from one of our own pages, or from one of an earlier session."""


def csrf_token(request: Request) -> str:
    """The token of the forms on this page."""
    return _derived(session_token(request) or _visit(request))


async def require_csrf(request: Request) -> None:
    """Make sure that a form comes from one of our own pages.

    Raises:
        ForgedRequestError: It does not.
    """
    # Sent by every current browser, and by no script that could forge it.
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise ForgedRequestError
    bound_to = session_token(request) or request.cookies.get(state_of(request).settings.visit_cookie)
    given = request.headers.get(HEADER)
    if given is None:
        field = (await request.form()).get(FIELD)
        given = field if isinstance(field, str) else ""
    if not bound_to or not hmac.compare_digest(given.encode(), _derived(bound_to).encode()):
        raise ForgedRequestError


def keep_visit(request: Request, response: Response) -> None:
    """Give somebody who is not signed in the cookie that the page's forms are bound to."""
    made = getattr(request.state, "visit", None)
    if made is not None:
        settings = state_of(request).settings
        response.set_cookie(settings.visit_cookie, made, secure=settings.secure, httponly=True, samesite="lax")


def _visit(request: Request) -> str:
    known = request.cookies.get(state_of(request).settings.visit_cookie)
    if known:
        return known
    if not hasattr(request.state, "visit"):
        request.state.visit = secrets.token_urlsafe(32)
    return str(request.state.visit)


def _derived(token: str) -> str:
    return hmac.new(token.encode(), b"handrail form", hashlib.sha256).hexdigest()
