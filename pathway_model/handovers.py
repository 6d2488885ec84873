"""Care passed on: requested, received, accepted or declined, in progress, completed. The sender owns until accepted."""

from collections.abc import Collection
from dataclasses import replace
from typing import Final, assert_never

from transitions import Machine

from pathway_model.authority import not_yours, who_may_answer
from pathway_model.case import HandoverState, HandoverStatus, StrandState
from pathway_model.clocks import meet, start, turns_of
from pathway_model.events import HandoverAnswered
from pathway_model.language.definition import Handover
from pathway_model.language.names import MAIN, UNCHANGED
from pathway_model.machines import Way, build_machine, destination
from pathway_model.outcome import Reason
from pathway_model.pathway import Place, in_words
from pathway_model.requirements import ACCEPTED, PENDING, holds
from pathway_model.scratch import Scratch
from pathway_model.strands import withdraw

_WAYS: Final = (
    ("receive", "requested", "received"),
    ("accept", "requested", "accepted"),
    ("accept", "received", "accepted"),
    ("decline", "requested", "declined"),
    ("decline", "received", "declined"),
    ("withdraw", "requested", "withdrawn"),
    ("withdraw", "received", "withdrawn"),
    ("withdraw", "declined", "withdrawn"),
    ("begin", "accepted", "in progress"),
    ("complete", "accepted", "completed"),
    ("complete", "in progress", "completed"),
)
_STATUSES: Final[tuple[HandoverStatus, ...]] = (
    "requested",
    "received",
    "accepted",
    "in progress",
    "completed",
    "declined",
    "withdrawn",
)
_MACHINE: Final[Machine] = build_machine(
    "requested",
    _STATUSES,
    [Way(trigger=trigger, source=source, destination=target) for trigger, source, target in _WAYS],
)


def to_request(case: Scratch, names: tuple[str, ...]) -> tuple[str, ...]:
    """Those handovers that would be requested now: their condition holds, and they are neither pending nor accepted."""
    return tuple(name for name in names if _wanted(case, name) and requestable(case, name))


def requestable(case: Scratch, name: str) -> bool:
    """Whether a handover is neither pending nor accepted."""
    return name not in case.handovers or case.handovers[name].status not in (*PENDING, *ACCEPTED)


def request(case: Scratch, names: tuple[str, ...]) -> None:
    """Request handovers; one whose condition no longer holds is withdrawn, unless it is accepted already."""
    wanted = to_request(case, names)
    for name in names:
        if not _wanted(case, name):
            _withdraw(case, name)
    for name in wanted:
        handover = case.pathway.handovers[name]
        earlier = case.handovers.get(name)
        case.close_jobs(f"handover {name}", "done")
        case.handovers[name] = HandoverState(
            status="requested",
            to=handover.to,
            turn=1 if earlier is None else earlier.turn + 1,
            requested=case.at,
            with_content=_may_carry(case, handover),
        )
        for clock in case.pathway.clocks_in[Place("handover", name)]:
            start(case, clock, case.at, MAIN)
        case.open_job(handover.to, f"handover {name}", f"{_title(case, name)}: receive it and decide", case.at)


def objections(case: Scratch, event: HandoverAnswered) -> tuple[Reason, ...]:
    """Why an answer to a handover is refused; nothing if it is not."""
    model = case.pathway.handovers.get(event.handover)
    if model is None:
        return (Reason(code="no_such_name", name=event.handover, sentence=f"There is no handover {event.handover}"),)
    state = case.handovers.get(event.handover)
    title = _title(case, event.handover)
    if state is None or destination(_MACHINE, event.answer, state.status, case) is None:
        seen = "it has not been requested" if state is None else f"it is {state.status}"
        sentence = f"{title} cannot be answered with {event.answer} now"
        return (Reason(code="not_here", name=event.handover, sentence=sentence, evidence=seen),)
    allowed = (case.main.owner,) if event.answer == "withdraw" else who_may_answer(event.handover, case)
    reasons = list(not_yours(event.by, allowed, f"{event.answer.capitalize()} for {title.lower()}"))
    if event.at < state.requested:
        sentence = "It cannot have been answered before it was requested"
        reasons.append(Reason(code="before_entry", name=event.handover, sentence=sentence))
    if event.answer == "accept" and model.to in case.nobody_in:
        sentence = f"Nobody is {in_words(model.to).lower()} at present, so nobody would hold the case"
        reasons.append(Reason(code="nobody_in_role", name=model.to, sentence=sentence))
    if event.answer == "decline":
        reasons += _decline_objections(model, event, case.pathway.definition.agencies)
    return tuple(reasons)


def answer(case: Scratch, event: HandoverAnswered) -> None:
    """Take an answer that nothing speaks against. A reason that is never allowed is recorded, and moves nothing."""
    name, state = event.handover, case.handovers[event.handover]
    model = case.pathway.handovers[name]
    if event.answer == "decline" and model.never_for is not None and event.reason in model.never_for.reasons:
        _never(case, name, model)
        return
    status = _status(destination(_MACHINE, event.answer, state.status, case))
    if status != "withdrawn":
        case.handovers[name] = replace(state, status=status)
    match event.answer:
        case "receive":
            _meet(case, f"{name}_receive")
        case "accept":
            _accept(case, name, model)
        case "decline":
            case.handovers[name] = replace(
                case.handovers[name], settled=case.at, reason=event.reason, alternative=event.alternative
            )
            _settled(case, name)
            sentence = f"{_title(case, name)} was declined: take up the alternative, or request it again"
            case.open_job(case.main.owner, f"handover {name}", sentence, case.at)
        case "withdraw":
            _withdraw(case, name)
        case "begin" | "complete":
            pass
        case _:
            assert_never(event.answer)


def _accept(case: Scratch, name: str, model: Handover) -> None:
    """The receiver owns from now on what the handover passes: one strand, or the whole case."""
    case.handovers[name] = replace(case.handovers[name], settled=case.at)
    _settled(case, name)
    for key, state in case.strands.items():
        if key == model.passes or (model.passes == "case" and _follows_the_case(case, state)):
            case.strands[key] = replace(state, owner=model.to)
    case.occur(f"accepted:{name}", case.at)
    _all_accepted(case, name)


def _follows_the_case(case: Scratch, state: StrandState) -> bool:
    """Interrupts with an owner of their own keep it."""
    return state.kind not in case.pathway.interrupts or case.pathway.steps[state.step].owner == UNCHANGED


def _withdraw(case: Scratch, name: str) -> None:
    withdraw(case, name)
    _all_accepted(case, name)


def _all_accepted(case: Scratch, name: str) -> None:
    """Note the last acceptance of a phase's handovers, once every one that is still asked for is accepted."""
    for phase, names in case.pathway.handovers_of.items():
        asked = [case.handovers[each] for each in names if each in case.handovers]
        asked = [state for state in asked if state.status != "withdrawn"]
        if name in names and asked and all(state.status in ACCEPTED for state in asked):
            case.occur(f"accepted:{phase}", max(state.settled for state in asked if state.settled is not None))


def _never(case: Scratch, name: str, model: Handover) -> None:
    assert model.never_for is not None
    if model.never_for.count is not None:
        case.tally(model.never_for.count)
    sentence = f"{_title(case, name)}: a reason that is never allowed was given for declining"
    for role in model.never_for.job_for:
        case.open_job(case.role(role, MAIN), f"refused reason {name}", sentence, case.at)


def _decline_objections(model: Handover, event: HandoverAnswered, agencies: Collection[str]) -> list[Reason]:
    never = model.never_for.reasons if model.never_for is not None else ()
    if event.reason in never:
        return []
    reasons = []
    if event.reason not in model.may_decline_for:
        sentence = f"Give one of these reasons: {', '.join(in_words(each).lower() for each in model.may_decline_for)}"
        reasons.append(Reason(code="wrong_answer", name="reason", sentence=sentence, evidence=event.reason))
    if not event.alternative:
        sentence = "Say who could carry on instead: a handover is never declined without an alternative"
        reasons.append(Reason(code="missing_answer", name="alternative", sentence=sentence))
    elif event.alternative not in agencies:
        # A name of the definition, never free text: it stays in the case.
        sentence = f"Name one of these as the alternative: {', '.join(agencies)}"
        reasons.append(Reason(code="wrong_answer", name="alternative", sentence=sentence))
    return reasons


def _settled(case: Scratch, name: str) -> None:
    """Received and decided, whichever was still asked."""
    _meet(case, f"{name}_receive", f"{name}_decide")
    case.close_jobs(f"handover {name}", "done")


def _meet(case: Scratch, *clocks: str) -> None:
    for key in turns_of(case, *clocks):
        meet(case, key, case.at)


def _wanted(case: Scratch, name: str) -> bool:
    when = case.pathway.handovers[name].when
    return when is None or holds(when, case)


def _may_carry(case: Scratch, handover: Handover) -> bool:
    """Whether consent lets the handover carry its facts; without it the receiver rings."""
    if handover.consent is None:
        return True
    given = case.consents.get(handover.consent, {}).get(case.pathway.agency_of[handover.to])
    return given is not None and given.status == "given"


def _status(status: str | None) -> HandoverStatus:
    return next(known for known in _STATUSES if known == status)


def _title(case: Scratch, name: str) -> str:
    return case.pathway.handovers[name].title or in_words(name)
