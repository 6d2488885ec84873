"""`advance` beside bare `transitions`: the same journey, whole steps against mere moves from state to state.

Bare `transitions` has one flat machine with the steps of the journey's main strand and one trigger for each event; it
judges nothing, keeps no clock and makes no effect. What it takes is the least that moving by it costs.
"""

import json
from collections.abc import Callable
from statistics import median
from typing import Final

from transitions import Machine

from benchmarks.journey import Journey, s1
from benchmarks.rounds import interleaved, ratios, spread
from pathway_model.changes import changes, value_of
from pathway_model.explain import explain
from pathway_model.language.names import MAIN

ROUNDS: Final = 15
REPEATS: Final = 20

WHOLE: Final = "whole advance"
ADDED: Final = "transitions, with add_model"
SLOTTED: Final = "transitions, slotted model"

Moves = tuple[tuple[str, str, str], ...]
"""Trigger, step before, step after; one a step of the journey."""


class _Slotted:
    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


class _Free:
    """A model to which a machine may add what it likes."""


def main() -> None:
    """Measure, and print what came of it."""
    journey = s1()
    moves = _moves_of(journey)
    contenders: dict[str, Callable[[], object]] = {
        WHOLE: journey.walk,
        ADDED: _with_add_model(moves),
        SLOTTED: _with_slotted_model(moves),
    }
    seconds = interleaved(contenders, rounds=ROUNDS, repeats=REPEATS)
    print(f"S1 on ICoN: {len(journey.steps)} steps; {ROUNDS} rounds; CPU; min / median / max")
    for name, taken in seconds.items():
        micros = [each / len(journey.steps) * 1e6 for each in taken]
        least, middle, most = ratios(seconds, WHOLE, name)
        beside = "" if name == WHOLE else f"; {WHOLE} takes {least:.2f} / {middle:.2f} / {most:.2f} times as long"
        print(f"  {name:<28} {spread(micros)} µs a step, {1e6 / median(micros):,.0f} steps/s{beside}")
    _beside_it(journey)
    _sizes(journey)


def _beside_it(journey: Journey) -> None:
    """What is done around a step: explaining, and telling what changed."""
    cases = [step.case for step in journey.steps]
    pairs = list(zip([None, *cases], cases, strict=False))
    around: dict[str, Callable[[], object]] = {
        "explain": lambda: [explain(journey.pathway, step.case, step.entered) for step in journey.steps],
        "changes (the row's patch)": lambda: [changes(before, after) for before, after in pairs],
    }
    for name, taken in interleaved(around, rounds=5, repeats=5).items():
        print(f"  {name:<28} {spread([each / len(cases) * 1e6 for each in taken])} µs a step")


def _sizes(journey: Journey) -> None:
    sizes = [len(json.dumps(value_of(step.case), separators=(",", ":"))) for step in journey.steps]
    patches = [
        len(json.dumps(changes(before.case, after.case), separators=(",", ":")))
        for before, after in zip(journey.steps, journey.steps[1:], strict=False)
    ]
    print(f"  {'a case value as JSON':<28} {spread([float(size) for size in sizes])} bytes")
    print(f"  {'the patch of a row as JSON':<28} {spread([float(size) for size in patches])} bytes")


def _moves_of(journey: Journey) -> Moves:
    steps = [step.case.strands[MAIN].step for step in journey.steps]
    return tuple((f"event_{number}", *pair) for number, pair in enumerate(zip([steps[0], *steps], steps, strict=False)))


def _machine(moves: Moves) -> Machine:
    states = list(dict.fromkeys(step for _, before, after in moves for step in (before, after)))
    machine = Machine(model=None, states=states, initial=states[0], auto_transitions=False)
    for trigger, before, after in moves:
        machine.add_transition(trigger, before, after)
    return machine


def _with_add_model(moves: Moves) -> Callable[[], object]:
    machine = _machine(moves)

    def walk() -> None:
        model = _Free()
        machine.add_model(model)
        for trigger, _, _ in moves:
            getattr(model, trigger)()
        machine.remove_model(model)

    return walk


def _with_slotted_model(moves: Moves) -> Callable[[], object]:
    machine = _machine(moves)

    def walk() -> None:
        model = _Slotted(moves[0][1])
        for trigger, _, _ in moves:
            machine.events[trigger].trigger(model)

    return walk
