"""Refer a person: checked as it is typed in, likely duplicates shown before a case begins."""

from datetime import date
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from use_cases.add_contact import ContactDetails
from use_cases.desk import Desk
from use_cases.errors import AwayError, ConflictError, InputError, NotAllowedError, NotFoundError
from use_cases.given import is_nhs_number, read_date
from use_cases.known_people import known_people
from use_cases.outcomes import Done
from use_cases.perform import new_request
from use_cases.refer import Referral, Way, has_begun, refer
from use_cases.referrals import ReferralView, referrals
from web.caseworker.presenters.fields import HAPPENED, happened_at, written_date
from web.caseworker.presenters.referral import choice_page, referral_page
from web.failures import failure_of
from web.forms import Fields, posted
from web.rendering import render
from web.security.csrf import require_csrf
from web.security.sessions import current_desk

router = APIRouter()

AtDesk = Annotated[Desk, Depends(current_desk)]
Typed = Annotated[Fields, Depends(posted)]
FORM: Final = "caseworker/refer.html"


@router.get("/cases/refer")
def open_referral(request: Request, desk: AtDesk, pathway: str | None = None) -> Response:
    """The form; where there are several pathways, first which."""
    views = referrals(desk)
    if pathway is None and len(views) > 1:
        return render(request, FORM, choice_page(views))
    return render(
        request, FORM, referral_page(_view(desk, pathway or (views[0].pathway if views else "")), new_request())
    )


@router.post("/cases/refer", dependencies=[Depends(require_csrf)])
async def send_referral(request: Request, desk: AtDesk, typed: Typed) -> Response:
    """Begin a case; or show the form again, with mistakes or with those who may be the same person."""
    view = _view(desk, typed.one("pathway"))
    sent = typed.one("request") or new_request()
    wrong = _mistakes(typed)
    if wrong:
        page = referral_page(view, sent, typed, wrong=wrong)
        return render(request, FORM, page, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        nhs, born = typed.one("nhs") or None, _born(typed)
        # Whoever was shown them, and goes on with the same person, is not asked again.
        whom = f"{typed.one('name')}|{nhs or ''}|{born or ''}"
        likely = known_people(desk, name=typed.one("name"), born=born, nhs_number=nhs)
        if likely and typed.one("checked") != whom and not has_begun(desk, sent):
            page = referral_page(view, sent, typed, likely=likely, checked=whom)
            return render(request, FORM, page, status=HTTPStatus.CONFLICT)
        outcome = await refer(desk, _referral(typed, sent, nhs, born))
    except NotFoundError:
        raise
    except (InputError, ConflictError, AwayError, NotAllowedError) as error:
        page = referral_page(view, sent, typed, sentences=(str(error),))
        return render(request, FORM, page, status=failure_of(error).status)
    if isinstance(outcome, Done):
        return RedirectResponse(f"/cases/{outcome.case}?done={outcome.sequence}", HTTPStatus.SEE_OTHER)
    sentences = tuple(reason.sentence for reason in outcome.reasons)
    return render(request, FORM, referral_page(view, sent, typed, sentences=sentences), status=HTTPStatus.CONFLICT)


def _view(desk: Desk, pathway: str) -> ReferralView:
    for view in referrals(desk):
        if view.pathway == pathway:
            return view
    raise NotAllowedError("You have no role in a pathway to which somebody can be referred.", "Ask for one.")


def _mistakes(typed: Fields) -> dict[str, str]:
    """What is wrong with each field, all at once."""
    wrong = {}
    if not typed.one("name"):
        wrong["name"] = "Enter the person's full name"
    try:
        _born(typed)
    except InputError:
        wrong["born"] = "Enter the date of birth as a real date, such as 27 3 1988"
    try:
        happened_at(typed)
    except InputError as error:
        wrong[HAPPENED] = error.sentence
    if typed.one("nhs") and not is_nhs_number(typed.one("nhs")):
        wrong["nhs"] = "This is not a valid NHS number. Look for two digits that changed places"
    if not typed.one("by"):
        wrong["by"] = "Choose who is referring"
    return wrong


def _born(typed: Fields) -> date | None:
    text = written_date(typed, "born")
    return read_date(text) if text else None


def _referral(typed: Fields, request: str, nhs: str | None, born: date | None) -> Referral:
    ways = []
    if typed.one("person-email"):
        ways.append(Way(channel="email", address=typed.one("person-email")))
    if typed.one("person-text"):
        ways.append(Way(channel="text message", address=typed.one("person-text")))
    kinds = [name.removesuffix("-name") for name, _ in typed.items if name.endswith("-name")]
    return Referral(
        pathway=typed.one("pathway"),
        name=typed.one("name"),
        nhs_number=nhs,
        born=born,
        ways=tuple(ways),
        contacts=tuple(
            ContactDetails(kind=kind, name=typed.one(f"{kind}-name"), email=typed.one(f"{kind}-email") or None)
            for kind in kinds
            if typed.one(f"{kind}-name")
        ),
        by=typed.one("by"),
        happened=happened_at(typed),
        request=request,
    )
