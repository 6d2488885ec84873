"""The pages and the JSON API as one ASGI application.

To add pages: write a router in `web/<part>/routes.py`, add it to `ROUTERS` here, and add a line for each of its routes
to `tests/web/test_routes.py`, which fails for a route that nobody listed. What a route takes is told in
`web/security/sessions.py` (who asks), `web/security/csrf.py` (forms) and `web/rendering.py` (templates).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from use_cases.database import opened
from web.accounts.routes import router as accounts
from web.caseworker.routes.routers import ROUTERS as CASEWORKER
from web.failures import answer_failures
from web.health import router as health
from web.security.headers import SecurityHeaders
from web.state import AppState, WebSettings
from web.static_files import StaticFiles

ROUTERS: Final = (health, accounts, *CASEWORKER)


def make_app(settings: WebSettings) -> FastAPI:
    """Make the application; it opens the records and connects to Temporal when it is started."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with opened(settings.database_url) as records:
            app.state.handrail = AppState(settings=settings, records=records, cases=await settings.connect())
            yield

    app = FastAPI(title="Handrail", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(), name="static")
    answer_failures(app)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(settings.hosts), www_redirect=False)
    # Last added, so outermost: its headers are on refusals too.
    app.add_middleware(SecurityHeaders, secure=settings.secure)
    return app
