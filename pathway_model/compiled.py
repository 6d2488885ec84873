"""Makes a definition ready to run: collects its parts by name and place, fills in what is usual, builds machines."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import TypeVar

from transitions import Machine

from pathway_model.calendar import Calendar
from pathway_model.language.clocks import Clock, Deadline
from pathway_model.language.definition import (
    Action,
    Alternative,
    Definition,
    Handover,
    Interrupt,
    Phase,
    Step,
    Strand,
)
from pathway_model.language.names import BACK, MAIN, STAY, UNCHANGED
from pathway_model.language.parts import Moment
from pathway_model.language.requirements import ActionRequirement, Requirement
from pathway_model.machines import BY_ITSELF, OUTSIDE, Way, build_machine, led_by
from pathway_model.pathway import (
    THROUGHOUT,
    CompiledAction,
    CompiledClock,
    CompiledStep,
    Pathway,
    Place,
    mentioned_moments,
    moment_key,
    relies_on,
)
from pathway_model.requirements import holds

_Key = TypeVar("_Key")
_Part = TypeVar("_Part")


@lru_cache(maxsize=64)
def pathway_of(canonical: str) -> Pathway:
    """The compiled pathway of a canonical definition; made once per process.

    Raises:
        pydantic.ValidationError: The string is no canonical definition.
    """
    return compile_pathway(Definition.model_validate_json(canonical))


def compile_pathway(definition: Definition) -> Pathway:
    """Make a definition ready to run. `pathway_model.reading` has checked its references before.

    Raises:
        KeyError: A name in it refers to nothing.
    """
    parts = _Parts(definition)
    clocks = {clock.name: clock for clock in parts.clocks}
    met_by = _grouped((moment_key(moment), clock) for clock in parts.clocks for moment in clock.model.met_by or ())
    started_by = _grouped((moment_key(moment), clock) for clock in parts.clocks for moment in clock.starts)
    looked_back_to = [moment for each in requirements_in(definition) for moment in mentioned_moments(each)]
    counted = [moment for clock in parts.clocks for moment in (*clock.starts, *(clock.model.met_by or ()))]
    taken = {f"taking:{each.action}" for each in requirements_in(definition) if isinstance(each, ActionRequirement)}
    relied = {f"taking:{action.name}" for action in parts.actions if action.moves and relies_on(action)}
    entered = {f"entering:{a.place.name}" for a in parts.actions if a.place.kind in {"phase", "strand"} and not a.moves}
    canonical = definition.canonical()
    return Pathway(
        definition=definition,
        canonical=canonical,
        digest=definition.digest(),
        calendar=Calendar(definition.holidays),
        steps=parts.steps,
        actions=_grouped((action.name, action) for action in parts.actions),
        actions_in=_grouped((action.place, action) for action in parts.actions),
        clocks=clocks,
        clocks_in=_grouped((clock.place, clock) for clock in parts.clocks),
        started_by=started_by,
        met_by=met_by,
        answer_moments=_grouped(
            (moment.name, (moment_key(moment), None if moment.is_ is None else frozenset(moment.is_)))
            for moment in {moment_key(each): each for each in (*counted, *looked_back_to)}.values()
            if moment.kind == "answering"
        ),
        kept_moments=frozenset(started_by).union(map(moment_key, looked_back_to), taken, relied, entered, met_by),
        handovers=parts.handovers,
        handovers_of=_grouped((phase, name) for name, phase in parts.handover_phase.items() if phase is not None),
        interrupts=parts.interrupts,
        interrupt_phase=parts.interrupt_phase,
        machines=_machines(parts),
        first_step=parts.first_step,
        phase_strands=parts.phase_strands,
        agency_of={role: name for name, agency in definition.agencies.items() for role in agency.roles},
    )


class _Parts:
    """What stands in a definition, collected by one walk through it."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.steps: dict[str, CompiledStep] = {}
        self.actions: list[CompiledAction] = []
        self.clocks: list[CompiledClock] = []
        self.handovers: dict[str, Handover] = {}
        self.handover_phase: dict[str, str | None] = {}
        self.interrupts: dict[str, Interrupt] = {}
        self.interrupt_phase: dict[str, str | None] = {}
        self.first_step: dict[str, str] = {}
        self.phase_strands: dict[str, tuple[str, ...]] = {}
        for name, phase in definition.phases.items():
            self._phase(name, phase)
        self.first_step[MAIN] = next(iter(next(iter(definition.phases.values())).steps))
        throughout = definition.throughout
        self._written_in(THROUGHOUT, MAIN, throughout.actions, throughout.clocks)
        self._interrupts(throughout.interrupts, None)
        self._handovers(throughout.handovers, None)

    def _phase(self, name: str, phase: Phase) -> None:
        place = Place("phase", name)
        for step_name, step in phase.steps.items():
            self._step(step_name, step, strand=MAIN, phase=name, owner=step.owner or UNCHANGED, around=(place,))
        self._written_in(place, MAIN, phase.actions, phase.clocks)
        self.phase_strands[name] = tuple(phase.strands)
        for strand_name, strand in phase.strands.items():
            self._strand(strand_name, strand, name)
        self._interrupts(phase.interrupts, name)
        self._handovers(phase.handovers, name)

    def _strand(self, name: str, strand: Strand, phase: str) -> None:
        place = Place("strand", name)
        steps = dict(strand.steps) or _short_strand(name, strand)
        self.first_step[name] = next(iter(steps))
        for step_name, step in steps.items():
            self._step(
                step_name, step, strand=name, phase=phase, owner=step.owner or strand.owner,
                around=(place,), inherited=strand.moves_by_itself,
            )  # fmt: skip
        self._written_in(place, name, strand.actions, strand.clocks)

    def _interrupts(self, interrupts: Mapping[str, Interrupt], phase: str | None) -> None:
        for name, interrupt in interrupts.items():
            self.interrupts[name] = interrupt
            self.interrupt_phase[name] = phase
            steps = dict(interrupt.steps)
            if interrupt.moves_by_itself:
                steps = {name: Step(owner=UNCHANGED)}
            if steps:
                self.first_step[name] = next(iter(steps))
            for step_name, step in steps.items():
                self._step(
                    step_name, step, strand=name, phase=None, owner=step.owner or UNCHANGED,
                    around=(Place("interrupt", name),), inherited=interrupt.moves_by_itself,
                )  # fmt: skip

    def _handovers(self, handovers: Mapping[str, Handover], phase: str | None) -> None:
        for name, handover in handovers.items():
            self.handovers[name] = handover
            self.handover_phase[name] = phase
            place = Place("handover", name)
            self._deadline(f"{name}_receive", handover.receive, place)
            self._deadline(f"{name}_decide", handover.decide, place)

    def _step(
        self,
        name: str,
        step: Step,
        *,
        strand: str,
        phase: str | None,
        owner: str,
        around: tuple[Place, ...],
        inherited: tuple[Alternative, ...] = (),
    ) -> None:
        place = Place("step", name)
        own = (*step.moves_by_itself, *(way for way in inherited if name not in way.go_to))
        self.steps[name] = CompiledStep(
            name=name,
            strand=strand,
            phase=phase,
            owner=owner,
            model=step,
            places=(place, *around),
            by_itself=own,
        )
        self._written_in(place, strand, step.actions, step.clocks)
        if step.deadline is not None:
            self._deadline(name, step.deadline, place)

    def _written_in(
        self, place: Place, strand: str, actions: Mapping[str, Action], clocks: Mapping[str, Clock]
    ) -> None:
        for name, action in actions.items():
            asks = tuple(fact for ask in action.asks for fact in self.definition.forms.get(ask, (ask,)))
            moves = bool(action.decide) or action.go_to != (STAY,)
            self.actions.append(
                CompiledAction(name=name, place=place, strand=strand, model=action, asks=asks, moves=moves)
            )
        for name, clock in clocks.items():
            self._clock(name, clock, place, leaving_meets=clock.met_by is None and clock.at_least is None)

    def _deadline(self, name: str, deadline: Deadline, place: Place) -> None:
        written = {key: getattr(deadline, key) for key in ("within", "from_", "when", "warn", "escalate")}
        clock = Clock(**written, in_pause=deadline.in_pause, hard_limit=deadline.hard_limit)
        self._clock(name, clock, place, leaving_meets=place.kind != "handover")

    def _clock(self, name: str, clock: Clock, place: Place, *, leaving_meets: bool) -> None:
        if place.kind == "handover":
            starts: tuple[Moment, ...] = ()
        else:
            starts = clock.from_ or (
                (Moment(entering=place.name),) if place != THROUGHOUT else (Moment(entering=self.first_step_of_all()),)
            )
        self.clocks.append(
            CompiledClock(
                name=name,
                place=place,
                model=clock,
                starts=starts,
                start_keys=tuple(moment_key(moment) for moment in starts),
                leaving_meets=leaving_meets,
            )
        )

    def first_step_of_all(self) -> str:
        """Where every case begins."""
        return next(iter(next(iter(self.definition.phases.values())).steps))


def _short_strand(name: str, strand: Strand) -> dict[str, Step]:
    """The two steps that `finishes_when` stands for."""
    working, finished = f"{name}_in_progress", f"{name}_finished"
    return {
        working: Step(actions={f"finish_{name}": Action(title=strand.finishes_when, go_to=(finished,))}),
        finished: Step(ends="strand", actions={f"reopen_{name}": Action(go_to=(working,))}),
    }


def _machines(parts: _Parts) -> dict[str, Machine]:
    steps_of: dict[str, list[CompiledStep]] = {}
    for step in parts.steps.values():
        steps_of.setdefault(step.strand, []).append(step)
    machines = {}
    for strand, steps in steps_of.items():
        names = {step.name for step in steps}
        ways = (replace(way, destination=_within(names, way.destination)) for way in _ways(parts, strand, steps))
        machines[strand] = build_machine(parts.first_step[strand], [step.name for step in steps], ways)
    return machines


def _within(names: set[str], destination: str) -> str:
    """A step of the strand itself; an interrupt that leads to a step of the main strand is over."""
    return destination if destination in names else OUTSIDE


def _ways(parts: _Parts, strand: str, steps: list[CompiledStep]) -> Iterable[Way]:
    for step in steps:
        for action in parts.actions:
            if action.moves and action.strand == strand and _reaches(action, step):
                yield from _ways_of(action, step)
        for alternative in step.by_itself:
            yield from _alternative(BY_ITSELF, step, alternative)
        if strand == MAIN and (step.ends is None):
            for name, interrupt in parts.interrupts.items():
                if parts.interrupt_phase[name] in (None, step.phase):
                    yield from _interrupt_ways(name, interrupt, step)


def _reaches(action: CompiledAction, step: CompiledStep) -> bool:
    if action.place == THROUGHOUT:
        return step.ends is None
    return action.place in step.places and (step.ends is None or action.place.kind == "step")


def _ways_of(action: CompiledAction, step: CompiledStep) -> Iterable[Way]:
    if action.model.decide:
        for alternative in action.model.decide:
            yield from _alternative(action.name, step, alternative)
    else:
        yield Way(trigger=action.name, source=step.name, destination=_target(action.model.go_to, step))


def _alternative(trigger: str, step: CompiledStep, alternative: Alternative) -> Iterable[Way]:
    condition: Callable[[object], bool] = partial(holds, alternative.when)
    yield Way(trigger=trigger, source=step.name, destination=_target(alternative.go_to, step), condition=condition)


def _interrupt_ways(name: str, interrupt: Interrupt, step: CompiledStep) -> Iterable[Way]:
    targets = [interrupt.go_to] if interrupt.go_to else []
    targets += [alternative.go_to[0] for alternative in interrupt.moves_by_itself]
    for within in interrupt.steps.values():
        alternatives = [*within.moves_by_itself, *(way for act in within.actions.values() for way in act.decide)]
        targets += [alternative.go_to[0] for alternative in alternatives]
        targets += [action.go_to[0] for action in within.actions.values()]
    for target in dict.fromkeys(targets):
        if target not in {STAY, BACK, *interrupt.steps}:
            yield Way(trigger=led_by(name, target), source=step.name, destination=target)


def _target(go_to: tuple[str, ...], step: CompiledStep) -> str:
    match go_to[0]:
        case target if target == STAY:
            return step.name
        case target if target == BACK:
            return OUTSIDE
        case target:
            return target


def requirements_in(definition: Definition) -> Iterable[Requirement]:
    """Every requirement that stands anywhere in a definition."""
    pending: list[object] = [definition]
    while pending:
        part = pending.pop()
        match part:
            case Mapping():
                pending.extend(part.values())
            case tuple():
                pending.extend(part)
            case _ if hasattr(part, "say") and hasattr(part, "when"):
                yield part  # type: ignore[misc]
            case _ if hasattr(part, "model_fields_set"):
                pending.extend(getattr(part, name) for name in type(part).model_fields)  # type: ignore[attr-defined]
            case _:
                pass


def _grouped(pairs: Iterable[tuple[_Key, _Part]]) -> dict[_Key, tuple[_Part, ...]]:
    groups: dict[_Key, list[_Part]] = {}
    for key, part in pairs:
        groups.setdefault(key, []).append(part)
    return {key: tuple(group) for key, group in groups.items()}
