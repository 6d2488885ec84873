"""The caseload page: whom we look after, what is due first at the top."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from urllib.parse import urlencode

from use_cases.case_view import CaseLine
from use_cases.list_cases import Caseload, Counts, position_of
from web.caseworker.presenters.words import days_away, deadline, from_now, roles, title

TabName = Literal["mine", "all", "ended"]
Pressing = Literal["overdue", "today"]

TABS: Final[dict[TabName, str]] = {"mine": "My roles", "all": "All", "ended": "Ended"}

_EMPTY: Final[dict[TabName, tuple[str, str]]] = {
    "mine": (
        "Nothing is waiting for your roles",
        "Cases appear here as soon as a step of theirs is yours. Everything that you may see is under All.",
    ),
    "all": ("There are no open cases that you may see", "Cases of your service appear here when they are referred."),
    "ended": ("No case has ended yet", "Cases stay here for reading after they end."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One of the lists."""

    name: TabName
    label: str
    href: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number that presses, and the list of just those cases."""

    number: int
    label: str
    href: str
    tone: Literal["red", "orange", "grey"]
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One case.

    Attributes:
        state: What its tag says; nothing for what is simply due later.
    """

    href: str
    name: str
    step: str
    beside: tuple[str, ...]
    owner: str
    due: str
    when: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseloadPage:
    """Everything on the page."""

    tabs: tuple[Tab, ...]
    counts: tuple[Count, ...]
    rows: tuple[Row, ...]
    heading: str
    empty: tuple[str, str]
    more: str | None
    everything: str
    live: str


def wanted_by(tab: TabName, roles_held: tuple[str, ...]) -> Caseload:
    """Which cases a tab lists."""
    match tab:
        case "mine" if len(roles_held) == 1:
            return Caseload(owner=roles_held[0])
        case "mine":
            # Without a role nothing is mine: no role is called so.
            return Caseload(owners=roles_held or ("",))
        case "all":
            return Caseload()
        case "ended":
            return Caseload(status="ended")


def counts(of: Counts, tab: TabName, pressing: Pressing | None) -> tuple[Count, ...]:
    """What presses in the open list that is shown."""
    tone_of_late: Literal["red", "grey"] = "red" if of.overdue else "grey"
    tone_of_today: Literal["orange", "grey"] = "orange" if of.due_today else "grey"
    return (
        Count(
            number=of.overdue,
            label="overdue",
            href=f"/cases?tab={tab}&only=overdue",
            tone=tone_of_late,
            current=pressing == "overdue",
        ),
        Count(
            number=of.due_today,
            label="due today",
            href=f"/cases?tab={tab}&only=today",
            tone=tone_of_today,
            current=pressing == "today",
        ),
    )


def tabs(numbers: dict[TabName, int], current: TabName) -> tuple[Tab, ...]:
    """The lists with their sizes."""
    return tuple(
        Tab(name=name, label=label, href=f"/cases?tab={name}", count=numbers[name], current=name == current)
        for name, label in TABS.items()
    )


def row(line: CaseLine, now: datetime) -> Row:
    """One case as a row."""
    state, tone = _state(line, now)
    due = line.next_due if line.outcome is None else None
    return Row(
        href=f"/cases/{line.case}",
        name=line.person or "Not for you to see yet",
        step=title(line.steps[0]) if line.steps else title(line.outcome or line.status),
        beside=tuple(map(title, line.steps[1:])),
        owner=title(line.owners[0]) if line.owners else "",
        due=deadline(due) if due else "",
        when=from_now(due, now) if due else "",
        state=state,
        tone=tone,
    )


def next_page(tab: TabName, pressing: Pressing | None, last: CaseLine | None) -> str | None:
    """Where the list goes on after its last line; None where it ends."""
    if last is None:
        return None
    due, case = position_of(last)
    after = f"{due.isoformat()}~{case}"
    return f"/cases?{urlencode({'tab': tab, **({'only': pressing} if pressing else {}), 'after': after})}"


def heading(tab: TabName, pressing: Pressing | None) -> str:
    """What the list is called."""
    named = {"mine": "Cases of my roles", "all": "All open cases", "ended": "Ended cases"}[tab]
    return {"overdue": f"{named}: overdue", "today": f"{named}: due today"}.get(pressing or "", named)


def empty(tab: TabName, pressing: Pressing | None, held: tuple[str, ...]) -> tuple[str, str]:
    """What stands where there are no cases: what it means, and what to do."""
    if pressing is not None:
        said = "Nothing is overdue" if pressing == "overdue" else "Nothing else is due today"
        return said, "What is due later is in the whole list."
    if tab == "mine" and not held:
        return "You hold no role", "Ask whoever looks after accounts for one."
    heading_, help_ = _EMPTY[tab]
    return heading_, f"{help_} You act as {roles(held, 'and')}." if tab == "mine" and len(held) <= 3 else help_  # noqa: PLR2004 - a sentence takes no more


def _state(line: CaseLine, now: datetime) -> tuple[str, str]:
    if line.outcome is not None:
        return title(line.outcome), "grey"
    if line.paused:
        return "Paused", "blue"
    if line.overdue:
        return "Overdue", "red"
    if line.next_due is not None and days_away(line.next_due, now) == 0:
        return "Due today", "orange"
    return "", ""
