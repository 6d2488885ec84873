"""One event, one step: what happens to a case, or every reason why not. The only place where a case changes.

`advance(pathway, case, event, now)` is deterministic, never raises for what people or clocks do, and has no side
effects.
The durable workflow, the scenarios, the pages' "what can I do now" and the designer's preview all call this same code.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final, assert_never

from pathway_model import acting, corrections, handovers, interrupts
from pathway_model.answers import take_answers
from pathway_model.calendar import YEARS
from pathway_model.case import Case, ConsentState, Job, StrandState
from pathway_model.clocks import fire, first_due, pass_on
from pathway_model.effects import SendNotice, WithholdNotice
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
from pathway_model.language.names import MAIN, CaseId, ContactId
from pathway_model.outcome import Progress, Reason, Refusal, Step
from pathway_model.pathway import Pathway, in_words
from pathway_model.requirements import PENDING, consent_parties
from pathway_model.scratch import Scratch
from pathway_model.sentences import instant_in_words
from pathway_model.strands import move_by_itself, open_main

INTERPRETER: Final = 1
"""Version of these rules; recorded with every event, raised when a change makes an old event come out differently."""

MOST_CLOCKS: Final = 1000
"""How many clock events one `settle` may find: far more than any pathway's ladders hold."""


def open_case(pathway: Pathway, case_id: CaseId, event: Referred, now: datetime) -> Step | Refusal:
    """Begin a case with its first event: the person was referred."""
    first = pathway.first_step[MAIN]
    owner = pathway.steps[first].owner
    strands = {MAIN: StrandState(kind=MAIN, step=first, owner=owner, since=event.at, open=False)}
    nothing = Case(id=case_id, definition=pathway.digest, sequence=0, opened=event.at, now=now, strands=strands)
    case = Scratch(pathway, nothing, at=event.at, now=now, by=event.by)
    reasons = [*_impossible_date(event, now), *take_answers(case, (), event.answers)]
    for contact, kind in sorted(event.contacts.items()):
        reasons += _contact(case, contact, kind)
    if reasons:
        return Refusal(reasons=tuple(reasons))
    open_main(case)
    return _finish(case, event, now)


def advance(pathway: Pathway, case: Case, event: CaseEvent, now: datetime) -> Step | Refusal:
    """Take one event. Clocks that are due must have been settled before (`settle`, or `proceed` for both).

    Args:
        now: When the event is entered, UTC, whole seconds. `event.at` says when it happened.
    """
    if not isinstance(event, ClockCameDue) and first_due(case, now, pathway) is not None:
        sentence = "Clocks that are due come first"
        return Refusal(reasons=(Reason(code="clocks_first", name="clock", sentence=sentence),))
    scratch = Scratch(pathway, case, at=event.at, now=now, by=event.by)
    reasons = _impossible_date(event, now) or _take(scratch, event)
    return Refusal(reasons=reasons) if reasons else _finish(scratch, event, now)


def settle(pathway: Pathway, case: Case, now: datetime) -> tuple[Step, ...]:
    """Everything that the case's clocks do by `now`, each an event of its own, in due order."""
    steps: list[Step] = []
    for _ in range(MOST_CLOCKS):
        due = first_due(case, now, pathway)
        if due is None:
            break
        key, at = due
        step = advance(pathway, case, ClockCameDue(at=at, turn=key), now)
        assert isinstance(step, Step)
        steps.append(step)
        case = step.case
    return tuple(steps)


def proceed(pathway: Pathway, case: Case, event: CaseEvent, now: datetime) -> Progress:
    """Settle the clocks that are due, then take the event. The clocks' steps stand even if the event is refused."""
    steps = settle(pathway, case, now)
    outcome = advance(pathway, steps[-1].case if steps else case, event, now)
    match outcome:
        case Step():
            return Progress(steps=(*steps, outcome))
        case Refusal():
            return Progress(steps=steps, refusal=outcome)
        case _:
            assert_never(outcome)


def _take(case: Scratch, event: CaseEvent) -> tuple[Reason, ...]:  # noqa: C901 -- one arm per event
    if case.outcome is not None and isinstance(event, ActionTaken | ContactAdded):
        return (interrupts.ended(case),)
    match event:
        case ActionTaken():
            return acting.take(case, event)
        case HandoverAnswered():
            return handovers.objections(case, event) or _done(lambda: handovers.answer(case, event))
        case ConsentRecorded():
            return _consent(case, event)
        case ContactAdded():
            return _contact(case, event.contact, event.contact_kind)
        case InterruptRaised():
            return interrupts.raise_interrupt(case, event)
        case FactCorrected():
            return corrections.correct(case, event)
        case JobDone():
            return _job_done(case, event)
        case ClockCameDue():
            return _clock(case, event)
        case StaffingChanged():
            return _staffing(case, event)
        case NoticeNotDelivered():
            return _not_delivered(case, event)
        case Referred():
            return (Reason(code="not_here", name="referred", sentence="This case has begun already"),)
        case _:
            assert_never(event)


def _done(happen: Callable[[], None]) -> tuple[Reason, ...]:
    happen()
    return ()


def _finish(case: Scratch, event: CaseEvent, now: datetime) -> Step:
    """Let the case move by itself as far as it does. Of the effects, notices come first, then work for roles."""
    move_by_itself(case)
    effects = sorted(case.effects, key=lambda effect: not isinstance(effect, SendNotice | WithholdNotice))
    return Step(event=event, entered=now, case=case.finished(), effects=tuple(effects))


def _impossible_date(event: CaseEvent, now: datetime) -> tuple[Reason, ...]:
    if event.at > now:
        return (Reason(code="in_the_future", name="at", sentence="It cannot have happened after now"),)
    if event.at.year not in YEARS:
        return (Reason(code="before_entry", name="at", sentence="It cannot have happened so long ago"),)
    return ()


def _consent(case: Scratch, event: ConsentRecorded) -> tuple[Reason, ...]:
    model = case.pathway.definition.consents.get(event.consent)
    if model is None:
        return (Reason(code="no_such_name", name=event.consent, sentence=f"There is no consent {event.consent}"),)
    kind = case.contacts.get(event.party, event.party)  # type: ignore[call-overload]
    if kind not in model.with_ or (kind in case.pathway.definition.contacts and event.party not in case.contacts):
        known = consent_parties(event.consent, case)
        sentence = f"“{model.purpose}” is not about {event.party}"
        evidence = f"it is about {', '.join(known or model.with_)}"
        return (Reason(code="no_such_name", name=event.party, sentence=sentence, evidence=evidence),)
    given = dict(case.consents.get(event.consent, {}))
    earlier = given.get(event.party)
    if earlier is not None and event.at < earlier.at:
        sentence = f"Something later is on record: {earlier.status}, on {instant_in_words(earlier.at)}"
        return (Reason(code="before_entry", name=event.consent, sentence=sentence, evidence=earlier.status),)
    if event.status == "withdrawn" and (earlier is None or earlier.status != "given"):
        sentence = "Only consent that was given can be withdrawn"
        return (Reason(code="not_here", name=event.consent, sentence=sentence),)
    if event.status == "asked" and earlier is not None and earlier.status == "given":
        sentence = "Consent is given: asking again changes nothing. Record what the person says now"
        return (Reason(code="not_here", name=event.consent, sentence=sentence, evidence="given"),)
    given[event.party] = ConsentState(status=event.status, at=event.at)
    case.consents[event.consent] = given
    return ()


def _contact(case: Scratch, contact: ContactId, kind: str) -> tuple[Reason, ...]:
    kinds = case.pathway.definition.contacts
    if kind not in kinds:
        sentence = f"There is no kind of contact {kind} in this pathway"
        return (Reason(code="no_such_name", name=kind, sentence=sentence),)
    if contact in case.contacts or (kinds[kind] == "one" and kind in case.contacts.values()):
        sentence = f"This case has its {in_words(kind).lower()} already"
        return (Reason(code="not_here", name=kind, sentence=sentence),)
    case.contacts[contact] = kind
    return ()


def _job_done(case: Scratch, event: JobDone) -> tuple[Reason, ...]:
    job = case.jobs.get(event.job)
    if job is None:
        return (Reason(code="no_such_name", name=event.job, sentence="That job is not open"),)
    if job.about in case.clocks or _asks_for_an_answer(case, job):
        sentence = "This job ends when what it is about has been done"
        return (Reason(code="not_here", name=event.job, sentence=sentence, evidence=job.about),)
    if event.by != job.role:
        sentence = f"This job is for the {in_words(job.role).lower()}"
        return (Reason(code="not_yours", name=event.by, sentence=sentence, who=(job.role,)),)
    case.close_job(event.job, "done")
    return ()


def _asks_for_an_answer(case: Scratch, job: Job) -> bool:
    """Whether a job is about a handover whose answer would end it."""
    handover = case.handovers.get(job.about.removeprefix("handover "))
    return job.about.startswith("handover ") and handover is not None and handover.status in PENDING


def _clock(case: Scratch, event: ClockCameDue) -> tuple[Reason, ...]:
    turn = case.clocks.get(event.turn)
    if turn is None or turn.wake is None or turn.wake > case.now:
        return (Reason(code="not_here", name=event.turn, sentence="Nothing of this clock is due"),)
    fire(case, event.turn)
    return ()


def _staffing(case: Scratch, event: StaffingChanged) -> tuple[Reason, ...]:
    others = tuple(role for role in case.nobody_in if role != event.role)
    case.nobody_in = others if event.somebody else tuple(sorted((*others, event.role)))
    if not event.somebody:
        pass_on(case, event.role)
    return ()


def _not_delivered(case: Scratch, event: NoticeNotDelivered) -> tuple[Reason, ...]:
    if event.reason != "consent withdrawn":
        sentence = f"A notice could not be delivered: {event.reason}. Reach the recipient another way"
        case.open_job(case.main.owner, f"notice {event.notice}", sentence, event.at)
    return ()
