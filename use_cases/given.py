"""What people write, read as what the pathway asks: answers, dates, names; every mistake told at once."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from typing import Final
from zoneinfo import ZoneInfo

from pathway_model.case import ANSWERED, Value
from pathway_model.language.definition import Fact
from records.errors import BadNhsNumberError
from records.nhs_numbers import standard_nhs_number
from use_cases.errors import AnswersError, InputError

LOCAL: Final = ZoneInfo("Europe/London")

DATES: Final = ("%Y-%m-%d", "%d/%m/%Y", "%d %b %Y", "%d %B %Y", "%a %d %b %Y", "%A %d %B %Y")
_MAIL: Final = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+")
HOURS: Final = ("%H:%M", "%H:%M:%S")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Answers in their two homes: what the case may know, and the words that only the records keep."""

    answers: Mapping[str, Value]
    words: Mapping[str, str]


def read_answers(facts: Mapping[str, Fact], given: Mapping[str, str]) -> Given:
    """Read answers as the facts that they answer.

    Raises:
        AnswersError: Some cannot be read; the sentence names each, and what to write.
    """
    answers: dict[str, Value] = {}
    kept: dict[str, str] = {}
    problems: list[str] = []
    wrong: dict[str, str] = {}
    for name, text in given.items():
        fact = facts.get(name)
        if fact is None:
            problems.append(f"There is no question `{name}`{did_you_mean(name, facts)}")
            continue
        try:
            value = read_value(fact, text)
        except InputError as error:
            wrong[name] = error.sentence
            problems.append(f"`{name}` ({fact.ask}): {error.sentence}")
            continue
        if fact.personal:
            answers[name], kept[name] = ANSWERED, text.strip()
        else:
            answers[name] = value
    if problems:
        raise AnswersError("\n".join(problems), answers=wrong)
    return Given(answers=answers, words=kept)


def read_value(fact: Fact, text: str) -> Value:
    """Read one answer as what the fact asks for.

    Raises:
        InputError: It is no such answer; the sentence says what to write.
    """
    text = text.strip()
    if not text:
        raise InputError("an answer is empty.")
    if isinstance(fact.answer, dict):
        chosen = [_choice(fact.answer, part) for part in (text.split(",") if fact.several else [text])]
        return tuple(chosen) if fact.several else chosen[0]
    match fact.answer:
        case "yes or no":
            return _yes_or_no(text)
        case "number":
            return _number(fact, text)
        case "date":
            return read_date(text)
        case "date and time":
            return read_instant(text)
        case "text" | "person":
            return text


def written(value: Value) -> str:
    """An answer as somebody would write it: what `read_value` reads as the same."""
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ",".join(value)
        case datetime():
            return value.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case _:
            return str(value)


def read_date(text: str) -> date:
    """A date as people write it.

    Raises:
        InputError: It is none.
    """
    for form in DATES:
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    raise InputError(f"`{text}` is not a date; write 2026-03-02 or 2 Mar 2026.")


def read_instant(text: str) -> datetime:
    """A date and time as people write it, in local time unless it says otherwise; in UTC, whole seconds.

    Raises:
        InputError: It is none, or the clocks went forward over it.
    """
    text = text.strip()
    try:
        # ISO 8601 first; a bare date would be read too, and then mean midnight, which nobody meant.
        found = datetime.fromisoformat(text) if any(mark in text for mark in "T:") else None
    except ValueError:
        found = None
    found = found or _day_and_hour(text)
    if found.tzinfo is None:
        found = found.replace(tzinfo=LOCAL)
        if found.astimezone(UTC).astimezone(LOCAL).replace(tzinfo=None) != found.replace(tzinfo=None):
            raise InputError(f"`{text}` never was: the clocks went forward over it.")
    return found.astimezone(UTC).replace(microsecond=0)


def check_name(name: str) -> str:
    """A name without spaces around it.

    Raises:
        InputError: It is empty, or has characters that cannot be printed.
    """
    name = name.strip()
    if not name or not name.isprintable():
        raise InputError("A name is empty, or has characters that cannot be printed.", "Write it again.")
    return name


def check_mail(address: str) -> str:
    """A mail address.

    Raises:
        InputError: No mail could ever reach it.
    """
    if not _MAIL.fullmatch(address.strip()):
        raise InputError(f"`{address}` is not a mail address.", "Write it as robin@example.org, or leave it out.")
    return address.strip()


def is_nhs_number(text: str) -> bool:
    """Whether it has the form of an NHS number, and its check digit is right."""
    try:
        standard_nhs_number(text)
    except BadNhsNumberError:
        return False
    return True


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of a sentence: `; did you mean …?`, or a full stop where no known name is near."""
    close = get_close_matches(name, list(known), n=1)
    return f"; did you mean `{close[0]}`?" if close else "."


def _day_and_hour(text: str) -> datetime:
    day, _, hour = text.rpartition(" ")
    for form in HOURS:
        try:
            at: time = datetime.strptime(hour, form).time()  # noqa: DTZ007 - the zone is the caller's
        except ValueError:
            continue
        return datetime.combine(read_date(day), at)
    raise InputError(f"`{text}` is not a date and time; write 2026-03-02 14:30 or 2 Mar 2026 14:30.")


def _choice(choices: Mapping[str, str], text: str) -> str:
    text = text.strip()
    if text in choices:
        return text
    titles = {title.casefold(): name for name, title in choices.items()}
    if text.casefold() in titles:
        return titles[text.casefold()]
    raise InputError(f"`{text}` is not one of {', '.join(choices)}{did_you_mean(text, choices)}")


def _yes_or_no(text: str) -> bool:
    if text.casefold() not in {"yes", "no"}:
        raise InputError(f"`{text}`: write yes or no.")
    return text.casefold() == "yes"


def _number(fact: Fact, text: str) -> int | float:
    try:
        number = int(text) if text.lstrip("+-").isdigit() else float(text)
    except ValueError:
        raise InputError(f"`{text}` is not a number.") from None
    low, high = fact.lowest, fact.highest
    if number != number or (low is not None and number < low) or (high is not None and number > high):  # noqa: PLR0124
        raise InputError(f"`{text}` is not a number{in_range(low, high)}.")
    return number


def in_range(low: float | None, high: float | None) -> str:
    """The limits of a number, as the end of a phrase; nothing where there are none."""
    if low is not None and high is not None:
        return f" from {low:g} to {high:g}"
    return f" of at least {low:g}" if low is not None else f" of at most {high:g}" if high is not None else ""
