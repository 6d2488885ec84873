"""Dates of scenarios: their weekday is checked, and they are local times."""

from datetime import UTC, date, datetime

import pytest

from pathway_model.scenarios.dates import Dated


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("Thu 21 Aug 2025 10:00", datetime(2025, 8, 21, 9, 0, tzinfo=UTC)),
        ("Mon 1 Dec 2025 10:00", datetime(2025, 12, 1, 10, 0, tzinfo=UTC)),
        ("Sun 26 Oct 2025 01:30", datetime(2025, 10, 26, 0, 30, tzinfo=UTC)),
        ("Sat 28 Feb 2026", datetime(2026, 2, 28, tzinfo=UTC)),
        ("Fri 21 Nov 2025 23:59:59", datetime(2025, 11, 21, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_date_is_local_time(text: str, instant: datetime) -> None:
    """In summer an hour ahead of UTC; of a time that occurs twice, the first is meant."""
    assert Dated.parse(text).instant == instant


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Fri 21 Aug 2025 10:00", "21 Aug 2025 10:00 is a Thursday; write `Thu 21 Aug 2025 10:00`"),
        ("21 Aug 2025", "is not a date"),
        ("Thu 21 August 2025", "is not a date"),
        ("Thu 31 Feb 2025", "is not a date"),
        ("Thu 21 Aug 2025 24:00", "is not a date"),
        ("Sun 29 Mar 2026 01:30", "the clocks go forward"),
    ],
)
def test_a_wrong_date_is_refused_with_what_to_write(text: str, said: str) -> None:
    """Above all a weekday that is another day's."""
    with pytest.raises(ValueError, match=r"not a date|is a|clocks") as refused:
        Dated.parse(text)
    assert said in str(refused.value)


@pytest.mark.parametrize("text", ["Thu 21 Aug 2025", "Thu 21 Aug 2025 10:00", "Fri 21 Nov 2025 23:59:59"])
def test_a_date_is_written_as_it_was_read(text: str) -> None:
    """Reading and writing are each other's opposite."""
    assert str(Dated.parse(text)) == text


def test_a_date_without_a_time_means_any_time_of_that_day() -> None:
    """A due day is met by its last second, as seen locally."""
    last_second = datetime(2025, 8, 21, 22, 59, 59, tzinfo=UTC)
    assert Dated(date(2025, 8, 21)).is_when(last_second)
    assert not Dated(date(2025, 8, 22)).is_when(last_second)


def test_a_date_with_a_time_means_that_minute() -> None:
    """A deadline at the end of the day is written 23:59."""
    assert Dated.parse("Thu 21 Aug 2025 23:59").is_when(datetime(2025, 8, 21, 22, 59, 59, tzinfo=UTC))
    assert not Dated.parse("Thu 21 Aug 2025 23:58").is_when(datetime(2025, 8, 21, 22, 59, 59, tzinfo=UTC))
