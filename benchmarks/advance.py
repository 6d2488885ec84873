"""`advance` beside bare `transitions`: the same journey, whole steps against mere moves from state to state.

Bare `transitions` has one flat machine with the steps of the journey's main strand and one trigger for each event; it
judges nothing, keeps no clock and makes no effect. What it takes is the least that moving by it costs.
"""

import json
import zlib
from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Final

from transitions import Machine

from benchmarks.journey import Journey, s1
from benchmarks.rounds import interleaved, ratios, spread
from pathway_model.advance import advance
from pathway_model.case import Case
from pathway_model.changes import changes, value_of
from pathway_model.events import ActionTaken
from pathway_model.explain import explain
from pathway_model.language.names import MAIN
from pathway_model.outcome import Step

ROUNDS: Final = 15
REPEATS: Final = 20
LONG: Final = 10_000
THOUSAND: Final = 1_000

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
        print(f"  {name:<30} {spread(micros)} µs a step, {1e6 / median(micros):,.0f} steps/s{beside}")
    _beside_it(journey)
    _sizes(journey)
    _long_case(journey)


def _beside_it(journey: Journey) -> None:
    """What is done around a step: explaining, and telling what changed."""
    cases = [step.case for step in journey.steps]
    pairs = list(zip([None, *cases], cases, strict=False))
    around: dict[str, Callable[[], object]] = {
        "explain": lambda: [explain(journey.pathway, step.case, step.entered) for step in journey.steps],
        "changes (the row's patch)": lambda: [changes(before, after) for before, after in pairs],
    }
    for name, taken in interleaved(around, rounds=5, repeats=5).items():
        print(f"  {name:<30} {spread([each / len(cases) * 1e6 for each in taken])} µs a step")


def _long_case(journey: Journey) -> None:
    """A case that is never left alone: appointments missed, and each followed up, ten thousand steps long."""
    case, now = journey.opened(), journey.steps[0].entered
    deeds = (("record_contact", {"attendance": "not_there"}), ("record_attempt", {"attempt": "phone"}))
    taken = []
    for number in range(LONG):
        action, answers = deeds[number % 2]
        event = ActionTaken(at=now, by=case.strands[MAIN].owner, action=action, answers=answers)
        began = process_time()
        step = advance(journey.pathway, case, event, now)
        taken.append(process_time() - began)
        assert isinstance(step, Step)
        case = step.case
    for name, part in (("first", taken[:THOUSAND]), ("last", taken[-THOUSAND:])):
        print(f"  {f'the {name} 1,000 of {LONG:,} steps':<30} {median(part) * 1e6:,.1f} µs a step (median)")
    print(f"  {'the case value by then':<30} {len(_written(case)):,} bytes")


def _written(case: Case) -> bytes:
    return json.dumps(value_of(case), separators=(",", ":")).encode()


def _sizes(journey: Journey) -> None:
    cases = [_written(step.case) for step in journey.steps]
    pairs = zip(journey.steps, journey.steps[1:], strict=False)
    patches = [json.dumps(changes(before.case, after.case), separators=(",", ":")) for before, after in pairs]
    rows = {
        "a case value as JSON": [len(case) for case in cases],
        "the same, compressed": [len(zlib.compress(case)) for case in cases],
        "the patch of a row as JSON": [len(patch) for patch in patches],
    }
    for name, sizes in rows.items():
        print(f"  {name:<30} {min(sizes):,} / {median(sizes):,.0f} / {max(sizes):,} bytes")


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
