"""England's bank holidays, as weekdays on which offices are closed. Frozen into each definition that is read."""

from datetime import date
from functools import cache
from typing import Final

from holidays import country_holidays

YEARS: Final = range(2020, 2041)
_SATURDAY: Final = 5


@cache
def bank_holidays() -> tuple[date, ...]:
    """Substitute days included, weekends left out; sorted. Source: the `holidays` package, England."""
    days = country_holidays("GB", subdiv="ENG", years=YEARS)
    return tuple(sorted(day for day in days if day.weekday() < _SATURDAY and day.year in YEARS))
