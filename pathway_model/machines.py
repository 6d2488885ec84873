"""The state machines: one flat `transitions.Machine` per strand, holding every way from step to step.

Shared by all cases and threads: no model is ever added to a machine, none is queued, and there are no automatic
transitions (they would bypass every requirement). Triggers are actions by name and the words below; conditions judge
the alternatives of a decision on the case at hand.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from transitions import Machine, MachineError, State

OUTSIDE: Final = "outside"
"""Where a strand is before it has begun and after it was closed."""

BEGIN: Final = "begin"
CLOSE: Final = "close"
BY_ITSELF: Final = "moves by itself"

# Its logger writes at every step and knows nothing of replays.
logging.getLogger("transitions").setLevel(logging.WARNING)

Condition = Callable[[Any], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way from a step to another, open while its condition (if any) holds."""

    trigger: str
    source: str
    destination: str
    condition: Condition | None = None


class Position:
    """The model that a machine moves: where a strand is."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


def led_by(interrupt: str, step: str) -> str:
    """The trigger by which an interrupt moves the main strand to a step."""
    return f"{interrupt} leads to {step}"


def begins_at(step: str) -> str:
    """The trigger by which a strand begins at a step that is not its first."""
    return f"{BEGIN} at {step}"


def build_machine(first: str, steps: Iterable[str], ways: Iterable[Way]) -> Machine:
    """A flat machine over the steps of one strand."""
    names: list[str | Enum | State] = list(steps)
    machine = Machine(
        model=None,
        states=[OUTSIDE, *names],
        initial=OUTSIDE,
        auto_transitions=False,
        ignore_invalid_triggers=False,
    )
    machine.add_transition(BEGIN, OUTSIDE, first)
    for name in names:
        machine.add_transition(begins_at(str(name)), OUTSIDE, name)
    machine.add_transition(CLOSE, names, OUTSIDE)
    for way in ways:
        conditions: list[str | Callable[..., bool | None]] = [] if way.condition is None else [way.condition]
        machine.add_transition(way.trigger, way.source, way.destination, conditions=conditions)
    return machine


def destination(machine: Machine, trigger: str, step: str, context: object) -> str | None:
    """Where a trigger leads from a step: none if there is no such way, or none of its conditions holds."""
    event = machine.events.get(trigger)
    position = Position(step)
    if event is None:
        return None
    try:
        moved = event.trigger(position, context)
    except MachineError:
        return None
    return position.state if moved else None
