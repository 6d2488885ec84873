"""Everything that can go wrong, as HTTP: the one place where errors get their status.

Pages answer in plain words; below `/api/` the answer is `application/problem+json` with the same words.
"""

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from use_cases.errors import (
    AwayError,
    ConflictError,
    HandrailError,
    InputError,
    NotAllowedError,
    NotFoundError,
    RequestReusedError,
)
from use_cases.sign_in import TooManyAttemptsError
from web.rendering import render
from web.security.csrf import ForgedRequestError
from web.security.sessions import MustChangePasswordError, NotSignedInError

API: Final = "/api/"
SIGN_IN: Final = "/sign-in"
CHANGE_PASSWORD: Final = "/change-password"  # noqa: S105 - an address
RETRY_AFTER: Final = 5
"""Seconds."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What a page or a problem document says.

    Attributes:
        status: HTTP's.
        title: In a few words.
        sentence: What happened.
        mend: What to do about it; empty when nothing helps.
    """

    status: HTTPStatus
    title: str
    sentence: str = ""
    mend: str = ""


def failure_of(error: HandrailError) -> Failure:
    """What an error of a use case is in HTTP."""
    status, title = _kind(error)
    return Failure(status=status, title=title, sentence=error.sentence, mend=error.mend)


def answer(request: Request, failure: Failure) -> Response:
    """The answer that tells of a failure: a page, or a problem document."""
    headers = {"Retry-After": str(RETRY_AFTER)} if failure.status is HTTPStatus.SERVICE_UNAVAILABLE else {}
    if request.url.path.startswith(API):
        content = {
            "type": "about:blank",
            "title": failure.title,
            "status": failure.status,
            "detail": f"{failure.sentence} {failure.mend}".strip(),
        }
        return JSONResponse(content, failure.status, headers, media_type="application/problem+json")
    page = render(request, "failure.html", failure, status=failure.status)
    page.headers.update(headers)
    return page


def answer_failures(app: FastAPI) -> None:
    """Let the application answer every error in these words."""
    app.add_exception_handler(HandrailError, _handrail_error)
    app.add_exception_handler(NotSignedInError, _not_signed_in)
    app.add_exception_handler(MustChangePasswordError, _must_change_password)
    app.add_exception_handler(ForgedRequestError, _forged)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(HTTPException, _http)
    app.add_middleware(Faults)


class Faults:
    """Answers what nobody foresaw. Starlette would do so outside every middleware, without the security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; answer in plain words when it fails, and nothing was answered yet."""
        begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except Exception:
            if begun or scope["type"] != "http":
                raise
            # The path names ids only; the query may have search words in it, which are about people.
            _log.exception("%s %s failed", scope["method"], scope["path"])
            await _unexpected(Request(scope, receive))(scope, receive, send)


def _kind(error: HandrailError) -> tuple[HTTPStatus, str]:
    match error:
        case NotFoundError():
            return HTTPStatus.NOT_FOUND, "Not found"
        case RequestReusedError():
            return HTTPStatus.CONFLICT, "This was sent before with something else in it"
        case InputError():
            return HTTPStatus.UNPROCESSABLE_ENTITY, "This cannot be understood"
        case TooManyAttemptsError():
            return HTTPStatus.TOO_MANY_REQUESTS, "Too many attempts"
        case NotAllowedError():
            return HTTPStatus.FORBIDDEN, "You may not do this"
        case ConflictError():
            return HTTPStatus.CONFLICT, "Something else is there already"
        case AwayError():
            return HTTPStatus.SERVICE_UNAVAILABLE, "Handrail cannot do this at the moment"
        case _:
            return HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong"


def _handrail_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HandrailError)
    failure = failure_of(error)
    if failure.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.warning("%s %s", type(error).__name__, error.__cause__ or "")
    return answer(request, failure)


def _not_signed_in(request: Request, _error: Exception) -> Response:
    if request.url.path.startswith(API):
        return answer(request, Failure(status=HTTPStatus.UNAUTHORIZED, title="Sign in first"))
    return _sent_to(request, f"{SIGN_IN}?next={quote(_page_asked_for(request), safe='/')}")


def _must_change_password(request: Request, _error: Exception) -> Response:
    if request.url.path.startswith(API):
        title = "Choose a password of your own first"
        return answer(request, Failure(status=HTTPStatus.FORBIDDEN, title=title))
    return _sent_to(request, CHANGE_PASSWORD)


def _sent_to(request: Request, place: str) -> Response:
    if "hx-request" in request.headers:
        # A script would put the page it is sent to into the middle of the one that is shown.
        return Response(status_code=HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": place})
    return RedirectResponse(place, HTTPStatus.SEE_OTHER)


def _page_asked_for(request: Request) -> str:
    if request.method != "GET":
        return "/"
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _forged(request: Request, _error: Exception) -> Response:
    sentence = "This form is too old, or was not sent from one of Handrail's own pages. Nothing was changed."
    mend = "Go back, reload the page, and send the form again."
    title = "This form cannot be used any more"
    return answer(request, Failure(status=HTTPStatus.FORBIDDEN, title=title, sentence=sentence, mend=mend))


def _not_understood(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # The values are not repeated: they may be about a person.
    places = {".".join(str(part) for part in problem["loc"][1:]): problem["msg"] for problem in error.errors()}
    sentence = "; ".join(f"{place}: {message}" if place else str(message) for place, message in places.items())
    title = "This cannot be understood"
    return answer(request, Failure(status=HTTPStatus.UNPROCESSABLE_ENTITY, title=title, sentence=f"{sentence}."))


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    if status is HTTPStatus.NOT_FOUND:
        failure = Failure(
            status=status,
            title="Page not found",
            sentence="There is nothing at this address, or you may not see it.",
            mend="Check the address, or start again from the first page.",
        )
    else:
        failure = Failure(status=status, title=status.phrase.capitalize(), sentence=status.description)
    response = answer(request, failure)
    response.headers.update(error.headers or {})
    return response


def _unexpected(request: Request) -> Response:
    failure = Failure(
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        title="Something went wrong",
        sentence="This is a fault in Handrail, and has been written to its log.",
        mend="If you were sending a form, send it again: it acts once.",
    )
    return answer(request, failure)
