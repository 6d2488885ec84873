"""Pauses: what they do to one turn of a clock, whether it ran when they began or is counted from before them later.

What was left at the pause is counted again from the return (`freeze`), or all of it (`restart`). A turn that is entered
late, or corrected, goes through the pauses since the moment it is counted from, so the order of entry decides nothing.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from pathway_model.calendar import Calendar, days_later, local_day
from pathway_model.case import KEPT_PAUSES, Pause, Turn
from pathway_model.language.clocks import InPause
from pathway_model.pathway import CompiledClock
from pathway_model.scratch import Scratch


def note_pause(case: Scratch) -> None:
    """Remember that a pause began."""
    case.pauses = (*case.pauses, Pause(began=case.at))[-KEPT_PAUSES:]


def note_return(case: Scratch) -> None:
    """Remember that the pause is over."""
    began = _paused_since(case)
    case.pauses = (*case.pauses[:-1], Pause(began=began, ended=max(began, case.at)))


def policy(case: Scratch, turn: Turn) -> InPause:
    """What a pause does to a turn: handovers' own go on unless told otherwise, those of interrupts always."""
    clock = case.pathway.clocks[turn.clock]
    if clock.place.kind == "handover":
        return clock.model.in_pause or "continue"
    return "continue" if case.strands[turn.strand].kind in case.pathway.interrupts else clock.model.pause_policy


def through_pauses(case: Scratch, turn: Turn) -> Turn:
    """A turn that was counted as if there had been no pauses, with what they have done to it, the present one too."""
    if policy(case, turn) == "continue":
        return turn
    past = sorted((each.began, each.ended) for each in case.pauses if each.ended is not None)
    returned = counted_from(turn)
    for began, ended in past:
        if _over_by(case, turn, began):
            return turn
        turn = resumed(case, turn, max(began, returned), ended)
        returned = max(returned, ended)
    return held(case, turn)


def held(case: Scratch, turn: Turn) -> Turn:
    """The turn, frozen while everything is suspended; what was missed or reached before the pause is not."""
    if not case.paused or policy(case, turn) == "continue" or _over_by(case, turn, _paused_since(case)):
        return turn
    return frozen(case, turn)


def frozen(case: Scratch, turn: Turn) -> Turn:
    """The turn, frozen by the present pause; of one that began during the pause, since it began."""
    return replace(turn, frozen=max(_paused_since(case), min(counted_from(turn), case.now)))


def resumed(case: Scratch, turn: Turn, left_at: datetime, back: datetime) -> Turn:
    """The turn after a pause. One that is counted from after the return has used nothing up, and stays as it was."""
    left_at = max(left_at, counted_from(turn))
    if back <= left_at:
        return turn
    clock = case.pathway.clocks[turn.clock]
    if policy(case, turn) == "restart":
        origin = back if clock.model.every is not None else counted_from(turn)
        return replace(turn, started=back, due=due_of(case.pathway.calendar, clock, back), fired=0, origin=origin)
    due = case.pathway.calendar.carried_over(left_at, turn.due, back, clock.model.length)
    origin = counted_from(turn)
    if clock.model.every is not None:
        origin = days_later(origin, (local_day(back) - local_day(left_at)) // timedelta(days=1))
    return replace(turn, started=turn.started + (back - left_at), due=due, origin=origin)


def counted_from(turn: Turn) -> datetime:
    """The moment that started a turn, whatever pauses have done to it since."""
    return turn.origin or turn.started


def due_of(calendar: Calendar, clock: CompiledClock, at: datetime) -> datetime:
    """When a turn that is counted from an instant is due, or its minimum reached, if no pause comes in between."""
    length = clock.model.length
    return calendar.reached(at, length) if clock.model.at_least is not None else calendar.due(at, length)


def _paused_since(case: Scratch) -> datetime:
    lasting = [pause.began for pause in case.pauses[-1:] if pause.ended is None]
    return lasting[0] if lasting else case.at


def _over_by(case: Scratch, turn: Turn, at: datetime) -> bool:
    """Whether a turn had been missed, or its minimum reached, before a pause began."""
    return turn.due <= at if case.pathway.clocks[turn.clock].model.at_least is not None else turn.due < at
