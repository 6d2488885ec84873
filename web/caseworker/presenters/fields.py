"""The fields of a form: what is asked, what was typed, and how it is written for the use case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from use_cases.case_view import QuestionView
from use_cases.errors import InputError
from use_cases.given import LOCAL, read_instant
from web.caseworker.presenters.words import title
from web.forms import Fields

FieldKind = Literal["text", "textarea", "number", "radios", "checkboxes", "date", "instant"]

HAPPENED: Final = "happened"
ROLE: Final = "as"
_PARTS: Final = ("day", "month", "year", "time")
_KINDS: Final[dict[str, FieldKind]] = {
    "yes or no": "radios",
    "choice": "radios",
    "choices": "checkboxes",
    "number": "number",
    "date": "date",
    "date and time": "instant",
    "text": "textarea",
    "person": "text",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice."""

    value: str
    title: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question on a form.

    Attributes:
        values: What is filled in or chosen; of a date its parts are in `parts`.
        error: What is wrong with it; nothing when nothing is.
    """

    kind: FieldKind
    name: str
    label: str
    hint: str = ""
    options: tuple[Option, ...] = ()
    values: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    autocomplete: str = ""

    @property
    def focus(self) -> str:
        """The id that an error leads to: of a date its first part."""
        return f"{self.name}-day" if self.kind in {"date", "instant"} else self.name


def answer_name(fact: str) -> str:
    """What the field of a question is called."""
    return f"answer-{fact}"


def question_field(question: QuestionView, typed: Fields | None, error: str = "") -> Field:
    """The field of a question: with what was typed, else with the answer on record where that still holds."""
    name = answer_name(question.fact)
    kind = _KINDS[question.answer]
    known = "" if question.repeats else question.latest
    parts = typed_parts(typed, name) if typed else parts_of(known) if kind in {"date", "instant"} else {}
    chosen = typed.every(name) if typed else tuple(part for part in known.split(",") if part)
    titles = {"yes": "Yes", "no": "No"} if question.answer == "yes or no" else question.choices
    return Field(
        kind=kind,
        name=name,
        label=question.ask,
        hint=_hint(question),
        options=tuple(Option(value=value, title=said) for value, said in titles.items()),
        values=chosen if kind in {"radios", "checkboxes"} else (typed.one(name) if typed else known,),
        parts=parts,
        error=error,
    )


def happened_field(typed: Fields | None, error: str = "") -> Field:
    """When did it happen? Left empty, it is happening now."""
    return Field(
        kind="instant",
        name=HAPPENED,
        label="When did it happen?",
        hint="Leave this empty if it has just happened. For example, 27 3 2026 and 14:30.",
        parts=typed_parts(typed, HAPPENED) if typed else {},
        error=error,
    )


def role_field(roles: tuple[str, ...], typed: Fields | None, error: str = "") -> Field | None:
    """In which role? Nobody is asked who has only one that fits."""
    if len(roles) < 2:  # noqa: PLR2004 - one needs no choice
        return None
    return Field(
        kind="radios",
        name=ROLE,
        label="In which role are you acting?",
        options=tuple(Option(value=name, title=title(name)) for name in roles),
        values=typed.every(ROLE) if typed else (),
        error=error,
    )


def given_answers(typed: Fields) -> dict[str, str]:
    """What was answered, by fact, as the use case reads it; what was left empty is left out.

    Read from the names of the fields alone: a form sent twice means the same although the case has moved on.
    """
    answers: dict[str, str] = {}
    for name, _ in typed.items:
        marked, _, fact = name.partition("answer-")
        fact, _, part = fact.partition("-")
        if marked or not fact or fact in answers:
            continue
        field_name = answer_name(fact)
        text = written_date(typed, field_name) if part else ",".join(typed.every(field_name)).strip()
        if text:
            answers[fact] = text
    return answers


def happened_at(typed: Fields) -> datetime | None:
    """When it happened; None for now.

    Raises:
        InputError: It is no date and time.
    """
    text = written_date(typed, HAPPENED)
    if not text:
        return None
    try:
        return read_instant(text)
    except InputError:
        raise InputError("Enter when it happened as a real date and time, such as 27 3 2026 and 14:30") from None


def typed_parts(typed: Fields, name: str) -> dict[str, str]:
    """The parts of a date as they were typed."""
    return {part: typed.one(f"{name}-{part}") for part in _PARTS}


def written_date(typed: Fields, name: str) -> str:
    """A date of which the parts were typed, as text; empty when nothing was."""
    parts = typed_parts(typed, name)
    if not any(parts.values()):
        return ""
    day = f"{parts['year']}-{parts['month'].zfill(2)}-{parts['day'].zfill(2)}"
    return f"{day} {parts['time'].replace('.', ':').zfill(5)}" if parts["time"] else day


def parts_of(text: str) -> dict[str, str]:
    """A date on record as its parts."""
    if not text:
        return {}
    day, _, time = text.partition(" ")
    year, month, of_month = day.split("-")
    return {"day": str(int(of_month)), "month": str(int(month)), "year": year, "time": time}


def today_parts(now: datetime) -> dict[str, str]:
    """Today's date as parts."""
    return parts_of(now.astimezone(LOCAL).strftime("%Y-%m-%d"))


def _hint(question: QuestionView) -> str:
    said = []
    match question.answer:
        case "choices":
            said.append("Choose all that apply.")
        case "number" if question.limits:
            said.append(f"A number{question.limits}.")
        case "date":
            said.append("For example, 27 3 2026.")
        case "date and time":
            said.append("For example, 27 3 2026 and 14:30.")
        case "text" if question.personal:
            said.append("Kept in the person's record, not in the workflow.")
        case _:
            pass
    if question.latest and question.repeats:
        choices = [question.choices.get(part, part) for part in question.latest.split(",")]
        said.append(f"Last answer: {', '.join(choices)}.")
    return " ".join(said)
