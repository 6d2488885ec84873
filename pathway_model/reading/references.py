"""Walks a definition: every name that it refers to must be there, and be of the right kind. All problems at once."""

from collections.abc import Iterable, Mapping

from pathway_model.language.clocks import Clock, Deadline, Rungs
from pathway_model.language.definition import (
    Action,
    Alternative,
    Handover,
    Interrupt,
    NeverFor,
    Phase,
    Step,
    Strand,
    Throughout,
)
from pathway_model.language.lengths import Length
from pathway_model.language.names import ANYONE, BACK, MAIN, OWNER, PERSON, STAY, UNCHANGED
from pathway_model.language.parts import Moment
from pathway_model.language.requirements import Requirement
from pathway_model.reading.given_names import check_given_names
from pathway_model.reading.known import Around, Kind
from pathway_model.reading.look import Look, look_at
from pathway_model.reading.notice_rules import check_carried, check_consents, check_notices
from pathway_model.reading.problems import Findings
from pathway_model.reading.questions import check_moments, check_requirement, check_requirements
from pathway_model.reading.shapes import Shaped
from pathway_model.reading.tree import Path

_MAIN_LINE = Around("main", MAIN)


def check_references(shaped: Shaped, findings: Findings, *, complete: bool = True) -> None:
    """Check every name in what could be read.

    Args:
        shaped: The sound part of a definition.
        findings: Takes what is wrong.
        complete: Whether all fragments could be copied in.
    """
    look = look_at(shaped, findings, complete=complete)
    check_given_names(look)
    check_consents(look)
    check_notices(look)
    _facts_and_counts(look)
    for name, phase in look.definition.phases.items():
        _phase(name, phase, look)
    _throughout(look.definition.throughout, look)
    _first_step(look)


def _facts_and_counts(look: Look) -> None:
    definition = look.definition
    for name, fact in definition.facts.items():
        check_requirement(fact.when, ("facts", name, "when"), look)
        if fact.lowest is not None and fact.highest is not None and fact.lowest > fact.highest:
            look.problem(("facts", name, "lowest"), "out_of_range", f"`lowest` is above `highest` at `{name}`")
    for name, facts in definition.forms.items():
        _all(facts, ("forms", name), look, "fact")
    for name, count in definition.counts.items():
        _jobs(count.job_for, ("counts", name, "job_for"), look)


def _first_step(look: Look) -> None:
    phase, first = next(iter(look.definition.phases.items()))
    step = next(iter(first.steps))
    if first.steps[step].owner == UNCHANGED:
        look.problem(
            ("phases", phase, "steps", step, "owner"), "no_owner", f"a case begins at `{step}`: nobody owned it before",
            "name a role",
        )  # fmt: skip


def _phase(name: str, phase: Phase, look: Look) -> None:
    path: Path = ("phases", name)
    for step_name, step in phase.steps.items():
        _step(step_name, step, (*path, "steps", step_name), Around("main", MAIN, name), look)
    for strand_name, strand in phase.strands.items():
        _strand(strand_name, strand, (*path, "strands", strand_name), name, look)
    _actions(phase.actions, path, Around("main", MAIN, name), look)
    _clocks(phase.clocks, path, look)
    _interrupts(phase.interrupts, path, name, look)
    _handovers(phase.handovers, path, look)
    check_requirements(phase.leave_when, (*path, "leave_when"), look, holds_up=name)


def _throughout(throughout: Throughout, look: Look) -> None:
    path: Path = ("throughout",)
    _actions(throughout.actions, path, _MAIN_LINE, look)
    _clocks(throughout.clocks, path, look)
    _interrupts(throughout.interrupts, path, None, look)
    _handovers(throughout.handovers, path, look)


def _strand(name: str, strand: Strand, path: Path, phase: str, look: Look) -> None:
    around = Around("strand", name, phase)
    look.refer(strand.owner, (*path, "owner"), "role")
    for step_name, step in strand.steps.items():
        _step(step_name, step, (*path, "steps", step_name), around, look)
    _actions(strand.actions, path, around, look)
    _clocks(strand.clocks, path, look)
    _alternatives(strand.moves_by_itself, (*path, "moves_by_itself"), around, look)


def _step(name: str, step: Step, path: Path, around: Around, look: Look) -> None:
    if step.owner is not None:
        look.refer(step.owner, (*path, "owner"), "role", also=(UNCHANGED,))
    elif around.kind != "strand" and path not in look.shaped.gaps:
        hint = "add `owner`: a role, or `unchanged`"
        look.problem(path, "no_owner", f"nobody owns `{name}`", hint, at_key=True)
    _all(step.with_, (*path, "with"), look, "role")
    if step.deadline is not None:
        _deadline(step.deadline, (*path, "deadline"), look)
    _clocks(step.clocks, path, look)
    _actions(step.actions, path, around, look)
    check_requirements(step.leave_when, (*path, "leave_when"), look, holds_up=name)
    _alternatives(step.moves_by_itself, (*path, "moves_by_itself"), around, look)
    _tells(step, path, look)
    if step.ends is not None and (step.ends == "strand") != (around.kind == "strand"):
        wanted = "`strand`" if around.kind == "strand" else "how the case ends, such as `completed`"
        look.problem((*path, "ends"), "wrong_ending", f"`{name}` cannot end with `{step.ends}`", f"write {wanted}")


def _actions(actions: Mapping[str, Action], above: Path, around: Around, look: Look) -> None:
    for name, action in actions.items():
        path = (*above, "actions", name)
        _who(action.by, (*path, "by"), look)
        _all(action.asks, (*path, "asks"), look, "fact", "form")
        check_requirements(action.needs, (*path, "needs"), look, holds_up=name)
        _all(action.signed_by, (*path, "signed_by"), look, "role", also=(OWNER,))
        _alternatives(action.decide, (*path, "decide"), around, look)
        _targets(action.go_to, (*path, "go_to"), around, look)
        _all(action.requests, (*path, "requests"), look, "handover")
        _tells(action, path, look)
        if action.count is not None:
            look.refer(action.count, (*path, "count"), "count")


def _interrupts(interrupts: Mapping[str, Interrupt], above: Path, phase: str | None, look: Look) -> None:
    for name, interrupt in interrupts.items():
        path = (*above, "interrupts", name)
        around = Around("interrupt", name, phase)
        _who(interrupt.raised_by, (*path, "raised_by"), look)
        _all(interrupt.asks, (*path, "asks"), look, "fact", "form")
        for step_name, step in interrupt.steps.items():
            _step(step_name, step, (*path, "steps", step_name), around, look)
        if interrupt.go_to is not None:
            _targets((interrupt.go_to,), (*path, "go_to"), _MAIN_LINE, look)
        _alternatives(interrupt.moves_by_itself, (*path, "moves_by_itself"), around, look)
        _all(interrupt.requests, (*path, "requests"), look, "handover")
        _tells(interrupt, path, look)


def _handovers(handovers: Mapping[str, Handover], above: Path, look: Look) -> None:
    for name, handover in handovers.items():
        path = (*above, "handovers", name)
        look.refer(handover.to, (*path, "to"), "role")
        look.refer(handover.passes, (*path, "passes"), "strand", also=("case",))
        check_requirement(handover.when, (*path, "when"), look)
        check_carried(name, handover, path, look)
        _deadline(handover.receive, (*path, "receive"), look)
        _deadline(handover.decide, (*path, "decide"), look)
        if handover.never_for is not None:
            _never_for(handover, handover.never_for, (*path, "never_for"), look)


def _never_for(handover: Handover, never_for: NeverFor, path: Path, look: Look) -> None:
    for at, reason in enumerate(never_for.reasons):
        if reason in handover.may_decline_for:
            message = f"`{reason}` is never a reason, but `may_decline_for` allows it"
            look.problem((*path, "reasons", at), "two_meanings", message, "take one out")
    if never_for.count is not None:
        look.refer(never_for.count, (*path, "count"), "count")
    _jobs(never_for.job_for, (*path, "job_for"), look)


def _clocks(clocks: Mapping[str, Clock], above: Path, look: Look) -> None:
    for name, clock in clocks.items():
        path = (*above, "clocks", name)
        _timed(clock.length, clock.from_, clock.when, (clock.warn, clock.escalate), path, look)
        check_moments(clock.met_by or (), (*path, "met_by"), look)
        _all(clock.exceptions, (*path, "exceptions"), look, "action")


def _deadline(deadline: Deadline, path: Path, look: Look) -> None:
    _timed(deadline.within, deadline.from_, deadline.when, (deadline.warn, deadline.escalate), path, look)


def _timed(
    length: Length,
    moments: Iterable[Moment] | None,
    when: Requirement | None,
    ladders: tuple[Rungs, Rungs],
    path: Path,
    look: Look,
) -> None:
    check_moments(moments or (), (*path, "from"), look, length)
    check_requirement(when, (*path, "when"), look)
    for key, ladder in zip(("warn", "escalate"), ladders, strict=True):
        for role in ladder:
            look.refer(role, (*path, key, role), "role", also=(OWNER,), at_key=True)


def _alternatives(alternatives: Iterable[Alternative], path: Path, around: Around, look: Look) -> None:
    for at, alternative in enumerate(alternatives):
        check_requirement(alternative.when, (*path, at, "when"), look)
        _targets(alternative.go_to, (*path, at, "go_to"), around, look)
        _tells(alternative, (*path, at), look)


def _targets(targets: tuple[str, ...], path: Path, around: Around, look: Look) -> None:
    """A step that can be reached from there; then, if wanted, steps of the strands of that step's phase."""
    phase: str | None = None
    seen: set[str] = set()
    for at, target in enumerate(targets):
        inner = (*path, at)
        if target in {STAY, BACK}:
            _stay_or_back(target, inner, around, look, alone=len(targets) == 1)
            continue
        if target in look.known.by_kind["phase"] and target not in look.known.steps:
            first = next(iter(look.definition.phases[target].steps))
            look.problem(
                inner, "wrong_kind", f"`{target}` is a phase; a case goes to a step", f"its first is `{first}`"
            )
            continue
        if not look.refer(target, inner, "step", also=(STAY, BACK)):
            continue
        there = look.known.steps[target]
        if at == 0:
            phase = there.phase
            _reachable(target, there, inner, around, look)
        elif there.kind != "strand" or there.phase != phase or there.name in seen:
            message = f"`{target}` is no step of another strand beside `{targets[0]}`"
            look.problem(inner, "wrong_strand", message, "after the first step, one step of each strand may follow")
        seen.add(there.name)


def _stay_or_back(target: str, path: Path, around: Around, look: Look, *, alone: bool) -> None:
    if not alone:
        look.problem(path, "wrong_strand", f"`{target}` stands alone", "name the steps instead")
    elif target == BACK and around.kind == "main":
        look.problem(
            path, "wrong_strand", "`back` leads out of an interrupt, or to where a strand was before",
            "name the step instead",
        )  # fmt: skip


def _reachable(target: str, there: Around, path: Path, around: Around, look: Look) -> None:
    allowed = {(around.kind, around.name)} | ({("main", MAIN)} if around.kind == "interrupt" else set())
    if (there.kind, there.name) in allowed:
        return
    belongs = "the phases" if there.kind == "main" else f"{there.kind} `{there.name}`"
    moving = "the phases" if around.kind == "main" else f"{around.kind} `{around.name}`"
    look.problem(
        path, "wrong_strand", f"`{target}` is a step of {belongs}; what is written here moves {moving}",
        f"name a step of {moving}",
    )  # fmt: skip


def _tells(part: Action | Alternative | Interrupt | Step, path: Path, look: Look) -> None:
    _all(part.sends, (*path, "sends"), look, "notice")
    _jobs(part.job_for, (*path, "job_for"), look)


def _jobs(roles: Iterable[str], path: Path, look: Look) -> None:
    for at, role in enumerate(roles):
        look.refer(role, (*path, at), "role", also=(OWNER,))


def _who(people: Iterable[str], path: Path, look: Look) -> None:
    for at, who in enumerate(people):
        look.refer(who, (*path, at), "role", "contact", also=(OWNER, ANYONE, PERSON))


def _all(names: Iterable[str], path: Path, look: Look, *kinds: Kind, also: Iterable[str] = ()) -> None:
    for at, name in enumerate(names):
        look.refer(name, (*path, at), *kinds, also=also)
