"""Ladders: what one turn of a clock does by itself, in order. Warn, be reached, fall due, tell the next rung.

The due instant itself is on time, so what follows from missing it wakes a second later, while it counts as of then.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from pathway_model.calendar import Calendar
from pathway_model.case import Turn, TurnState
from pathway_model.language.lengths import Length, Side, Unit, When
from pathway_model.pathway import Pathway

GRACE: Final = timedelta(seconds=1)
"""How long after a due instant it counts as missed."""


@dataclass(frozen=True, slots=True)
class Firing:
    """Something that a turn does.

    Attributes:
        at: The instant that is due.
        wake: When it happens: a moment later, if the due instant itself is still on time.
        roles: Who is told, as written (`owner` stands for whoever owns by then).
    """

    at: datetime
    wake: datetime
    kind: Literal["warn", "reached", "due", "rung"]
    roles: tuple[str, ...] = ()


def schedule(turn: Turn, pathway: Pathway) -> tuple[Firing, ...]:
    """All firings of a turn in order, fired ones included."""
    clock = pathway.clocks[turn.clock].model
    if clock.at_least is not None:
        return (Firing(turn.due, turn.due, "reached"),)
    warned: dict[datetime, list[str]] = {}
    for role, times in clock.warn.items():
        for when in times:
            warned.setdefault(max(_warned(pathway.calendar, turn, when), turn.started), []).append(role)
    told: dict[datetime, list[str]] = {turn.due: []}
    for role, times in clock.escalate.items():
        for when in times:
            told.setdefault(_escalated(pathway.calendar, turn.due, when), []).append(role)
    warnings = [Firing(at, at, "warn", _each_once(roles)) for at, roles in warned.items()]
    rungs = [
        Firing(at, at + GRACE, "due" if at == turn.due else "rung", _each_once(roles)) for at, roles in told.items()
    ]
    return tuple(sorted((*warnings, *rungs), key=lambda firing: (firing.wake, firing.kind)))


def armed(turn: Turn, pathway: Pathway) -> Turn:
    """The turn, waking for its next firing; never, if its ladder is exhausted or a pause has frozen it."""
    firings = schedule(turn, pathway)
    waits = turn.frozen is None and turn.fired < len(firings)
    return replace(turn, wake=firings[turn.fired].wake if waits else None)


def state_after(firings: Sequence[Firing]) -> TurnState:
    """How a turn stands when it has fired so far."""
    kinds = {firing.kind for firing in firings}
    if "reached" in kinds:
        return "reached"
    return "missed" if "due" in kinds else "running"


def _warned(calendar: Calendar, turn: Turn, when: When) -> datetime:
    match when.side:
        case Side.AT_ONCE:
            return turn.started
        case Side.AFTER:
            return calendar.warned_after(turn.started, _length(when))
        case Side.BEFORE:
            return calendar.warned_before(turn.due, _length(when))


def _escalated(calendar: Calendar, due: datetime, when: When) -> datetime:
    if when.side is Side.AT_ONCE:
        return due
    length = _length(when)
    return due + timedelta(hours=length.amount) if length.unit is Unit.HOURS else calendar.due(due, length)


def _length(when: When) -> Length:
    assert when.length is not None
    return when.length


def _each_once(roles: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(roles))
