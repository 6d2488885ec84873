"""Every name that a definition gives to something, with what it names and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from pathway_model.language.clocks import Clock, Deadline
from pathway_model.language.definition import Definition, Fact, Handover, Interrupt, Phase, Step, Strand
from pathway_model.language.lengths import Length
from pathway_model.language.names import MAIN
from pathway_model.reading.tree import Path

Kind = Literal[
    "agency", "role", "contact", "consent", "fact", "form", "notice", "count", "phase", "step", "strand", "action",
    "clock", "handover", "interrupt",
]  # fmt: skip

PLURALS: Final[Mapping[Kind, str]] = {
    "agency": "agencies", "role": "roles", "contact": "contacts", "consent": "consents", "fact": "facts",
    "form": "forms", "notice": "notices", "count": "counts", "phase": "phases", "step": "steps",
    "strand": "strands", "action": "actions", "clock": "clocks", "handover": "handovers",
    "interrupt": "interrupts",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Around:
    """Where a step, or something written in one, belongs.

    Attributes:
        kind: The main line through the phases, a strand beside them, or an interrupt.
        name: The strand's or interrupt's name; `main` for the phases.
    """

    kind: Literal["main", "strand", "interrupt"]
    name: str
    phase: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """One name as it is given; `follows` is the name that it was made from, if it was not written itself."""

    name: str
    kind: Kind
    path: Path
    follows: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a name of a clock stands for: its length, and whether it is a minimum."""

    length: Length
    minimum: bool


@dataclass(slots=True)
class Known:
    """The names of one definition, by what they name."""

    definition: Definition
    given: list[Named] = field(default_factory=list)
    by_kind: dict[Kind, dict[str, Path]] = field(default_factory=lambda: {kind: {} for kind in PLURALS})
    steps: dict[str, Around] = field(default_factory=dict)
    clocks: dict[str, Counted] = field(default_factory=dict)
    agency_of: dict[str, str] = field(default_factory=dict)
    handovers: dict[str, str | None] = field(default_factory=dict)
    """Each with the phase it is written in."""

    @property
    def facts(self) -> Mapping[str, Fact]:
        """The questions."""
        return self.definition.facts

    def kinds_of(self, name: str) -> tuple[Kind, ...]:
        """What a name names."""
        return tuple(kind for kind, names in self.by_kind.items() if name in names)

    def phases_with_handovers(self) -> frozenset[str]:
        """Phases that `accepted` may name."""
        return frozenset(phase for phase in self.handovers.values() if phase is not None)


def known_names(definition: Definition) -> Known:
    """Collect the names of a definition."""
    known = Known(definition)
    collect = _Collector(known)
    for agency, written in definition.agencies.items():
        collect.add(agency, "agency", ("agencies", agency))
        for at, role in enumerate(written.roles):
            collect.add(role, "role", ("agencies", agency, "roles", at))
            known.agency_of.setdefault(role, agency)
    tops: tuple[tuple[str, Kind, Mapping[str, object]], ...] = (
        ("contacts", "contact", definition.contacts),
        ("consents", "consent", definition.consents),
        ("facts", "fact", definition.facts),
        ("forms", "form", definition.forms),
        ("notices", "notice", definition.notices),
        ("counts", "count", definition.counts),
    )
    for key, kind, names in tops:
        for name in names:
            collect.add(name, kind, (key, name))
    for name, phase in definition.phases.items():
        collect.phase(name, phase)
    throughout = definition.throughout
    top: Path = ("throughout",)
    collect.written_in(throughout.actions, throughout.clocks, top)
    collect.interrupts(throughout.interrupts, top, None)
    collect.handovers(throughout.handovers, top, None)
    return known


class _Collector:
    """Walks a definition and notes what each name is given to."""

    def __init__(self, known: Known) -> None:
        self._known = known

    def add(self, name: str, kind: Kind, path: Path, *, follows: str = "") -> None:
        self._known.given.append(Named(name, kind, path, follows))
        self._known.by_kind[kind].setdefault(name, path)

    def phase(self, name: str, phase: Phase) -> None:
        path: Path = ("phases", name)
        self.add(name, "phase", path)
        self.steps(phase.steps, path, Around("main", MAIN, name))
        self.written_in(phase.actions, phase.clocks, path)
        for strand, written in phase.strands.items():
            self.strand(strand, written, (*path, "strands", strand), name)
        self.interrupts(phase.interrupts, path, name)
        self.handovers(phase.handovers, path, name)

    def strand(self, name: str, strand: Strand, path: Path, phase: str) -> None:
        self.add(name, "strand", path)
        around = Around("strand", name, phase)
        if strand.finishes_when is not None:
            for step in (f"{name}_in_progress", f"{name}_finished"):
                self.add(step, "step", path, follows=name)
                self._known.steps[step] = around
            for action in (f"finish_{name}", f"reopen_{name}"):
                self.add(action, "action", path, follows=name)
        self.steps(strand.steps, path, around)
        self.written_in(strand.actions, strand.clocks, path)

    def interrupts(self, interrupts: Mapping[str, Interrupt], path: Path, phase: str | None) -> None:
        for name, interrupt in interrupts.items():
            inner = (*path, "interrupts", name)
            self.add(name, "interrupt", inner)
            self.steps(interrupt.steps, inner, Around("interrupt", name, phase))

    def handovers(self, handovers: Mapping[str, Handover], path: Path, phase: str | None) -> None:
        for name, handover in handovers.items():
            inner = (*path, "handovers", name)
            self.add(name, "handover", inner)
            self._known.handovers.setdefault(name, phase)
            for ending, deadline in (("receive", handover.receive), ("decide", handover.decide)):
                self.add(f"{name}_{ending}", "clock", (*inner, ending), follows=name)
                self._known.clocks.setdefault(f"{name}_{ending}", _counted(deadline))

    def steps(self, steps: Mapping[str, Step], path: Path, around: Around) -> None:
        for name, step in steps.items():
            inner = (*path, "steps", name)
            self.add(name, "step", inner)
            self._known.steps.setdefault(name, around)
            self.written_in(step.actions, step.clocks, inner)
            if step.deadline is not None:
                self._known.clocks.setdefault(name, _counted(step.deadline))
                self._known.by_kind["clock"].setdefault(name, (*inner, "deadline"))

    def written_in(self, actions: Mapping[str, object], clocks: Mapping[str, Clock], path: Path) -> None:
        for name in actions:
            self.add(name, "action", (*path, "actions", name))
        for name, clock in clocks.items():
            self.add(name, "clock", (*path, "clocks", name))
            self._known.clocks.setdefault(name, _counted(clock))


def _counted(clock: Clock | Deadline) -> Counted:
    if isinstance(clock, Deadline):
        return Counted(clock.within, minimum=False)
    return Counted(clock.length, minimum=clock.at_least is not None)
