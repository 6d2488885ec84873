"""How pages say names, dates and times: in words, in the United Kingdom's time."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from use_cases.given import LOCAL

_NOON: Final = 12


def title(name: str) -> str:
    """A name as a title: `team_manager` → Team manager."""
    spaced = name.replace("_", " ")
    return spaced[:1].upper() + spaced[1:]


def role(name: str) -> str:
    """A role inside a sentence: `team_manager` → team manager."""
    return {"gp": "GP"}.get(name, name.replace("_", " "))


def roles(names: Iterable[str], last: str = "or") -> str:
    """Roles as a phrase: `a keyworker, psychologist or team manager`, without the article."""
    said = list(dict.fromkeys(map(role, names)))
    return f" {last} ".join([", ".join(said[:-1]), said[-1]]) if len(said) > 1 else "".join(said)


def day(of: date) -> str:
    """A day: 4 May 1988."""
    return f"{of.day} {of:%B %Y}"


def local_day(instant: datetime) -> str:
    """The local day of an instant."""
    return day(instant.astimezone(LOCAL).date())


def moment(instant: datetime) -> str:
    """An instant, as the NHS style has it: 10 November 2026, 2:14pm."""
    return f"{local_day(instant)}, {clock(instant)}"


def clock(instant: datetime) -> str:
    """The time of day: 2:14pm, 9am, midday."""
    local = instant.astimezone(LOCAL)
    if (local.hour, local.minute) == (_NOON, 0):
        return "midday"
    hour = local.hour % _NOON or _NOON
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{hour}{minutes}{'am' if local.hour < _NOON else 'pm'}"


def deadline(instant: datetime) -> str:
    """When something is due: at the end of a day the day alone says it."""
    local = instant.astimezone(LOCAL)
    ends = (local.hour, local.minute) in {(23, 59), (0, 0)}
    return local_day(instant) if ends else f"{local_day(instant)}, {clock(instant)}"


def days_away(instant: datetime, now: datetime) -> int:
    """How many local days an instant lies ahead; behind, less than 0."""
    return (instant.astimezone(LOCAL).date() - now.astimezone(LOCAL).date()).days


def from_now(instant: datetime, now: datetime) -> str:
    """How far off an instant is, in days: today, tomorrow, in 3 days, 2 days ago."""
    days = days_away(instant, now)
    match days:
        case 0:
            return "today"
        case 1:
            return "tomorrow"
        case -1:
            return "yesterday"
        case _:
            return f"in {days} days" if days > 0 else f"{-days} days ago"


def age(born: date, now: datetime) -> int:
    """Whole years."""
    today = now.astimezone(LOCAL).date()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def nhs_number(digits: str) -> str:
    """An NHS number in its three groups: 999 974 0375."""
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
