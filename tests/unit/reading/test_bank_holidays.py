from datetime import date

import pytest

from pathway_model.reading.bank_holidays import YEARS, bank_holidays
from tests.unit.reading.small import read_small


@pytest.mark.parametrize(
    "day",
    [
        date(2025, 8, 25), date(2025, 12, 25), date(2025, 12, 26), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4),
    ],
)  # fmt: skip
def test_offices_are_closed_on_the_bank_holidays_of_the_scenarios(day: date) -> None:
    """Late summer, Christmas, Easter and May: the days on which the acceptance scenarios turn."""
    assert day in bank_holidays()


def test_a_holiday_at_a_weekend_is_taken_on_the_next_working_days() -> None:
    assert date(2026, 12, 28) in bank_holidays()
    assert {date(2027, 12, 27), date(2027, 12, 28)} <= set(bank_holidays())
    assert date(2026, 12, 26) not in bank_holidays()


def test_one_time_holidays_are_among_them() -> None:
    """VE Day moved May Day, a jubilee the spring holiday; a funeral and a coronation were added."""
    days = set(bank_holidays())
    assert {date(2020, 5, 8), date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)} <= days
    assert not {date(2020, 5, 4), date(2022, 5, 30)} & days


def test_every_year_has_its_eight_days_on_weekdays() -> None:
    days = bank_holidays()
    assert list(days) == sorted(set(days))
    assert all(day.weekday() < 5 for day in days)
    assert all(sum(day.year == year for day in days) >= 7 for year in YEARS)


def test_a_definition_that_was_read_has_them_inside() -> None:
    """A published version keeps its holidays even when the package learns of new ones."""
    definition = read_small().definition
    assert definition is not None
    assert definition.holidays == bank_holidays()
    assert "2026-04-06" in definition.canonical()
