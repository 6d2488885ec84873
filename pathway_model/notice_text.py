"""Fills the blanks of a notice's words, such as `<next_appointment>`, with the answers on record."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from pydantic import JsonValue

from pathway_model.language.definition import Definition, Fact
from pathway_model.sentences import choice_in_words, instant_in_words

SUBJECT: Final = "A message from the care team"
"""Of every notice: a subject stands on locked screens and envelopes, so it must not say what the care is for."""

NOT_KNOWN: Final = "(not known yet)"

_BLANK: Final = re.compile(r"<([a-z][a-z0-9_]*)>")


def facts_in(definition: Definition, notice: str) -> tuple[str, ...]:
    """The facts that a notice mentions, each once, in the order of its words."""
    return tuple(dict.fromkeys(_BLANK.findall(definition.notices[notice].text)))


def filled_text(definition: Definition, notice: str, answers: Mapping[str, JsonValue]) -> str:
    """The words of a notice with its blanks filled; `answers` holds the JSON forms of the facts, where known."""

    def fill(blank: re.Match[str]) -> str:
        fact = definition.facts.get(blank[1])
        if fact is None or answers.get(blank[1]) is None:
            return NOT_KNOWN
        return _in_words(fact, answers[blank[1]])

    return _BLANK.sub(fill, definition.notices[notice].text)


def _in_words(fact: Fact, value: JsonValue) -> str:
    if isinstance(value, list):
        return " and ".join(choice_in_words(fact, str(choice)) for choice in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if fact.answer == "date and time":
        return instant_in_words(datetime.fromisoformat(str(value)))
    if fact.answer == "date":
        day = date.fromisoformat(str(value))
        return f"{day:%a} {day.day} {day:%b %Y}"
    # A zero byte can be typed, but neither a mail nor a text column can hold it.
    return choice_in_words(fact, f"{value:g}" if isinstance(value, float) else str(value).replace("\0", ""))
