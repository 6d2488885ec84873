from datetime import UTC, date, datetime

import pytest

from pathway_model.calendar import Calendar, add_months, days_later, local_instant
from pathway_model.language.lengths import Length
from tests.unit.core.definitions import HOLIDAYS, local

CALENDAR = Calendar(date.fromisoformat(day) for day in HOLIDAYS)


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        # language.md 6.15: the day it happened never counts, whatever the hour
        ("2025-11-08 21:30", "1 working day", "2025-11-10 17:00"),
        ("2025-11-06 18:00", "1 working day", "2025-11-07 17:00"),
        ("2025-11-06 00:00", "1 working day", "2025-11-07 17:00"),
        # S1: the summer bank holiday, Monday 25 August
        ("2025-08-21 10:00", "2 working days", "2025-08-26 17:00"),
        # S2: requested Thu 18 Dec; received by Mon 22; decided by Mon 29, over Christmas
        ("2025-12-18 10:00", "2 working days", "2025-12-22 17:00"),
        ("2025-12-18 10:00", "5 working days", "2025-12-29 17:00"),
        # S4: cancelled on Maundy Thursday, over Easter
        ("2026-04-02 10:00", "2 working days", "2026-04-08 17:00"),
        # S5, S7, S9
        ("2026-01-07 10:00", "5 working days", "2026-01-14 17:00"),
        ("2026-05-26 10:00", "1 working day", "2026-05-27 17:00"),
        ("2025-11-08 21:30", "10 working days", "2025-11-21 17:00"),
        # S4: 21 calendar days, bank holidays or not
        ("2026-03-16 10:00", "21 calendar days", "2026-04-06 23:59:59"),
        ("2025-08-29 10:00", "12 weeks", "2025-11-21 23:59:59"),
        ("2026-01-06 10:00", "12 weeks", "2026-03-31 23:59:59"),
        # 6.16: months keep the day, clamped; years as well
        ("2025-08-31 10:00", "6 calendar months", "2026-02-28 23:59:59"),
        ("2025-08-31 10:00", "7 calendar months", "2026-03-31 23:59:59"),
        ("2027-08-31 10:00", "6 calendar months", "2028-02-29 23:59:59"),
        ("2024-02-29 10:00", "3 calendar years", "2027-02-28 23:59:59"),
        # a local day is London's: 23:30 UTC on 30 June is 1 July
        ("2025-07-01 00:30", "1 calendar day", "2025-07-02 23:59:59"),
    ],
)  # fmt: skip
def test_a_deadline_ends_with_its_last_day(start: str, length: str, due: str) -> None:
    assert CALENDAR.due(local(start), Length.parse(length)) == local(due)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        # 6.17: elapsed time. Clocks go back on 26 Oct 2025 and forward on 29 Mar 2026
        ("2025-10-24 10:00", "72 hours", "2025-10-27 09:00"),
        ("2026-03-27 10:00", "72 hours", "2026-03-30 11:00"),
        ("2026-02-01 23:10", "1 hour", "2026-02-02 00:10"),
        ("2026-03-29 00:30", "1 hour", "2026-03-29 02:30"),
    ],
)
def test_hours_are_elapsed_time_across_clock_changes(start: str, hours: str, due: str) -> None:
    assert CALENDAR.due(local(start), Length.parse(hours)) == local(due)
    assert CALENDAR.reached(local(start), Length.parse(hours)) == local(due)


@pytest.mark.parametrize(
    ("start", "length", "reached"),
    [
        ("2025-08-29 10:00", "6 calendar months", "2026-02-28 00:00"),
        ("2026-03-09 10:00", "4 weeks", "2026-04-06 00:00"),
        ("2025-11-08 21:30", "5 working days", "2025-11-14 17:00"),
        ("2026-03-21 10:00", "3 calendar years", "2029-03-21 00:00"),
    ],
)
def test_a_minimum_is_reached_when_its_last_day_begins_or_work_ends(start: str, length: str, reached: str) -> None:
    assert CALENDAR.reached(local(start), Length.parse(length)) == local(reached)


@pytest.mark.parametrize(
    ("due", "length", "warned"),
    [
        ("2026-02-13 23:59:59", "5 working days", "2026-02-06 09:00"),
        ("2025-12-29 17:00", "2 working days", "2025-12-23 09:00"),
        ("2026-04-07 17:00", "1 working day", "2026-04-02 09:00"),
        ("2026-03-31 23:59:59", "1 calendar month", "2026-02-28 09:00"),
        ("2026-03-31 23:59:59", "1 week", "2026-03-24 09:00"),
        ("2026-02-02 00:10", "2 hours", "2026-02-01 22:10"),
    ],
)
def test_a_warning_before_the_due_time_comes_at_nine(due: str, length: str, warned: str) -> None:
    assert CALENDAR.warned_before(local(due), Length.parse(length)) == local(warned)


@pytest.mark.parametrize(
    ("start", "length", "warned"),
    [
        ("2026-03-16 10:00", "14 calendar days", "2026-03-30 09:00"),  # S4, after the clocks went forward
        ("2026-04-02 10:00", "1 working day", "2026-04-07 09:00"),
        ("2026-02-01 23:10", "2 hours", "2026-02-02 01:10"),
    ],
)
def test_a_warning_after_the_start_comes_at_nine(start: str, length: str, warned: str) -> None:
    assert CALENDAR.warned_after(local(start), Length.parse(length)) == local(warned)


@pytest.mark.parametrize(
    ("left_at", "due", "back_at", "length", "again"),
    [
        # three working days were left (Tue, Wed, Thu); they follow the Monday of the return
        ("2025-09-01 10:00", "2025-09-04 17:00", "2025-09-15 10:00", "5 working days", "2025-09-18 17:00"),
        # paused and back within a day: nothing changes
        ("2025-09-01 10:00", "2025-09-04 17:00", "2025-09-01 15:00", "5 working days", "2025-09-04 17:00"),
        # paused on the due day: the rest of a working day is left
        ("2025-09-04 10:00", "2025-09-04 17:00", "2025-09-08 10:00", "5 working days", "2025-09-08 17:00"),
        ("2025-09-04 10:00", "2025-09-04 17:00", "2025-09-08 18:00", "5 working days", "2025-09-09 17:00"),
        ("2025-09-04 10:00", "2025-09-04 17:00", "2025-09-06 10:00", "5 working days", "2025-09-08 17:00"),
        # calendar days: fourteen days of pause are added, across the clock change as well
        ("2025-10-20 10:00", "2025-10-30 23:59:59", "2025-11-03 10:00", "21 calendar days", "2025-11-13 23:59:59"),
        ("2025-09-04 10:00", "2026-03-01 00:00", "2025-09-14 10:00", "6 calendar months", "2026-03-11 00:00"),
        # hours: what was left, to the second
        ("2025-09-04 10:00", "2025-09-04 12:30", "2025-09-06 08:00", "72 hours", "2025-09-06 10:30"),
    ],
)
def test_what_was_left_at_a_pause_is_counted_again_from_the_return(
    left_at: str, due: str, back_at: str, length: str, again: str
) -> None:
    carried = CALENDAR.carried_over(local(left_at), local(due), local(back_at), Length.parse(length))
    assert carried == local(again)


def test_working_days_between_are_counted_after_the_first_day_up_to_the_last() -> None:
    assert CALENDAR.working_days_between(date(2025, 12, 24), date(2025, 12, 29)) == 1
    assert CALENDAR.working_days_between(date(2025, 9, 1), date(2025, 9, 1)) == 0
    assert CALENDAR.working_days_between(date(2025, 9, 5), date(2025, 9, 12)) == 5


def test_a_local_time_that_occurs_twice_means_the_first() -> None:
    first = datetime.combine(date(2025, 10, 26), datetime.min.time().replace(hour=1, minute=30))
    assert local_instant(first.date(), first.time()) == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)


def test_days_later_keep_the_local_time() -> None:
    assert days_later(local("2025-10-20 10:00"), 14) == local("2025-11-03 10:00")


def test_months_are_clamped_backwards_as_well() -> None:
    assert add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert add_months(date(2026, 1, 31), -2) == date(2025, 11, 30)
