"""Moves strands from step to step: leaving, entering, fork, join. Every destination comes from a `transitions` machine.

A phase's strands begin when it is entered (in the order written, after its first step) and close when it is left; the
main strand runs through all phases. An interrupt is a strand of its own, so `back` only closes it: the others never
moved.
"""

from dataclasses import replace
from typing import Final

from pathway_model.case import StrandState
from pathway_model.clocks import end_in_handover, react, thaw
from pathway_model.effects import EndCase
from pathway_model.language.definition import Alternative, EndKind
from pathway_model.language.names import MAIN, UNCHANGED
from pathway_model.machines import BEGIN, BY_ITSELF, CLOSE, OUTSIDE, begins_at, destination, led_by
from pathway_model.notices import send
from pathway_model.outcome import Reason
from pathway_model.pathway import CompiledStep, Place, in_words
from pathway_model.requirements import OPEN, PENDING, holds, unmet_of
from pathway_model.scratch import Scratch

MOST_MOVES: Final = 20
"""How many moves by itself one event may set off; the checker proves that none needs so many."""


def open_main(case: Scratch) -> None:
    """Begin the case: its first phase, step and strands."""
    phase = case.phase
    case.occur(f"entering:{phase}", case.at)
    begin(case, MAIN, MAIN)
    _begin_strands(case, phase)


def begin(case: Scratch, kind: str, key: str, trigger: str = BEGIN) -> None:
    """Begin a strand, at its first step unless the trigger says where."""
    first = destination(case.pathway.machines[kind], trigger, OUTSIDE, case)
    assert first is not None
    if kind != MAIN:
        case.occur(f"entering:{kind}", case.at, key)
    _enter(case, key, kind, case.pathway.steps[first])


def where(case: Scratch, key: str, trigger: str) -> str | None:
    """Where a trigger would lead a strand: none if nowhere."""
    state = case.strands[key]
    return destination(case.pathway.machines[state.kind], trigger, state.step, case)


def move(case: Scratch, key: str, trigger: str, beside: tuple[str, ...] = ()) -> None:
    """Move a strand along a trigger; its own step means staying. Whether it may has been judged (`obstacles`).

    Args:
        beside: Steps at which strands begin if a phase is entered; the others begin at their first.
    """
    state = case.strands[key]
    target = where(case, key, trigger)
    if target is None or target == state.step:
        return
    if target == OUTSIDE:
        close(case, key)
        return
    here, there = case.pathway.steps[state.step], case.pathway.steps[target]
    changes_phase = key == MAIN and here.phase != there.phase
    if changes_phase:
        _close_strands(case, here.phase or "")
    _leave(case, key, here)
    if changes_phase:
        case.occur(f"leaving:{here.phase}", case.at)
        case.occur(f"entering:{there.phase}", case.at)
    _enter(case, key, state.kind, there)
    if changes_phase:
        _begin_strands(case, there.phase or "", beside)
    if key == MAIN and there.ends is not None:
        _end(case, there)


def close(case: Scratch, key: str) -> None:
    """Close a strand where it is. A finished strand keeps its owner until a handover passes it on."""
    state = case.strands[key]
    outside = destination(case.pathway.machines[state.kind], CLOSE, state.step, case)
    assert outside == OUTSIDE
    suspended = case.suspends(state)
    _leave(case, key, case.pathway.steps[state.step])
    case.occur(f"leaving:{state.kind}", case.at, key)
    if (interrupt := case.pathway.interrupts.get(state.kind)) is not None:
        del case.strands[key]
        for name in interrupt.requests:
            withdraw(case, name)
        if suspended and not case.paused:
            thaw(case)
    else:
        case.strands[key] = replace(state, open=False)


def move_by_itself(case: Scratch) -> None:
    """Let the clocks answer to what happened, then take every move that the case makes by itself, until none is left.

    The clocks answer to each move before the next is judged. Nothing moves while the case is suspended.
    """
    react(case)
    for _ in range(MOST_MOVES):
        if case.outcome is not None or not any(_one_by_itself(case, key) for key in list(case.strands)):
            return
        react(case)


def obstacles(
    case: Scratch, key: str, target: str, *, ends_strands: bool, leading: str | None = None
) -> tuple[Reason, ...]:
    """What stands in the way of a strand that would leave its step for another; `leading` is an interrupt doing it."""
    state = case.strands[key]
    if target in {state.step, OUTSIDE}:
        return unmet_of(case.pathway.steps[state.step].model.leave_when, case) if target == OUTSIDE else ()
    here, there = case.pathway.steps[state.step], case.pathway.steps[target]
    reasons = [*unmet_of(here.model.leave_when, case), *_empty_owner(case, there, state)]
    if key == MAIN and here.phase != there.phase and here.phase is not None:
        reasons += _empty_strands(case, there)
        reasons += unmet_of(case.pathway.definition.phases[here.phase].leave_when, case)
        reasons += _pending_handovers(case, here.phase)
        if not ends_strands:
            reasons += _unfinished(case, here.phase)
    if key == MAIN and there.ends is not None:
        reasons += _open_interrupts(case, there.ends, leading)
    return tuple(reasons)


def finished(case: Scratch, strand: str) -> bool:
    """Whether a strand stands at a step that ends it."""
    state = case.strands.get(strand)
    return state is not None and case.pathway.steps[state.step].ends == "strand"


def _one_by_itself(case: Scratch, key: str) -> bool:
    state = case.strands.get(key)
    if state is None or not state.open or not case.pathway.steps[state.step].by_itself:
        return False
    interrupt = state.kind in case.pathway.interrupts
    if case.paused and not interrupt:
        return False
    target = where(case, key, BY_ITSELF)
    if target is None or target == state.step:
        return False
    taken = _alternative_taken(case, case.pathway.steps[state.step], target)
    beyond = taken.go_to[0] if interrupt and taken.go_to[0] in case.pathway.steps else None
    if obstacles(case, key, target, ends_strands=False):
        return False
    move(case, key, BY_ITSELF, taken.go_to[1:])
    send(case, taken.sends)
    for role in taken.job_for:
        case.open_job(case.role(role, MAIN), taken.go_to[0], f"{in_words(taken.go_to[0])} was reached", case.at)
    if beyond is not None:
        move(case, MAIN, led_by(state.kind, beyond))
    return True


def _alternative_taken(case: Scratch, step: CompiledStep, target: str) -> Alternative:
    """The alternative behind a move by itself: the first one that holds, as the machine tries them in order."""
    return next(
        way for way in step.by_itself if holds(way.when, case) and (way.go_to[0] == target or target == OUTSIDE)
    )


def _enter(case: Scratch, key: str, kind: str, step: CompiledStep) -> None:
    before = case.strands.get(key)
    kept = before.owner if before is not None else case.main.owner
    owner = kept if step.owner == UNCHANGED else step.owner
    case.strands[key] = StrandState(kind=kind, step=step.name, owner=owner, since=case.at)
    case.entries[step.name] = case.entries.get(step.name, 0) + 1
    case.occur(f"entering:{step.name}", case.at, key)
    send(case, step.model.sends)
    for role in step.model.job_for:
        case.open_job(case.role(role, key), _about(key, kind, step), f"{in_words(step.name)} has begun", case.at)


def _leave(case: Scratch, key: str, step: CompiledStep) -> None:
    for action in case.pathway.actions_in.get(Place("step", step.name), ()):
        case.signatures.pop(action.name, None)
    case.close_jobs(_about(key, case.strands[key].kind, step), "done")
    case.occur(f"leaving:{step.name}", case.at, key)


def _about(key: str, kind: str, step: CompiledStep) -> str:
    """What a job that a step gives is about: of interrupts that are open side by side, which one."""
    return step.name if key == kind else f"{key} {step.name}"


def _begin_strands(case: Scratch, phase: str, beside: tuple[str, ...] = ()) -> None:
    for strand in case.pathway.phase_strands.get(phase, ()):
        named = [begins_at(step) for step in beside if case.pathway.steps[step].strand == strand]
        begin(case, strand, strand, *named[:1])


def _close_strands(case: Scratch, phase: str) -> None:
    """Close everything that runs beside a phase: its strands, interrupts and pending handovers."""
    for strand in case.pathway.phase_strands.get(phase, ()):
        if strand in case.strands and case.strands[strand].open:
            close(case, strand)
    for name in case.pathway.handovers_of.get(phase, ()):
        _take_back(case, name)
    for key in [key for key, state in case.strands.items() if case.pathway.interrupt_phase.get(state.kind) == phase]:
        close(case, key)


def withdraw(case: Scratch, name: str) -> None:
    """Withdraw a handover that is not accepted: its receiver is asked no more, and a decline needs no answer."""
    state = case.handovers.get(name)
    if state is None or state.status not in OPEN:
        return
    case.handovers[name] = replace(state, status="withdrawn", settled=case.at)
    end_in_handover(case, name)
    case.close_jobs(f"handover {name}", "no longer needed")


def _take_back(case: Scratch, name: str) -> None:
    """Withdraw a handover because the case has moved on or ended; a receiver who was still asked is told."""
    state = case.handovers.get(name)
    withdraw(case, name)
    if state is not None and state.status in PENDING:
        sentence = f"{in_words(name)} was withdrawn: there is nothing to decide any more"
        case.open_job(state.to, f"withdrawn {name}", sentence, case.at)


def _end(case: Scratch, step: CompiledStep) -> None:
    """The case is over: strands and interrupts close, handovers that nobody accepted are withdrawn."""
    for key, state in list(case.strands.items()):
        if key != MAIN and state.open:
            close(case, key)
            if step.ends != "died":
                _keep_in_sight(case, key, state)
    for name in list(case.handovers):
        _take_back(case, name)
    case.strands[MAIN] = replace(case.main, open=False)
    case.outcome = step.ends
    assert step.ends is not None
    case.effects.append(EndCase(id=case.effect_id("end"), outcome=step.ends))


def _keep_in_sight(case: Scratch, key: str, state: StrandState) -> None:
    """Whoever held what was open beside the case is told, so that it does not vanish with it. A pause just ends."""
    interrupt = case.pathway.interrupts.get(state.kind)
    if interrupt is not None and not interrupt.suspends:
        title = interrupt.title or in_words(state.kind)
        case.open_job(state.owner, f"ended with {key}", f"The case ended while this was open: {title}", case.at)


def _empty_strands(case: Scratch, there: CompiledStep) -> list[Reason]:
    """The strands that begin with a phase need somebody as well."""
    strands = case.pathway.phase_strands.get(there.phase or "", ())
    first_steps = [case.pathway.steps[case.pathway.first_step[strand]] for strand in strands]
    return [reason for step in first_steps for reason in _empty_owner(case, step, None)]


def _empty_owner(case: Scratch, step: CompiledStep, state: StrandState | None) -> tuple[Reason, ...]:
    if step.owner == UNCHANGED or (state and step.owner == state.owner) or step.owner not in case.nobody_in:
        return ()
    role = in_words(step.owner).lower()
    sentence = f"{in_words(step.name)} is owned by the {role}, and nobody has that role at present"
    return (Reason(code="nobody_in_role", name=step.owner, sentence=sentence),)


def _pending_handovers(case: Scratch, phase: str) -> list[Reason]:
    return [
        Reason(
            code="handover_pending",
            name=name,
            sentence=f"{in_words(name)} must first be answered by its receiver, or withdrawn",
            evidence=case.handovers[name].status,
            who=(case.handovers[name].to,),
        )
        for name in case.pathway.handovers_of.get(phase, ())
        if name in case.handovers and case.handovers[name].status in PENDING
    ]


def _unfinished(case: Scratch, phase: str) -> list[Reason]:
    return [
        Reason(
            code="strand_unfinished",
            name=strand,
            sentence=f"The strand {in_words(strand).lower()} must first be finished",
            evidence=f"it is at {in_words(case.strands[strand].step).lower()}",
            who=(case.owner_of(strand),),
        )
        for strand in case.pathway.phase_strands.get(phase, ())
        if not finished(case, strand)
    ]


def _open_interrupts(case: Scratch, ending: EndKind, leading: str | None) -> list[Reason]:
    """Interrupts that an ending waits for: all others, though a pause only holds up completion."""
    return [
        Reason(
            code="interrupt_open",
            name=state.kind,
            sentence=f"{in_words(state.kind)} must first be ended",
            evidence=f"open since {state.since:%Y-%m-%d}",
            who=(state.owner,),
        )
        for key, state in case.strands.items()
        if state.open and state.kind in case.pathway.interrupts and key != leading
        if ending == "completed" or not case.suspends(state)
    ]
