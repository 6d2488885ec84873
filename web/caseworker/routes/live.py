"""News for a page that is open: one short event when something has changed, and the page fetches itself anew.

Without JavaScript nobody listens, and the pages are as right as when they were opened.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from pathway_model.language.names import CaseId
from use_cases.desk import Desk
from use_cases.errors import HandrailError
from use_cases.watch import events_of, state_of_list
from web.caseworker.presenters.caseload import Pressing, TabName
from web.caseworker.routes.caseload import wanted_now
from web.security.sessions import current_desk
from web.state import state_of

router = APIRouter()

AtDesk = Annotated[Desk, Depends(current_desk)]

EVERY: Final = 2.0
"""Seconds between two looks."""

AT_MOST: Final = 600
"""Looks before the browser connects anew: its session is judged again then."""


@router.get("/cases/live")
def listen_to_caseload(request: Request, desk: AtDesk, tab: TabName = "mine", only: Pressing | None = None) -> Response:
    """Tell when the list changes."""
    clock = state_of(request).settings.clock

    def look() -> str:
        now = replace(desk, now=clock())
        return state_of_list(now, wanted_now(now, tab, only))

    return _listening(look, look())


@router.get("/cases/{case}/live")
def listen_to_case(case: str, desk: AtDesk, since: int) -> Response:
    """Tell when the case has more events than `since`."""
    events_of(desk, CaseId(case))
    return _listening(lambda: str(events_of(desk, CaseId(case))), str(since))


def _listening(look: Callable[[], str], known: str) -> Response:
    return EventSourceResponse(_news(look, known), ping=15)


async def _news(look: Callable[[], str], known: str) -> AsyncIterator[ServerSentEvent]:
    for _ in range(AT_MOST):
        try:
            seen = await run_in_threadpool(look)
        except HandrailError:
            # Whoever may not see it any more, or records that are away: the page itself says so when it is asked.
            return
        if seen != known:
            known = seen
            yield ServerSentEvent(event="changed", data=seen)
        await asyncio.sleep(EVERY)
