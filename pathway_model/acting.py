"""Actions: what stands in the way of one, all of it at once; and taking it. `explain` asks the same questions."""

from pathway_model.answers import take_answers
from pathway_model.authority import not_yours, who_may
from pathway_model.events import ActionTaken
from pathway_model.handovers import request, to_request
from pathway_model.language.names import MAIN
from pathway_model.language.requirements import Requirement
from pathway_model.machines import led_by
from pathway_model.notices import send
from pathway_model.outcome import Reason
from pathway_model.pathway import THROUGHOUT, CompiledAction, in_words
from pathway_model.requirements import holds, unmet_of
from pathway_model.scratch import Scratch
from pathway_model.sentences import instant_in_words
from pathway_model.strands import move, obstacles, where


def take(case: Scratch, event: ActionTaken) -> tuple[Reason, ...]:
    """Take an action, or put a signature to it; or answer why not. On a refusal the scratch is of no further use."""
    found = find(case, event.action, event.strand)
    if isinstance(found, Reason):
        return (found,)
    action, strand = found
    case.action = action.name
    reasons = [
        *not_yours(event.by, who_may(action, case, strand), f"“{action.title}”"),
        *_dated(case, action, strand),
    ]
    reasons += paused(case, action, strand)
    before = dict(case.facts)
    reasons += take_answers(case, action.asks, event.answers, signed_before=action.name in case.signatures)
    changed = case.facts != before
    reasons += in_the_way(case, action, strand)
    reasons += _signed_already(case, action, event, changed=changed)
    if reasons:
        return tuple(reasons)
    case.occur("last:activity", case.at)
    if _sign(case, action, event, changed=changed):
        _perform(case, action, strand)
    return ()


def find(case: Scratch, name: str, strand: str | None = None) -> tuple[CompiledAction, str] | Reason:
    """The action of that name which is in force, and the strand it is in force in; or why there is none."""
    written = case.pathway.actions.get(name)
    if written is None:
        return Reason(code="no_such_name", name=name, sentence=f"There is no action {name} in this pathway")
    for action in written:
        for key, state in case.strands.items():
            if strand is not None and key != strand:
                continue
            here = case.pathway.steps[state.step]
            in_force = state.open and action.strand == state.kind and action.place in (*here.places, THROUGHOUT)
            if in_force and case.outcome is None and (here.ends is None or action.place in here.places):
                return action, key
    steps = " and ".join(in_words(state.step) for state in case.strands.values() if state.open)
    sentence = f"“{written[0].title}” is not possible at this step"
    return Reason(code="not_here", name=name, sentence=sentence, evidence=f"the case is at {steps}")


def paused(case: Scratch, action: CompiledAction, strand: str) -> tuple[Reason, ...]:
    """The objection that support is paused: nothing moves then, and only what is in force throughout goes on."""
    if not case.paused or case.strands[strand].kind in case.pathway.interrupts:
        return ()
    if action.place == THROUGHOUT and not action.moves:
        return ()
    suspending = next(state for state in case.strands.values() if case.suspends(state))
    sentence = f"Support is paused: “{action.title}” is possible again when that has ended"
    return (Reason(code="paused", name=suspending.kind, sentence=sentence, who=(suspending.owner,)),)


def in_the_way(
    case: Scratch,
    action: CompiledAction,
    strand: str,
    *,
    needs: tuple[Requirement, ...] | None = None,
    deciding: bool = True,
) -> tuple[Reason, ...]:
    """Every requirement that is not met, of the action and of the move that it would make.

    Args:
        needs: The requirements to judge; left out: all of the action's.
        deciding: Whether the answers that decide the way on are known.
    """
    case.requested = to_request(case, action.model.requests)
    reasons = list(unmet_of(action.model.needs if needs is None else needs, case))
    if not action.moves or not deciding:
        return tuple(reasons)
    target = where(case, strand, action.name)
    if target is None:
        sentence = "None of the ways on fits these answers"
        reasons.append(Reason(code="needs", name=action.name, sentence=sentence))
    else:
        reasons += obstacles(case, strand, target, ends_strands=action.model.ends_strands)
        reasons += _beyond(case, action, strand)
    return tuple(reasons)


def _beyond(case: Scratch, action: CompiledAction, strand: str) -> tuple[Reason, ...]:
    """What stands in the way of an interrupt's action that leads to a step of the main strand."""
    target = action.model.go_to[0]
    if case.strands[strand].kind not in case.pathway.interrupts or target not in case.pathway.steps:
        return ()
    if case.pathway.steps[target].strand != MAIN:
        return ()
    return obstacles(case, MAIN, target, ends_strands=action.model.ends_strands, leading=strand)


def _dated(case: Scratch, action: CompiledAction, strand: str) -> tuple[Reason, ...]:
    """The objection to something that happened before it was possible.

    What moves a strand cannot have happened before its step began; what stays, not before the place began in which
    it is written: an appointment of last week may be entered in a later step.
    """
    state = case.strands[strand]
    since, place = state.since, state.step
    if not action.moves and action.place.kind != "step":
        since = case.moments.get(f"entering:{action.place.name}", case.case.opened)
        place = action.place.name
    if case.at >= since:
        return ()
    sentence = f"It cannot have happened before {in_words(place).lower()} began, on {instant_in_words(since)}"
    return (Reason(code="before_entry", name=place, sentence=sentence),)


def _signed_already(case: Scratch, action: CompiledAction, event: ActionTaken, *, changed: bool) -> tuple[Reason, ...]:
    if event.by not in case.signatures.get(action.name, {}) or changed:
        return ()
    missing = [role for role in action.model.signed_by if role not in case.signatures[action.name]]
    sentence = f"You have signed already; it waits for the {' and '.join(in_words(role).lower() for role in missing)}"
    return (Reason(code="already_signed", name=action.name, sentence=sentence, who=tuple(missing)),)


def _sign(case: Scratch, action: CompiledAction, event: ActionTaken, *, changed: bool) -> bool:
    """Put a signature to an action; whether all have now signed. Changed answers must be signed by all again.

    What all have signed happened when the last of them signed, in whichever order it was entered.
    """
    if not action.model.signed_by:
        return True
    earlier = {} if changed else case.signatures.get(action.name, {})
    signed = {**earlier, event.by: event.at}
    case.signatures[action.name] = signed
    complete = all(role in signed for role in action.model.signed_by)
    if complete:
        case.at = max(signed.values())
    return complete


def _perform(case: Scratch, action: CompiledAction, strand: str) -> None:
    """Let a signed and justified action happen: its moment, count, move, handovers, notices and jobs."""
    model = action.model
    case.signatures.pop(action.name, None)
    case.occur(f"taking:{action.name}", case.at, strand)
    if model.count is not None:
        case.tally(model.count)
    taken = next((each for each in model.decide if holds(each.when, case)), None)
    state = case.strands[strand]
    if action.moves:
        move(case, strand, action.name, (model if taken is None else taken).go_to[1:])
        target = model.go_to[0]
        if state.kind in case.pathway.interrupts and led_by(state.kind, target) in case.pathway.machines[MAIN].events:
            move(case, MAIN, led_by(state.kind, target))
    request(case, model.requests)
    send(case, model.sends + (taken.sends if taken is not None else ()))
    for role in model.job_for + (taken.job_for if taken is not None else ()):
        case.open_job(case.role(role, MAIN), action.name, f"{action.title}: see what is needed", case.at)
