"""Dates as scenarios write them: with their weekday, in local time (`Thu 21 Aug 2025 10:00`).

The weekday is checked, because a mistyped date would otherwise prove the wrong thing.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from pathway_model.calendar import LONDON, local_instant
from pathway_model.language.parts import many

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TIME: Final = r"(\d{2}):(\d{2})(?::(\d{2}))?"
PATTERN: Final = rf"^({'|'.join(_DAYS)}) (\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}})(?: {_TIME})?$"
_WRITTEN: Final = re.compile(PATTERN)
EXAMPLE: Final = "a date with its weekday, such as `Thu 21 Aug 2025 10:00`"


@dataclass(frozen=True, slots=True)
class Dated:
    """A local day, with or without a time of day."""

    day: date
    at: time | None = None

    @classmethod
    @lru_cache(maxsize=4096)
    def parse(cls, text: str) -> Self:
        """Read a date.

        Raises:
            ValueError: It is no date, its weekday is another, or the clocks skip that time; the message says what to
                write.
        """
        found = _WRITTEN.match(text.strip())
        if found is None:
            raise ValueError(f"`{text}` is not a date; write {EXAMPLE}")
        weekday, day_of_month, month, year, hour, minute, second = found.groups()
        try:
            day = date(int(year), _MONTHS.index(month) + 1, int(day_of_month))
            at = None if hour is None else time(int(hour), int(minute), int(second or 0))
        except ValueError as error:
            raise ValueError(f"`{text}` is not a date: {error}") from error
        dated = cls(day, at)
        if weekday != _DAYS[day.weekday()]:
            raise ValueError(f"{text.split(' ', 1)[1]} is a {day:%A}; write `{dated}`")
        if at is not None and dated.instant.astimezone(LONDON).replace(tzinfo=None) != datetime.combine(day, at):
            raise ValueError(f"`{text}`: the clocks go forward, this time does not occur")
        return dated

    @classmethod
    def of(cls, instant: datetime) -> Self:
        """How an instant (UTC) is written; seconds are left out when they are none."""
        local = instant.astimezone(LONDON)
        return cls(local.date(), local.time())

    @property
    def instant(self) -> datetime:
        """The UTC instant; without a time of day, the start of the day. Of a time that occurs twice, the first."""
        return local_instant(self.day, self.at or time(0))

    def is_when(self, instant: datetime) -> bool:
        """Whether an instant falls on this day, and in this minute where a time is written."""
        local = instant.astimezone(LONDON)
        if local.date() != self.day:
            return False
        return self.at is None or (local.hour, local.minute) == (self.at.hour, self.at.minute)

    def __str__(self) -> str:
        day = f"{_DAYS[self.day.weekday()]} {self.day.day} {_MONTHS[self.day.month - 1]} {self.day.year}"
        if self.at is None:
            return day
        return f"{day} {self.at:%H:%M:%S}" if self.at.second else f"{day} {self.at:%H:%M}"

    @classmethod
    def _validate(cls, value: object) -> Self:
        if isinstance(value, cls):
            return value
        if not isinstance(value, str):
            raise ValueError(f"write {EXAMPLE}")
        return cls.parse(value)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._validate, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "pattern": PATTERN, "description": EXAMPLE}


def _with_time(value: Dated) -> Dated:
    if value.at is None:
        raise ValueError(f"`{value}` needs a time of day; write `{value} 10:00`")
    return value


Timed = Annotated[Dated, AfterValidator(_with_time)]
"""A date whose time of day must be given."""

Dates = Annotated[tuple[Dated, ...], BeforeValidator(many, json_schema_input_type=Dated | tuple[Dated, ...])]
"""One date or a list of them."""
