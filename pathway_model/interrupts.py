"""Interrupts: what is accepted in every step. Each is a strand beside the others, so nothing moves when it ends."""

from pathway_model.answers import take_answers
from pathway_model.authority import not_yours, who_may_raise
from pathway_model.clocks import freeze
from pathway_model.effects import OpenLinkedCase
from pathway_model.events import InterruptRaised
from pathway_model.handovers import request
from pathway_model.language.definition import Interrupt
from pathway_model.language.names import MAIN
from pathway_model.machines import led_by
from pathway_model.notices import send
from pathway_model.outcome import Reason
from pathway_model.pathway import in_words
from pathway_model.scratch import Scratch
from pathway_model.strands import begin, move


def raise_interrupt(case: Scratch, event: InterruptRaised) -> tuple[Reason, ...]:
    """Take up an interrupt, or answer why it is refused."""
    model = case.pathway.interrupts.get(event.interrupt)
    if model is None:
        sentence = f"There is no interrupt {event.interrupt} in this pathway"
        return (Reason(code="no_such_name", name=event.interrupt, sentence=sentence),)
    title = model.title or in_words(event.interrupt)
    reasons = list(not_yours(event.by, who_may_raise(event.interrupt, case), f"“{title}”"))
    phase = case.pathway.interrupt_phase[event.interrupt]
    if phase is not None and phase != case.phase:
        sentence = f"“{title}” can happen only in {in_words(phase).lower()}"
        reasons.append(Reason(code="not_here", name=event.interrupt, sentence=sentence))
    if case.outcome is not None and model.opens is None:
        reasons.append(ended(case))
    reasons += take_answers(case, model.asks, event.answers)
    if reasons:
        return tuple(reasons)
    open_ones = [key for key, state in case.strands.items() if state.kind == event.interrupt]
    if model.many or not open_ones:
        _open(case, event.interrupt, model, title)
    return ()


def ended(case: Scratch) -> Reason:
    """The objection that the case is over."""
    sentence = f"This case has ended ({case.outcome}); a new referral opens a linked case"
    return Reason(code="ended", name=str(case.outcome), sentence=sentence)


def _open(case: Scratch, name: str, model: Interrupt, title: str) -> None:
    if model.stops_notices:
        case.notices_stopped = True
    if model.opens is not None:
        _link(case, name, title)
    if case.outcome is not None:
        return
    if model.suspends is not None and not case.paused:
        freeze(case)
    send(case, model.sends)
    request(case, model.requests)
    for role in model.job_for:
        case.open_job(case.role(role, MAIN), name, title, case.at)
    if name in case.pathway.machines:
        begin(case, name, _free_key(case, name))
    if model.go_to is not None:
        move(case, MAIN, led_by(name, model.go_to))


def _link(case: Scratch, name: str, title: str) -> None:
    """An open case tells its owner; an ended one is followed by a new case."""
    if case.outcome is None:
        case.open_job(case.main.owner, name, title, case.at)
    else:
        case.effects.append(OpenLinkedCase(id=case.effect_id(name), interrupt=name))


def _free_key(case: Scratch, name: str) -> str:
    number = 1
    key = name
    while key in case.strands:
        number += 1
        key = f"{name}-{number}"
    return key
