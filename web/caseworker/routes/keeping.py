"""What is kept up to date about a case in any step: consent, contacts, corrections, jobs."""

from typing import Annotated, Final, get_args

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from pathway_model.case import ConsentStatus
from use_cases.add_contact import ContactDetails, add_contact
from use_cases.case_view import AnswerView, CaseView, ConsentView
from use_cases.correct_fact import correct_fact
from use_cases.desk import Desk
from use_cases.finish_job import finish_job
from use_cases.outcomes import Outcome
from use_cases.perform import Asked
from use_cases.record_consent import record_consent
from web.caseworker.asking import Form, NothingChosenError, send_form, show_form
from web.caseworker.presenters.fields import Field, Option, given_answers
from web.caseworker.presenters.forms import Subject
from web.caseworker.presenters.words import local_day, role, title
from web.forms import Fields, posted
from web.security.csrf import require_csrf
from web.security.sessions import current_desk

router = APIRouter()

AtDesk = Annotated[Desk, Depends(current_desk)]
Typed = Annotated[Fields, Depends(posted)]
FORGED: Final = [Depends(require_csrf)]

_STATUSES: Final[tuple[ConsentStatus, ...]] = get_args(ConsentStatus)
_SAID: Final[dict[ConsentStatus, str]] = {
    "asked": "Asked, no answer yet",
    "given": "Yes",
    "refused": "No",
    "withdrawn": "It is withdrawn",
}


@router.get("/cases/{case}/consents/{consent}/{party}")
def open_consent(request: Request, case: str, consent: str, party: str, desk: AtDesk) -> Response:
    """The form on which consent is recorded or withdrawn."""
    return show_form(request, desk, _consent(desk, case, consent, party, Fields(())))


@router.post("/cases/{case}/consents/{consent}/{party}", dependencies=FORGED)
async def send_consent(request: Request, case: str, consent: str, party: str, desk: AtDesk, typed: Typed) -> Response:
    """Record what the person said."""
    return await send_form(request, desk, _consent(desk, case, consent, party, typed), typed)


@router.get("/cases/{case}/contacts")
def open_contact(request: Request, case: str, desk: AtDesk) -> Response:
    """The form on which a contact is added."""
    return show_form(request, desk, _contact(desk, case, Fields(())))


@router.post("/cases/{case}/contacts", dependencies=FORGED)
async def send_contact(request: Request, case: str, desk: AtDesk, typed: Typed) -> Response:
    """Add a contact."""
    return await send_form(request, desk, _contact(desk, case, typed), typed)


@router.get("/cases/{case}/answers/{fact}")
def open_correction(request: Request, case: str, fact: str, desk: AtDesk) -> Response:
    """The form on which an answer is corrected."""
    return show_form(request, desk, _correction(desk, case, fact, Fields(())))


@router.post("/cases/{case}/answers/{fact}", dependencies=FORGED)
async def send_correction(request: Request, case: str, fact: str, desk: AtDesk, typed: Typed) -> Response:
    """Correct an answer."""
    return await send_form(request, desk, _correction(desk, case, fact, typed), typed)


@router.get("/cases/{case}/jobs/{job}")
def open_job(request: Request, case: str, job: str, desk: AtDesk) -> Response:
    """The form on which a job is said to be done."""
    return show_form(request, desk, _job(desk, case, job))


@router.post("/cases/{case}/jobs/{job}", dependencies=FORGED)
async def send_job(request: Request, case: str, job: str, desk: AtDesk, typed: Typed) -> Response:
    """Say that a job is done."""
    return await send_form(request, desk, _job(desk, case, job), typed)


def _consent(desk: Desk, case: str, consent: str, party: str, typed: Fields) -> Form:
    async def act(asked: Asked) -> Outcome:
        status = typed.one("status")
        if status not in _STATUSES:
            raise NothingChosenError("status", "Choose what the person said")
        return await record_consent(desk, asked, consent, status, party=party)

    def subject(view: CaseView, typed_: Fields | None) -> Subject | None:
        found = (each for each in view.consents if (each.consent, each.party) == (consent, party))
        shown = next(found, None)
        return _consent_subject(view, shown, typed_) if shown is not None and view.outcome is None else None

    return Form(case=case, subject=subject, act=act)


def _consent_subject(view: CaseView, shown: ConsentView, typed: Fields | None) -> Subject:
    now = f"On record: {shown.status}{f', {local_day(shown.at)}' if shown.at else ''}."
    field = Field(
        kind="radios",
        name="status",
        label="What did the person say?",
        hint=now,
        options=tuple(Option(value=value, title=said) for value, said in _SAID.items()),
        values=typed.every("status") if typed else (),
    )
    return Subject(
        title=f"Consent: {shown.purpose} ({shown.party_name})",
        submit="Record consent",
        roles=view.roles,
        fields=(field,),
        follows=("If it is refused or withdrawn, nothing more is sent to them, from then on",),
    )


def _contact(desk: Desk, case: str, typed: Fields) -> Form:
    async def act(asked: Asked) -> Outcome:
        if not typed.one("kind"):
            raise NothingChosenError("kind", "Choose who it is")
        if not typed.one("name"):
            raise NothingChosenError("name", "Enter a name")
        details = ContactDetails(kind=typed.one("kind"), name=typed.one("name"), email=typed.one("email") or None)
        return await add_contact(desk, asked, details)

    return Form(case=case, subject=_contact_subject, act=act)


def _contact_subject(view: CaseView, typed: Fields | None) -> Subject | None:
    if view.outcome is not None or not view.whole:
        return None
    kinds = tuple(Option(value=kind, title=title(role(kind))) for kind in view.contact_kinds)
    return Subject(
        title="Add a contact",
        submit="Add contact",
        roles=view.roles,
        fields=(
            Field(
                kind="radios",
                name="kind",
                label="Who is it?",
                options=kinds,
                values=typed.every("kind") if typed else (),
            ),
            Field(kind="text", name="name", label="Name", values=(typed.one("name") if typed else "",)),
            Field(
                kind="text",
                name="email",
                label="Email address that is safe to use",
                hint="Leave it empty if there is none. Nothing is sent without the person's consent.",
                values=(typed.one("email") if typed else "",),
            ),
        ),
    )


def _correction(desk: Desk, case: str, fact: str, typed: Fields) -> Form:
    async def act(asked: Asked) -> Outcome:
        value = given_answers(typed).get(fact)
        if value is None:
            raise NothingChosenError(f"answer-{fact}", "Enter the true answer")
        which = typed.one("which")
        return await correct_fact(desk, asked, fact, value, answer=int(which) if which.isdigit() else -1)

    def subject(view: CaseView, typed_: Fields | None) -> Subject | None:
        shown = next((each for each in view.answers if each.fact == fact), None)
        return _correction_subject(view, shown, typed_) if shown is not None and view.outcome is None else None

    return Form(case=case, subject=subject, act=act)


def _correction_subject(view: CaseView, shown: AnswerView, typed: Fields | None) -> Subject:
    return Subject(
        title="Correct an answer",
        submit="Correct it",
        roles=view.roles,
        questions=(shown.question,),
        fields=_which(shown, typed),
        follows=(
            f"The answer on record stays there: “{shown.given[-1].said}”",
            "No step is undone; a step that is no longer justified becomes somebody's job",
        ),
    )


def _which(shown: AnswerView, typed: Fields | None) -> tuple[Field, ...]:
    """Of a question that is asked anew each time: which answer is corrected, the latest unless told otherwise."""
    first = [given for given in shown.given if not given.correction]
    if not shown.question.repeats or len(first) == 1:
        return ()
    options = [
        Option(value=str(place), title=f"{given.said} ({local_day(given.happened)})")
        for place, given in enumerate(first)
    ]
    chosen = typed.every("which") if typed else (options[-1].value,)
    return (Field(kind="radios", name="which", label="Which answer?", options=tuple(reversed(options)), values=chosen),)


def _job(desk: Desk, case: str, job: str) -> Form:
    def subject(view: CaseView, _: Fields | None) -> Subject | None:
        shown = next((each for each in view.jobs if each.job == job and each.closable), None)
        if shown is None or shown.role not in view.roles:
            return None
        return Subject(
            title=f"Finish a job: {shown.sentence}",
            submit="It is done",
            roles=(shown.role,),
            follows=("It leaves the list of open jobs, and stays in the timeline",),
        )

    return Form(case=case, subject=subject, act=lambda asked: finish_job(desk, asked, job))
