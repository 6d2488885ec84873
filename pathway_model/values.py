"""Answers: read from what somebody typed, checked against their question, and written as a definition writes them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from math import isfinite

from pathway_model.calendar import LONDON, YEARS
from pathway_model.case import ANSWERED, Value
from pathway_model.language.definition import Fact


class WrongAnswerError(ValueError):
    """An answer that does not fit its question; the message says what would."""


def checked_value(fact: Fact, value: Value | Sequence[str]) -> Value:
    """An answer as the case keeps it, read from text where it came as text.

    Raises:
        WrongAnswerError: It does not fit the question.
    """
    if fact.personal:
        if value != ANSWERED:
            raise WrongAnswerError("a personal answer is kept in records only")
        return ANSWERED
    if isinstance(fact.answer, dict):
        return _choice(fact, value)
    match fact.answer:
        case "yes or no":
            return _yes_or_no(value)
        case "number":
            return _number(fact, value)
        case "date":
            return _date(value)
        case "date and time":
            return _date_and_time(value)
        case "text" | "person":
            if not isinstance(value, str) or not value.strip():
                raise WrongAnswerError("write something")
            return value


def as_written(value: Value) -> tuple[str, ...]:
    """An answer as a definition would write it: one text, or one for each choice."""
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    return value if isinstance(value, tuple) else (str(value),)


def _choice(fact: Fact, value: object) -> Value:
    assert isinstance(fact.answer, dict)
    chosen = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list | tuple) else ()
    if not fact.several and len(chosen) != 1:
        raise WrongAnswerError(f"choose one of {', '.join(fact.answer)}")
    if not chosen or any(choice not in fact.answer for choice in chosen) or len(set(chosen)) != len(chosen):
        raise WrongAnswerError(f"choose from {', '.join(fact.answer)}")
    in_order = tuple(choice for choice in fact.answer if choice in chosen)
    return in_order if fact.several else in_order[0]


def _yes_or_no(value: object) -> bool:
    match value:
        case True | "yes":
            return True
        case False | "no":
            return False
        case _:
            raise WrongAnswerError("answer yes or no")


def _number(fact: Fact, value: object) -> float:
    if isinstance(value, str):
        try:
            value = int(value) if value.lstrip("-").isdigit() else float(value)
        except ValueError:
            raise WrongAnswerError("answer with a number") from None
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise WrongAnswerError("answer with a number")
    if (fact.lowest is not None and value < fact.lowest) or (fact.highest is not None and value > fact.highest):
        raise WrongAnswerError(
            f"answer with a number from {fact.lowest:g} to {fact.highest:g}"
            if None not in (fact.lowest, fact.highest)
            else "the number is out of range"
        )
    return value


def _date(value: object) -> date:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise WrongAnswerError("answer with a date such as 2026-03-31") from None
    if day.year not in YEARS:
        raise WrongAnswerError("answer with a date such as 2026-03-31")
    return day.astimezone(LONDON).date() if isinstance(day, datetime) else day


def _date_and_time(value: object) -> datetime:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise WrongAnswerError("answer with a date and time such as 2026-03-31 14:30") from None
    if not isinstance(value, datetime):
        raise WrongAnswerError("answer with a date and a time")
    if value.year not in YEARS:
        raise WrongAnswerError("answer with a date and time such as 2026-03-31 14:30")
    if value.tzinfo is not None:
        return value.astimezone(UTC).replace(microsecond=0)
    instant = value.replace(tzinfo=LONDON, microsecond=0).astimezone(UTC)
    if instant.astimezone(LONDON).replace(tzinfo=None) != value.replace(microsecond=0):
        raise WrongAnswerError("the clocks go forward then, so there is no such time")
    return instant
