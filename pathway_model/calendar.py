"""Dates: when a length of time ends, by the rules of working days, calendar days, clamped months and elapsed hours.

Rules (language reference, section "Time"): the day it happened never counts. Working-day deadlines end at 17:00 local
time, calendar ones at 23:59:59; minimums are reached at 00:00, warnings come at 09:00. Months keep the day of the
month, clamped to its end. Hours are elapsed time, whatever the clocks do. Everything in and out is UTC.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from pathway_model.language.lengths import Length, Unit

LONDON: Final = ZoneInfo("Europe/London")
CLOSE_OF_WORK: Final = time(17, 0)
END_OF_DAY: Final = time(23, 59, 59)
START_OF_DAY: Final = time(0, 0)
WARNINGS: Final = time(9, 0)

YEARS: Final = range(1900, 2200)
"""The years of dates that people may give: whatever is counted from them stays a date."""

_SATURDAY: Final = 5
_ONE_DAY: Final = timedelta(days=1)


@lru_cache(maxsize=4096)
def local_instant(day: date, at: time) -> datetime:
    """The UTC instant of a local time; of a time that occurs twice, the first."""
    return datetime.combine(day, at, tzinfo=LONDON).astimezone(UTC)


def local_day(instant: datetime) -> date:
    """The local day on which an instant falls."""
    return instant.astimezone(LONDON).date()


class Calendar:
    """Working days of one place: weekdays that are no holidays. Immutable."""

    __slots__ = ("_holidays",)

    def __init__(self, holidays: Iterable[date]) -> None:
        self._holidays = frozenset(holidays)

    def is_working_day(self, day: date) -> bool:
        """Whether offices are open on that day."""
        return day.weekday() < _SATURDAY and day not in self._holidays

    def working_day(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (before it, if negative); `day` itself never counts."""
        step = _ONE_DAY if count > 0 else -_ONE_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days lie after `first`, up to and with `last`."""
        days = (last - first).days
        return sum(self.is_working_day(first + _ONE_DAY * offset) for offset in range(1, days + 1))

    def day_after(self, day: date, length: Length) -> date:
        """The local day on which a length (not of hours) that began on `day` ends."""
        match length.unit:
            case Unit.WORKING_DAYS:
                return self.working_day(day, length.amount)
            case Unit.CALENDAR_DAYS:
                return day + timedelta(days=length.amount)
            case Unit.WEEKS:
                return day + timedelta(weeks=length.amount)
            case Unit.CALENDAR_MONTHS:
                return add_months(day, length.amount)
            case Unit.CALENDAR_YEARS:
                return add_months(day, 12 * length.amount)
            case Unit.HOURS:
                raise ValueError("hours are elapsed time, not days")

    def day_before(self, day: date, length: Length) -> date:
        """The local day that lies a length (not of hours) before `day`."""
        match length.unit:
            case Unit.WORKING_DAYS:
                return self.working_day(day, -length.amount)
            case Unit.CALENDAR_DAYS:
                return day - timedelta(days=length.amount)
            case Unit.WEEKS:
                return day - timedelta(weeks=length.amount)
            case Unit.CALENDAR_MONTHS:
                return add_months(day, -length.amount)
            case Unit.CALENDAR_YEARS:
                return add_months(day, -12 * length.amount)
            case Unit.HOURS:
                raise ValueError("hours are elapsed time, not days")

    def due(self, start: datetime, length: Length) -> datetime:
        """The last instant that is on time, for a deadline counted from `start`."""
        if length.unit is Unit.HOURS:
            return start + timedelta(hours=length.amount)
        ends = CLOSE_OF_WORK if length.unit is Unit.WORKING_DAYS else END_OF_DAY
        return local_instant(self.day_after(local_day(start), length), ends)

    def reached(self, start: datetime, length: Length) -> datetime:
        """The first instant at which a minimum counted from `start` is reached."""
        if length.unit is Unit.HOURS:
            return start + timedelta(hours=length.amount)
        begins = CLOSE_OF_WORK if length.unit is Unit.WORKING_DAYS else START_OF_DAY
        return local_instant(self.day_after(local_day(start), length), begins)

    def warned_after(self, start: datetime, length: Length) -> datetime:
        """When a warning so long after the start comes."""
        if length.unit is Unit.HOURS:
            return start + timedelta(hours=length.amount)
        return local_instant(self.day_after(local_day(start), length), WARNINGS)

    def warned_before(self, due: datetime, length: Length) -> datetime:
        """When a warning so long before the due instant comes."""
        if length.unit is Unit.HOURS:
            return due - timedelta(hours=length.amount)
        return local_instant(self.day_before(local_day(due), length), WARNINGS)

    def carried_over(self, left_at: datetime, due: datetime, back_at: datetime, length: Length) -> datetime:
        """The new due instant after a pause: what was left at `left_at` is counted again from `back_at`.

        Days are counted as days of the length's kind, hours as hours.
        """
        if length.unit is Unit.HOURS:
            return back_at + (due - left_at)
        local_due = due.astimezone(LONDON)
        back = local_day(back_at)
        if length.unit is not Unit.WORKING_DAYS:
            return local_instant(back + (local_due.date() - local_day(left_at)), local_due.time())
        left = self.working_days_between(local_day(left_at), local_due.date())
        if left == 0 and self.is_working_day(back) and back_at <= local_instant(back, local_due.time()):
            return local_instant(back, local_due.time())
        return local_instant(self.working_day(back, max(left, 1)), local_due.time())


def days_later(instant: datetime, days: int) -> datetime:
    """The same local time so many calendar days later."""
    local = instant.astimezone(LONDON)
    return local_instant(local.date() + timedelta(days=days), local.time())


def add_months(day: date, months: int) -> date:
    """The same day of a later (or earlier) month, clamped to that month's end: 31 Aug + 6 = 28 Feb."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
