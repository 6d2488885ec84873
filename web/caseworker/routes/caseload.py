"""The caseload: whom we look after, by what is due first."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from use_cases.desk import Desk
from use_cases.given import LOCAL
from use_cases.list_cases import Caseload, count_cases, list_cases
from web.caseworker.presenters import caseload as present
from web.caseworker.presenters.caseload import CaseloadPage, Pressing, TabName
from web.rendering import render
from web.security.sessions import current_desk

router = APIRouter()

AtDesk = Annotated[Desk, Depends(current_desk)]
PAGE = 50


@router.get("/cases")
def show_caseload(
    request: Request,
    desk: AtDesk,
    tab: TabName = "mine",
    only: Pressing | None = None,
    after: str | None = None,
) -> Response:
    """My caseload, all that I may see, or what has ended."""
    held = tuple(dict.fromkeys(each.role for each in desk.viewer.memberships))
    wanted = wanted_now(desk, tab, only)
    lines = list_cases(desk, replace(wanted, limit=PAGE + 1, after=_position(after) or wanted.after))
    counted = {name: count_cases(desk, present.wanted_by(name, held)) for name in present.TABS}
    rows = tuple(present.row(line, desk.now) for line in lines[:PAGE])
    last = lines[PAGE - 1] if len(lines) > PAGE else None
    page = CaseloadPage(
        tabs=present.tabs({name: each.everything for name, each in counted.items()}, tab),
        counts=present.counts(counted[tab], tab, only) if tab != "ended" else (),
        rows=rows,
        heading=present.heading(tab, only),
        empty=present.empty(tab, only, held),
        more=present.next_page(tab, only, last),
        everything=f"/cases?tab={tab}" if only else "",
        live=f"/cases/live?tab={tab}{f'&only={only}' if only else ''}",
    )
    return render(request, "caseworker/caseload.html", page)


def wanted_now(desk: Desk, tab: TabName, only: Pressing | None) -> Caseload:
    """Which cases a page lists, as of now."""
    held = tuple(dict.fromkeys(each.role for each in desk.viewer.memberships))
    wanted = present.wanted_by(tab, held)
    match only:
        case None:
            return wanted
        case "overdue":
            return replace(wanted, due_before=desk.now)
        case "today":
            tomorrow = datetime.combine(desk.now.astimezone(LOCAL).date() + timedelta(days=1), time(), LOCAL)
            return replace(wanted, due_before=tomorrow, after=(desk.now, ""))


def _position(after: str | None) -> tuple[datetime, str] | None:
    instant, sign, case = (after or "").partition("~")
    try:
        return (datetime.fromisoformat(instant), case) if sign else None
    except ValueError:
        return None
