"""A definition made ready to run: its parts by name and by place. Built by `pathway_model.compiled`, never changed.

One value per digest serves all cases and threads of a process.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from transitions import Machine

from pathway_model.calendar import Calendar
from pathway_model.language.clocks import Clock
from pathway_model.language.definition import (
    Action,
    Alternative,
    Definition,
    EndKind,
    Handover,
    Interrupt,
    Step,
)
from pathway_model.language.names import Digest
from pathway_model.language.parts import Moment
from pathway_model.language.requirements import FactRequirement, Requirement

PlaceKind = Literal["step", "strand", "phase", "interrupt", "handover", "throughout"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written, and so where it is in force: `("step", "overlap")`."""

    kind: PlaceKind
    name: str


THROUGHOUT: Final = Place("throughout", "throughout")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledStep:
    """A step with its surroundings.

    Attributes:
        places: Where a case is while at this step, innermost first, without throughout.
        owner: A role, or `unchanged`.
        by_itself: Its own alternatives and its strand's, except those that lead here.
    """

    name: str
    strand: str
    phase: str | None
    owner: str
    model: Step
    places: tuple[Place, ...]
    by_itself: tuple[Alternative, ...]

    @property
    def ends(self) -> EndKind | None:
        """How the case, or the strand, ends here."""
        return self.model.ends


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledAction:
    """An action where it is written.

    Attributes:
        strand: The strand that it moves, if it moves any.
        asks: Facts, with forms written out.
        moves: Whether it may lead to another step.
    """

    name: str
    place: Place
    strand: str
    model: Action
    asks: tuple[str, ...]
    moves: bool

    @property
    def title(self) -> str:
        """What a button says."""
        return self.model.title or in_words(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledClock:
    """A clock where it is written, with its usual moments filled in.

    Attributes:
        starts: The moments it is counted from, in order of preference; `start_keys` are their keys.
        leaving_meets: Leaving its place meets it (else leaving ends it, neither met nor missed).
    """

    name: str
    place: Place
    model: Clock
    starts: tuple[Moment, ...]
    start_keys: tuple[str, ...]
    leaving_meets: bool


@dataclass(frozen=True, kw_only=True)
class Pathway:
    """A compiled definition.

    Attributes:
        started_by, met_by: Clocks by the key of the moment (`moment_key`) that starts or meets them.
        answer_moments: By fact: the moment keys about answering it, each with the answers meant (none: any).
        kept_moments: Keys of the moments that something is counted from: a case remembers when these last occurred.
        machines: One flat machine per strand kind, interrupts included.
    """

    definition: Definition
    canonical: str
    digest: Digest
    calendar: Calendar
    steps: Mapping[str, CompiledStep]
    actions: Mapping[str, tuple[CompiledAction, ...]]
    actions_in: Mapping[Place, tuple[CompiledAction, ...]]
    clocks: Mapping[str, CompiledClock]
    clocks_in: Mapping[Place, tuple[CompiledClock, ...]]
    started_by: Mapping[str, tuple[CompiledClock, ...]]
    met_by: Mapping[str, tuple[CompiledClock, ...]]
    answer_moments: Mapping[str, tuple[tuple[str, frozenset[str] | None], ...]]
    kept_moments: frozenset[str]
    handovers: Mapping[str, Handover]
    handovers_of: Mapping[str, tuple[str, ...]]
    interrupts: Mapping[str, Interrupt]
    interrupt_phase: Mapping[str, str | None]
    machines: Mapping[str, Machine]
    first_step: Mapping[str, str]
    phase_strands: Mapping[str, tuple[str, ...]]
    agency_of: Mapping[str, str]

    def phase_of(self, step: str) -> str | None:
        """The phase that a step belongs to; none for the steps of interrupts."""
        return self.steps[step].phase


def moment_key(moment: Moment) -> str:
    """The key under which a case remembers a moment: `taking:acknowledge`, `answering:attendance=on_time|seen_late`."""
    key = f"{moment.kind}:{moment.name}"
    return key if moment.is_ is None else f"{key}={'|'.join(sorted(moment.is_))}"


def in_words(name: str) -> str:
    """A name as a title: `joint_assessment` → `Joint assessment`."""
    return name.replace("_", " ").capitalize()


def mentioned_moments(requirement: Requirement) -> tuple[Moment, ...]:
    """The moments that a requirement looks back to."""
    found: list[Moment] = []
    for part in parts_of(requirement):
        since = getattr(part, "since", None)
        if since is not None:
            found.append(since)
    return tuple(found)


def relies_on(action: CompiledAction) -> frozenset[str]:
    """The facts that an action's requirements and decision look at."""
    judged = (*action.model.needs, *(alternative.when for alternative in action.model.decide))
    return frozenset[str]().union(*(facts_in(each) for each in judged))


def facts_in(requirement: Requirement) -> frozenset[str]:
    """The facts that a requirement looks at."""
    return frozenset(part.fact for part in parts_of(requirement) if isinstance(part, FactRequirement))


def parts_of(requirement: Requirement) -> tuple[Requirement, ...]:
    """A requirement and everything inside it."""
    inner: list[Requirement] = [requirement]
    for nested in (
        *getattr(requirement, "all_", ()),
        *getattr(requirement, "any_", ()),
        *((requirement.not_,) if hasattr(requirement, "not_") else ()),
        *((requirement.when,) if requirement.when is not None else ()),
    ):
        inner.extend(parts_of(nested))
    return tuple(inner)
