"""Says what happened, in words: one sentence an event; with names of contacts for a viewer who may know them."""

from collections.abc import Mapping
from typing import assert_never

from pathway_model.case import Case
from pathway_model.events import (
    ActionTaken,
    CaseEvent,
    ClockCameDue,
    ConsentRecorded,
    ContactAdded,
    FactCorrected,
    HandoverAnswered,
    InterruptRaised,
    JobDone,
    NoticeNotDelivered,
    Referred,
    StaffingChanged,
)
from pathway_model.language.names import MAIN, PERSON
from pathway_model.pathway import Pathway

_ANSWERED = {
    "receive": "received",
    "accept": "accepted",
    "decline": "declined",
    "begin": "begun",
    "complete": "completed",
    "withdraw": "withdrawn",
}


def words(name: str) -> str:
    """A name as words: `team_manager` → team manager."""
    return name.replace("_", " ")


def tell(pathway: Pathway, event: CaseEvent, names: Mapping[str, str]) -> str:
    """One sentence about an event.

    Args:
        pathway: The definition that the case runs on.
        event: As it was recorded.
        names: Of the contacts that the viewer may know, by id.
    """
    match event:
        case Referred():
            return "Referred"
        case ActionTaken(action=action):
            return title_of_action(pathway, action)
        case HandoverAnswered(handover=handover, answer=answer, reason=reason):
            said = f"{_capital(words(handover))} {_ANSWERED[answer]}"
            return f"{said}: {words(reason)}" if reason else said
        case ConsentRecorded(consent=consent, party=party, status=status):
            return f"Consent to {words(consent)} ({_party(pathway, party, names)}) {status}"
        case ContactAdded(contact_kind=kind):
            return f"Added a contact: {words(kind)}"
        case InterruptRaised(interrupt=name):
            return title_of_interrupt(pathway, name)
        case FactCorrected(fact=fact):
            return f"Corrected: {pathway.definition.facts[fact].ask}"
        case ClockCameDue(turn=turn):
            return f"{_capital(words(turn.partition('#')[0]))}: came due"
        case StaffingChanged(role=role, somebody=somebody):
            return f"{_capital(words(role))}: {'somebody' if somebody else 'nobody'} in the role"
        case NoticeNotDelivered(notice=notice, reason=reason):
            return f"Notice not delivered ({reason}): {_notice(pathway, notice, names)}"
        case JobDone(job=job):
            return f"Job done: {_job(job)}"
        case _:
            assert_never(event)


def title_of_action(pathway: Pathway, name: str) -> str:
    """What an action is called."""
    written = pathway.actions.get(name, ())
    return next((action.model.title for action in written if action.model.title), _capital(words(name)))


def title_of_interrupt(pathway: Pathway, name: str) -> str:
    """What an interrupt is called."""
    interrupt = pathway.interrupts.get(name)
    return (interrupt.title if interrupt else None) or _capital(words(name))


def title_of_step(pathway: Pathway, case: Case, strand: str) -> str:
    """What the step of a strand is called."""
    name = case.strands[strand].step
    step = pathway.steps.get(name)
    return (step.model.title if step else None) or _capital(words(name))


def title_of_strand(pathway: Pathway, case: Case, strand: str) -> str:
    """What a strand is called; an interrupt by its own title."""
    kind = case.strands[strand].kind
    if kind in pathway.interrupts:
        return title_of_interrupt(pathway, kind)
    if kind == MAIN:
        return "The case"
    written = (phase.strands.get(kind) for phase in pathway.definition.phases.values())
    return next((each.title for each in written if each and each.title), _capital(words(kind)))


def _party(pathway: Pathway, party: str, names: Mapping[str, str]) -> str:
    agency = pathway.definition.agencies.get(party)
    return agency.title if agency else "the person" if party == PERSON else names.get(party, words(party))


def _notice(pathway: Pathway, effect: str, names: Mapping[str, str]) -> str:
    """The id of a notice is `sequence-notice-recipient`."""
    _, notice, recipient = effect.split("-", 2)
    return f"{words(notice)} to {_party(pathway, recipient, names)}"


def _job(effect: str) -> str:
    """The id of a job is `sequence-about-role`."""
    _, about, role = effect.split("-", 2)
    return f"{words(about.partition('#')[0])} ({words(role)})"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
