"""Actions of the pathway, what is told at any time, and answers to handovers: a form page each."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from use_cases.answer_handover import HandoverAnswer, answer_handover
from use_cases.case_view import CaseView, HandoverView
from use_cases.desk import Desk
from use_cases.outcomes import Outcome
from use_cases.perform import Asked
from use_cases.raise_interrupt import raise_interrupt
from use_cases.take_action import take_action
from web.caseworker.asking import Form, NothingChosenError, send_form, show_form
from web.caseworker.presenters.doing import answer_hint, answer_title, may_answer
from web.caseworker.presenters.fields import Field, Option, given_answers
from web.caseworker.presenters.forms import Subject, roles_for
from web.caseworker.presenters.words import title
from web.forms import Fields, posted
from web.security.csrf import require_csrf
from web.security.sessions import current_desk

router = APIRouter()

AtDesk = Annotated[Desk, Depends(current_desk)]
Typed = Annotated[Fields, Depends(posted)]
FORGED = [Depends(require_csrf)]


@router.get("/cases/{case}/actions/{action}")
def open_action(request: Request, case: str, action: str, desk: AtDesk, strand: str | None = None) -> Response:
    """The form of an action."""
    return show_form(request, desk, _action(desk, case, action, strand, Fields(())))


@router.post("/cases/{case}/actions/{action}", dependencies=FORGED)
async def send_action(
    request: Request, case: str, action: str, desk: AtDesk, typed: Typed, strand: str | None = None
) -> Response:
    """Take an action, or sign it."""
    return await send_form(request, desk, _action(desk, case, action, strand, typed), typed)


@router.get("/cases/{case}/interrupts/{interrupt}")
def open_interrupt(request: Request, case: str, interrupt: str, desk: AtDesk) -> Response:
    """The form of what can be told at any time."""
    return show_form(request, desk, _interrupt(desk, case, interrupt, Fields(())))


@router.post("/cases/{case}/interrupts/{interrupt}", dependencies=FORGED)
async def send_interrupt(request: Request, case: str, interrupt: str, desk: AtDesk, typed: Typed) -> Response:
    """Tell it."""
    return await send_form(request, desk, _interrupt(desk, case, interrupt, typed), typed)


@router.get("/cases/{case}/handovers/{handover}/{answer}")
def open_answer(request: Request, case: str, handover: str, answer: HandoverAnswer, desk: AtDesk) -> Response:
    """The form of an answer to a handover."""
    return show_form(request, desk, _answer(desk, case, handover, answer, Fields(())))


@router.post("/cases/{case}/handovers/{handover}/{answer}", dependencies=FORGED)
async def send_answer(
    request: Request, case: str, handover: str, answer: HandoverAnswer, desk: AtDesk, typed: Typed
) -> Response:
    """Answer a handover."""
    return await send_form(request, desk, _answer(desk, case, handover, answer, typed), typed)


def _action(desk: Desk, case: str, action: str, strand: str | None, typed: Fields) -> Form:
    return Form(
        case=case,
        subject=lambda view, _: _subject(view, "action", action, strand),
        act=lambda asked: take_action(desk, asked, action, given_answers(typed), strand=strand),
    )


def _interrupt(desk: Desk, case: str, interrupt: str, typed: Fields) -> Form:
    return Form(
        case=case,
        subject=lambda view, _: _subject(view, "interrupt", interrupt, None),
        act=lambda asked: raise_interrupt(desk, asked, interrupt, given_answers(typed)),
    )


def _subject(view: CaseView, kind: str, name: str, strand: str | None) -> Subject | None:
    for each in view.can_do:
        if (each.kind, each.action) == (kind, name) and strand in {None, each.strand}:
            return Subject(
                title=each.title,
                submit="Record this",
                roles=roles_for(view, each.who),
                questions=each.asks,
                follows=each.follows,
                depends=each.depends,
                warn=kind == "interrupt",
            )
    return None


def _answer(desk: Desk, case: str, handover: str, answer: HandoverAnswer, typed: Fields) -> Form:
    async def act(asked: Asked) -> Outcome:
        if answer == "decline" and not typed.one("reason"):
            raise NothingChosenError("reason", "Choose why it is declined")
        return await answer_handover(
            desk,
            asked,
            handover,
            answer,
            reason=typed.one("reason") or None,
            alternative=typed.one("alternative") or None,
        )

    return Form(case=case, subject=lambda view, typed_: _answer_subject(view, handover, answer, typed_), act=act)


def _answer_subject(view: CaseView, name: str, answer: HandoverAnswer, typed: Fields | None) -> Subject | None:
    shown = next((each for each in view.handovers if each.handover == name), None)
    open_ = any(each.kind == "handover" and each.action == name and answer in each.answers for each in view.can_do)
    if shown is None or not open_ or not may_answer(view, shown, answer):
        return None
    sender = next((strand.owner for strand in view.strands if strand.strand == "main"), "")
    return Subject(
        title=f"{answer_title(answer)}: {shown.title}",
        submit=answer_title(answer),
        roles=roles_for(view, (sender if answer == "withdraw" else shown.to,)),
        fields=_why_declined(shown, typed) if answer == "decline" else (),
        follows=(answer_hint(answer),) if answer_hint(answer) else (),
        warn=answer in {"decline", "withdraw"},
    )


def _why_declined(shown: HandoverView, typed: Fields | None) -> tuple[Field, ...]:
    never = "This is never a reason to decline. Choosing it leaves the handover open, and it is looked into."
    return (
        Field(
            kind="radios",
            name="reason",
            label="Why is it declined?",
            options=(
                *(Option(value=name, title=title(name)) for name in shown.may_decline_for),
                *(Option(value=name, title=title(name), hint=never) for name in shown.never_for),
            ),
            values=typed.every("reason") if typed else (),
        ),
        Field(
            kind="radios",
            name="alternative",
            label="Which service could carry on instead?",
            options=tuple(Option(value=name, title=said) for name, said in shown.services.items()),
            values=typed.every("alternative") if typed else (),
        ),
    )
