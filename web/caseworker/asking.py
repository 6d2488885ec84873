"""What all forms about a case have in common: shown, sent once, and shown again with everything that was typed."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from pathway_model.language.names import CaseId
from use_cases.case_view import CaseView
from use_cases.desk import Desk
from use_cases.errors import (
    AnswersError,
    AwayError,
    ConflictError,
    InputError,
    MovedOnError,
    NotAllowedError,
    NotFoundError,
)
from use_cases.outcomes import Done, Outcome
from use_cases.perform import Asked, new_request
from use_cases.see_case import see_case
from web.caseworker.presenters.fields import HAPPENED, ROLE, answer_name, happened_at
from web.caseworker.presenters.forms import Subject, Trouble, form_page
from web.forms import Fields
from web.rendering import render

FORM: Final = "caseworker/form.html"

GONE: Final = Subject(title="This cannot be done any more", submit="", roles=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form about a case: how it is made from the case, and what sending it does.

    Attributes:
        subject: Makes the form from the case and what was typed; None when it cannot be done now.
        act: The use case.
    """

    case: str
    subject: Callable[[CaseView, Fields | None], Subject | None]
    act: Callable[[Asked], Awaitable[Outcome]]


def show_form(request: Request, desk: Desk, form: Form) -> Response:
    """The form as it is opened."""
    view = see_case(desk, CaseId(form.case))
    subject = form.subject(view, None)
    if subject is None:
        return _not_now(form)
    return render(request, FORM, form_page(view, subject, new_request()))


async def send_form(request: Request, desk: Desk, form: Form, typed: Fields) -> Response:
    """Act, and go back to the case; or show the form again with what went wrong and everything that was typed."""
    trouble, status = Trouble(), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        outcome = await form.act(_asked(form, typed))
        if isinstance(outcome, Done):
            never = "&never=yes" if outcome.never else ""
            return RedirectResponse(f"/cases/{form.case}?done={outcome.sequence}{never}", HTTPStatus.SEE_OTHER)
        trouble, status = Trouble(reasons=outcome.reasons), HTTPStatus.CONFLICT
    except _HappenedError as error:
        trouble = Trouble(fields={HAPPENED: error.sentence})
    except _FieldError as error:
        trouble = Trouble(fields={error.name: error.sentence})
    except AnswersError as error:
        trouble = Trouble(fields={answer_name(fact): _capital(said) for fact, said in error.answers.items()})
    except NotFoundError:
        raise
    except NotAllowedError:
        if typed.one(ROLE):
            raise
        trouble = Trouble(fields={ROLE: "Choose in which role you are acting"})
    except InputError as error:
        trouble = Trouble(sentences=(str(error),))
    except MovedOnError as error:
        trouble, status = Trouble(sentences=(str(error),), moved_on=True), HTTPStatus.CONFLICT
    except ConflictError as error:
        trouble, status = Trouble(sentences=(str(error),)), HTTPStatus.CONFLICT
    except AwayError as error:
        trouble, status = Trouble(sentences=(str(error),)), HTTPStatus.SERVICE_UNAVAILABLE
    view = see_case(desk, CaseId(form.case))
    subject = form.subject(view, typed) or GONE
    page = form_page(view, subject, typed.one("request") or new_request(), typed, trouble)
    return render(request, FORM, page, status=status)


class _FieldError(InputError):
    """A field of the form itself is wrong."""

    name = ""


class _HappenedError(_FieldError):
    name = HAPPENED


class NothingChosenError(_FieldError):
    """One of a form's own choices was not made."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name = name


def _asked(form: Form, typed: Fields) -> Asked:
    try:
        happened = happened_at(typed)
    except InputError as error:
        raise _HappenedError(error.sentence) from None
    seen = typed.one("seen")
    return Asked(
        case=CaseId(form.case),
        by=typed.one(ROLE) or None,
        happened=happened,
        request=typed.one("request") or None,
        seen=int(seen) if seen.isdigit() else None,
    )


def _not_now(form: Form) -> Response:
    """Somebody else was faster, or followed an old link: the case page says what can be done, and why not."""
    return RedirectResponse(f"/cases/{form.case}?gone=yes", HTTPStatus.SEE_OTHER)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
