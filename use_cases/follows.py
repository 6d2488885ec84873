"""Says what follows: from taking an action, from raising an interrupt, from missing what is due; and what comes when.

Told from the definition alone, before anything is asked of the case.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from pathway_model.case import Case, Turn
from pathway_model.ladders import schedule
from pathway_model.language.names import MAIN, OWNER, PERSON, STAY
from pathway_model.pathway import CompiledAction, Pathway, in_words
from use_cases.case_view import PhaseState, PhaseView, RungView
from use_cases.telling import words

_BACK: Final = "back"


def follows_action(pathway: Pathway, case: Case, name: str, strand: str) -> tuple[str, ...]:
    """What follows from an action in a strand, one sentence each."""
    action = _in_force(pathway, case, name, strand)
    return tuple(_action(pathway, action)) if action else ()


def follows_interrupt(pathway: Pathway, case: Case, name: str) -> tuple[str, ...]:
    """What follows from an interrupt, one sentence each."""
    interrupt = pathway.interrupts[name]
    told: list[str] = []
    if interrupt.go_to:
        told.append(_moves_to(pathway, [interrupt.go_to]))
    if interrupt.steps:
        first = next(iter(interrupt.steps))
        owner = pathway.steps[first].owner
        whose = case.strands[MAIN].owner if owner == "unchanged" else owner
        told.append(f"Opens “{_step(pathway, first)}” for the {words(whose)}")
    if interrupt.suspends:
        told.append("Everything else is held until it ends")
    if interrupt.stops_notices:
        told.append("No further notice is sent to anybody")
    if interrupt.opens:
        told.append("Opens a linked case, with the history in view")
    told.extend(_effects(pathway, interrupt.requests, interrupt.sends, interrupt.job_for))
    return tuple(told)


def rungs(pathway: Pathway, case: Case, turn: Turn) -> Iterator[RungView]:
    """Whom a clock will still tell, and when."""
    if turn.wake is None:
        return
    for firing in schedule(turn, pathway)[turn.fired :]:
        if firing.roles:
            roles = tuple(case.strands[turn.strand].owner if role == OWNER else role for role in firing.roles)
            yield RungView(at=firing.at, kind="warn" if firing.kind == "warn" else "missed", roles=roles)


def phases(pathway: Pathway, case: Case) -> Iterator[PhaseView]:
    """The stages of the pathway in order; those that only hold endings are left out."""
    here = pathway.phase_of(case.strands[MAIN].step)
    order = list(pathway.definition.phases)
    # An ending belongs to no stage that people go through: everything before it lies behind.
    reached = order.index(here) if here in order else len(order)
    for place, (name, phase) in enumerate(pathway.definition.phases.items()):
        if all(step.ends for step in phase.steps.values()):
            continue
        been = any(case.entries.get(step) for step in phase.steps)
        state: PhaseState = "here" if name == here else "done" if been and place < reached else "ahead"
        yield PhaseView(title=phase.title or in_words(name), state=state)


def is_paused(pathway: Pathway, case: Case) -> bool:
    """Whether an interrupt suspends everything else."""
    return any(
        state.open and state.kind in pathway.interrupts and bool(pathway.interrupts[state.kind].suspends)
        for state in case.strands.values()
    )


def _in_force(pathway: Pathway, case: Case, name: str, strand: str) -> CompiledAction | None:
    state = case.strands[strand]
    places = pathway.steps[state.step].places
    written = [action for action in pathway.actions[name] if action.strand == state.kind]
    return next((action for action in written if action.place in places), written[0] if written else None)


def _action(pathway: Pathway, action: CompiledAction) -> Iterator[str]:
    model = action.model
    if model.decide:
        targets = dict.fromkeys(target for alternative in model.decide for target in alternative.go_to)
        yield f"{_moves_to(pathway, targets, ' or ')}, as you answer"
    elif _BACK in model.go_to:
        yield "Goes on where the case was before"
    elif model.go_to != (STAY,):
        yield _moves_to(pathway, model.go_to)
    if len(model.signed_by) > 1:
        yield f"Takes effect when {_list(model.signed_by)} have both signed"
    yield from _effects(pathway, model.requests, model.sends, model.job_for)


def _effects(pathway: Pathway, requests: Iterable[str], sends: Iterable[str], jobs: Iterable[str]) -> Iterator[str]:
    asked = [pathway.handovers[name].to for name in requests]
    if asked:
        yield f"Asks {_list(asked, ' or ')} to take over; we stay responsible until they accept"
    told = dict.fromkeys(to for notice in sends for to in pathway.definition.notices[notice].to)
    if told:
        yield f"Sends a notice to {_list('person' if to == PERSON else to for to in told)}"
    given = [role for role in jobs if role != OWNER]
    if given:
        yield f"Gives {_list(given)} a job"


def _moves_to(pathway: Pathway, targets: Iterable[str], between: str = " and ") -> str:
    titles = [f"{_step(pathway, target)}" for target in targets if target in pathway.steps]
    return f"Moves to {between.join(titles)}"


def _step(pathway: Pathway, name: str) -> str:
    return pathway.steps[name].model.title or in_words(name)


def _list(names: Iterable[str], last: str = " and ") -> str:
    said = [f"the {words(name)}" for name in names]
    return last.join([", ".join(said[:-1]), said[-1]]) if len(said) > 1 else said[0]
