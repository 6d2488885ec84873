"""Lengths of time in English: `72 hours`, `2 working days`, `6 calendar months`, `after 1 week`.

A length says which kind of day it counts; a bare `5 days` is refused. `pathway_model.calendar` turns lengths into
instants.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema


class Unit(StrEnum):
    """What a length counts."""

    HOURS = "hours"
    WORKING_DAYS = "working days"
    CALENDAR_DAYS = "calendar days"
    WEEKS = "weeks"
    CALENDAR_MONTHS = "calendar months"
    CALENDAR_YEARS = "calendar years"


_UNITS = {unit.value: unit for unit in Unit} | {unit.value[:-1]: unit for unit in Unit}
_LENGTH = re.compile(r"^(\d{1,4}) ([a-z ]+)$")


class _Text:
    """A value that is written as one line of text, in YAML and in canonical JSON alike."""

    @classmethod
    def parse(cls, text: str) -> Self:
        raise TypeError(f"{cls.__name__} has no grammar for `{text}`")

    @classmethod
    def _validate(cls, value: object) -> Self:
        if isinstance(value, cls):
            return value
        if not isinstance(value, str):
            raise ValueError(f"write {cls.example()}")
        return cls.parse(value)

    @classmethod
    def example(cls) -> str:
        """What to write, for messages."""
        return "a length such as `2 working days`, `72 hours` or `6 calendar months`"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._validate, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "description": cls.example()}


@dataclass(frozen=True, slots=True)
class Length(_Text):
    """An amount of one unit, such as `10 working days`."""

    amount: int
    unit: Unit

    @classmethod
    @lru_cache(maxsize=512)
    def parse(cls, text: str) -> Self:
        """Read a length.

        Raises:
            ValueError: The text is no length; the message says what to write.
        """
        found = _LENGTH.match(text.strip())
        if found is None:
            raise ValueError(f"`{text}` is not a length of time; write {cls.example()}")
        amount, unit = int(found[1]), found[2]
        if unit in {"day", "days"}:
            raise ValueError(f"`{text}`: working days or calendar days?")
        if unit in {"month", "months", "year", "years"}:
            raise ValueError(f"`{text}`: write `{amount} calendar {unit}`")
        if unit not in _UNITS:
            raise ValueError(f"`{text}`: there is no unit `{unit}`; write {cls.example()}")
        if amount == 0:
            raise ValueError(f"`{text}`: a length is at least 1")
        return cls(amount, _UNITS[unit])

    def __str__(self) -> str:
        unit = self.unit.value
        return f"{self.amount} {unit[:-1] if self.amount == 1 else unit}"


class Side(StrEnum):
    """Where a rung stands, seen from the moment it is counted from."""

    AT_ONCE = "at once"
    AFTER = "after"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class When(_Text):
    """When a rung fires: `at once`, `after 1 working day`, or `5 working days before`."""

    side: Side
    length: Length | None = None

    @classmethod
    @lru_cache(maxsize=512)
    def parse(cls, text: str) -> Self:
        """Read the time of a rung.

        Raises:
            ValueError: The text is no such time; the message says what to write.
        """
        text = text.strip()
        if text == Side.AT_ONCE.value:
            return cls(Side.AT_ONCE)
        if text.startswith("after "):
            return cls(Side.AFTER, Length.parse(text.removeprefix("after ")))
        if text.endswith(" before"):
            return cls(Side.BEFORE, Length.parse(text.removesuffix(" before")))
        raise ValueError(f"`{text}` is not a time; write {cls.example()}")

    @classmethod
    def example(cls) -> str:
        """What to write, for messages."""
        return "`at once`, `after 1 working day` or `5 working days before`"

    def __str__(self) -> str:
        match self.side:
            case Side.AT_ONCE:
                return "at once"
            case Side.AFTER:
                return f"after {self.length}"
            case Side.BEFORE:
                return f"{self.length} before"
