"""The case page."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from pathway_model.language.names import CaseId
from use_cases.answer_handover import CONSEQUENCE
from use_cases.desk import Desk
from use_cases.see_case import see_case
from web.caseworker.presenters.case import CasePage, case_page
from web.rendering import render
from web.security.sessions import current_desk

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCase:
    """The page, and what has just been done on it.

    Attributes:
        done: What was recorded; nothing when the page was simply opened.
        never: What follows from a reason that is never allowed.
        gone: What was wanted cannot be done any more.
    """

    case: CasePage
    done: str = ""
    never: str = ""
    gone: bool = False


@router.get("/cases/{case}")
def show_case(
    request: Request,
    case: str,
    desk: Annotated[Desk, Depends(current_desk)],
    done: int | None = None,
    never: str = "",
    gone: str = "",
) -> Response:
    """Where somebody is, what is due, what can be done and why not."""
    page = case_page(see_case(desk, CaseId(case)))
    said = next((entry.what for entry in page.timeline if entry.sequence == done), "Your answer") if done else ""
    shown = ShownCase(
        case=page, done=said, never=f"It is never a reason to decline: {CONSEQUENCE}" if never else "", gone=bool(gone)
    )
    return render(request, "caseworker/case.html", shown)
