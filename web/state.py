"""What the pages are handed when they start, and what one request has of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from fastapi import Request
from sqlalchemy import Engine

from use_cases.durable import DurableCases

LOOPBACK_HOSTS: Final = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """Everything that can be set about the pages.

    Attributes:
        database_url: SQLAlchemy's address of the records.
        connect: Connects to the durable cases, once, when the pages start.
        clock: The time, UTC, whole seconds; read once a request.
        hosts: Names by which the pages may be asked for: anything else is somebody else's page at work.
        port: Tells the cookies of two Handrails on one machine apart.
        secure: Whether people reach the pages by https: cookies and HSTS follow.
    """

    database_url: str
    connect: Callable[[], Awaitable[DurableCases]]
    clock: Callable[[], datetime]
    hosts: tuple[str, ...] = LOOPBACK_HOSTS
    port: int = 8000
    secure: bool = False

    @property
    def session_cookie(self) -> str:
        """The cookie with the session's token. Browsers set a `__Host-` one only over https, for this host."""
        return "__Host-handrail" if self.secure else f"handrail_{self.port}"

    @property
    def visit_cookie(self) -> str:
        """The cookie that the forms of somebody who is not signed in are bound to."""
        return f"{self.session_cookie}_visit"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppState:
    """What is open while the pages are served; `state_of(request)` finds it."""

    settings: WebSettings
    records: Engine
    cases: DurableCases


def state_of(request: Request) -> AppState:
    """What this application has open."""
    return cast("AppState", request.app.state.handrail)


def now_of(request: Request) -> datetime:
    """The time of this request: the same however often it is asked for."""
    if not hasattr(request.state, "now"):
        request.state.now = state_of(request).settings.clock()
    return cast("datetime", request.state.now)
