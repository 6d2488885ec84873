"""Who may do what: the roles that an action, an interrupt or a handover is open to, as a case stands."""

from pathway_model.language.names import ANYONE, MAIN
from pathway_model.outcome import Reason
from pathway_model.pathway import CompiledAction, in_words
from pathway_model.scratch import Scratch


def who_may(action: CompiledAction, case: Scratch, strand: str | None = None) -> tuple[str, ...]:
    """The roles that may take an action: those named, or the owner and those with whom the step is shared.

    An action of a phase, or in force throughout, is open to the owners of all its strands.
    """
    strand = strand or case.strand_for(action.place) or MAIN
    if action.model.signed_by:
        return action.model.signed_by
    if action.model.by:
        return tuple(dict.fromkeys(case.role(role, strand) for role in action.model.by))
    strands = [strand]
    if action.place.kind in {"phase", "throughout"}:
        strands += [
            key for key, state in case.strands.items() if state.open and state.kind not in case.pathway.interrupts
        ]
    shared = [role for key in strands for role in case.pathway.steps[case.strands[key].step].model.with_]
    return tuple(dict.fromkeys([*(case.owner_of(key) for key in strands), *shared]))


def who_may_raise(interrupt: str, case: Scratch) -> tuple[str, ...]:
    """The roles that may raise an interrupt."""
    return tuple(case.role(role, MAIN) for role in case.pathway.interrupts[interrupt].raised_by)


def who_may_answer(handover: str, case: Scratch) -> tuple[str, ...]:
    """The roles that may answer a handover: all those of the receiving agency."""
    agency = case.pathway.agency_of[case.pathway.handovers[handover].to]
    return case.pathway.definition.agencies[agency].roles


def not_yours(by: str, allowed: tuple[str, ...], what: str) -> tuple[Reason, ...]:
    """The objection to somebody who is not among those allowed."""
    if by in allowed or ANYONE in allowed:
        return ()
    names = " or ".join(in_words(role).lower() for role in allowed)
    return (Reason(code="not_yours", name=by, sentence=f"{what} is for the {names}", who=allowed),)
