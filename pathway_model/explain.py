"""What may be done now, by whom, and for everything else all that stands in the way: the words that every door shows.

Asks the same questions as `advance` does, of the same code, so the two cannot disagree.
"""

from dataclasses import dataclass
from datetime import datetime

from pathway_model.acting import in_the_way, paused
from pathway_model.authority import not_yours, who_may
from pathway_model.case import Case
from pathway_model.handovers import requestable
from pathway_model.language.requirements import ConsentRequirement, Requirement
from pathway_model.outcome import Reason
from pathway_model.pathway import THROUGHOUT, CompiledAction, Pathway, facts_in, parts_of
from pathway_model.requirements import unmet
from pathway_model.scratch import Scratch


@dataclass(frozen=True, slots=True, kw_only=True)
class Possibility:
    """One action that is in force, and how it stands.

    Attributes:
        who: The roles that may take it; of one that is signed, those who have not signed yet.
        possible: Whether it would be accepted, given fitting answers to what it asks.
        reasons: Everything that stands in the way, whatever is answered.
        depends: What further hangs on the answers given with it.
        asks: The questions it asks.
    """

    action: str
    title: str
    strand: str
    who: tuple[str, ...]
    possible: bool
    reasons: tuple[Reason, ...]
    depends: tuple[str, ...]
    asks: tuple[str, ...]


def explain(pathway: Pathway, case: Case, now: datetime, by: str | None = None) -> tuple[Possibility, ...]:
    """Every action in force in the case's steps, seen by a role (or, with none given, by whoever may).

    Args:
        now: UTC. Clocks that are due by then should have been settled; a page shows the case as it was recorded.
    """
    if case.outcome is not None:
        return ()
    return tuple(
        _possibility(pathway, case, now, by, action, strand)
        for strand, state in case.strands.items()
        if state.open
        for place in (*pathway.steps[state.step].places, THROUGHOUT)
        for action in pathway.actions_in.get(place, ())
        if action.strand == state.kind
    )


def _possibility(
    pathway: Pathway, case: Case, now: datetime, by: str | None, action: CompiledAction, strand: str
) -> Possibility:
    scratch = Scratch(pathway, case, at=now, now=now, by=by or "")
    scratch.action = action.name
    allowed = who_may(action, scratch, strand)
    waiting = tuple(role for role in allowed if role not in case.signatures.get(action.name, {}))
    reasons = [*(not_yours(by, allowed, f"“{action.title}”") if by else ()), *paused(scratch, action, strand)]
    if by in case.signatures.get(action.name, {}) and not reasons:
        reasons.append(Reason(code="already_signed", name=action.name, sentence="You have signed already", who=waiting))
    open_questions = [need for need in action.model.needs if _hangs_on(need, action.asks)]
    by_receiver = [need for need in action.model.needs if _looks_at_consent(need)] if _chooses(scratch, action) else []
    certain = tuple(need for need in action.model.needs if need not in (*open_questions, *by_receiver))
    depends = [reason for need in open_questions for reason in unmet(need, scratch)]
    for reason in in_the_way(scratch, action, strand, needs=certain, deciding=not _decides_on(action)):
        asked = reason.code == "needs" and reason.name in action.asks
        (depends if asked else reasons).append(reason)
    for need in by_receiver:
        missing, possible = _whoever_is_chosen(need, scratch, _chooses(scratch, action))
        (depends if possible else reasons).extend(missing)
    return Possibility(
        action=action.name,
        title=action.title,
        strand=strand,
        who=waiting,
        possible=not reasons,
        reasons=tuple(reasons),
        depends=tuple(reason.sentence for reason in depends),
        asks=action.asks,
    )


def _hangs_on(requirement: Requirement, asks: tuple[str, ...]) -> bool:
    """Whether a requirement looks at an answer that the action itself asks for."""
    return not facts_in(requirement).isdisjoint(asks)


def _decides_on(action: CompiledAction) -> bool:
    """Whether the way on hangs on answers that the action itself asks for."""
    return any(_hangs_on(alternative.when, action.asks) for alternative in action.model.decide)


def _looks_at_consent(requirement: Requirement) -> bool:
    return any(isinstance(part, ConsentRequirement) for part in parts_of(requirement))


def _chooses(case: Scratch, action: CompiledAction) -> tuple[str, ...]:
    """The handovers that the answers asked for by the action would request, or not."""
    handovers = {name: case.pathway.handovers[name].when for name in action.model.requests}
    return tuple(name for name, when in handovers.items() if when is not None and _hangs_on(when, action.asks))


def _whoever_is_chosen(need: Requirement, case: Scratch, choices: tuple[str, ...]) -> tuple[tuple[Reason, ...], bool]:
    """What is missing for one receiver or another, and whether for one of them nothing is."""
    asked = [name for name in choices if requestable(case, name)]
    options: list[tuple[str, ...]] = [(name,) if name in asked else () for name in choices]
    possible = False
    for case.requested in options:
        possible = possible or not unmet(need, case)
    case.requested = tuple(asked)
    return unmet(need, case), possible
