"""Clocks: when a turn starts, is met, fires, is frozen and goes on. One turn is one running of one clock.

A clock lives where it is written: leaving that place ends its turns. What a turn does by itself is its ladder
(`pathway_model.ladders`).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from pathway_model.case import Case, Turn
from pathway_model.effects import JobOutcome
from pathway_model.ladders import Firing, armed, schedule, state_after
from pathway_model.language.lengths import Length, Unit
from pathway_model.occasions import beginnings, first_known, first_met, runs_alone
from pathway_model.pathway import CompiledClock, Pathway, Place, PlaceKind, in_words
from pathway_model.pauses import (
    counted_from,
    due_of,
    frozen,
    held,
    note_pause,
    note_return,
    policy,
    resumed,
    through_pauses,
)
from pathway_model.requirements import holds
from pathway_model.scratch import Scratch

_ENTERED: Final[tuple[PlaceKind, ...]] = ("step", "strand", "phase", "interrupt")
_MONTHS: Final = frozenset({Unit.CALENDAR_MONTHS, Unit.CALENDAR_YEARS})


def next_wake(case: Case) -> datetime | None:
    """When the case next has something to do by itself (UTC); none if it only waits for people."""
    return min((turn.wake for turn in case.clocks.values() if turn.wake is not None), default=None)


def beyond_limits(pathway: Pathway, case: Case) -> frozenset[str]:
    """Keys of the deadlines that fall due after a hard limit which has not been met: keeping them would be too late."""
    models = {key: pathway.clocks[turn.clock].model for key, turn in case.clocks.items()}
    limits = [turn.due for key, turn in case.clocks.items() if models[key].hard_limit and turn.frozen is None]
    if not limits:
        return frozenset()
    return frozenset(
        key for key, turn in case.clocks.items() if models[key].within is not None and turn.due > min(limits)
    )


def first_due(case: Case, now: datetime, pathway: Pathway) -> tuple[str, datetime] | None:
    """The turn that fires first among those due by `now`, and the instant that was due.

    They go by the time they wake, which is also the order of what was due, whether each is fired as it comes or all
    after a stoppage; those that wake together by what was due, then clock, then turn.
    """
    wake = next_wake(case)
    if wake is None or wake > now:
        return None
    waiting = [
        (schedule(turn, pathway)[turn.fired].at, turn.clock, turn.number, key)
        for key, turn in case.clocks.items()
        if turn.wake == wake
    ]
    at, _, _, key = min(waiting)
    return key, at


def react(case: Scratch) -> None:
    """Let the clocks answer to the moments that occurred.

    First turns are met, then places that were left end theirs, then new ones start. Of an ended case none stays.
    """
    moments, case.occurred = case.occurred, []
    for key, at, strand in moments:
        for clock in case.pathway.met_by.get(key, ()):
            _meet_open(case, clock, at, strand)
    for key, at, strand in moments:
        kind, _, name = key.partition(":")
        if kind == "leaving":
            _leave(case, name, strand, at)
    if case.outcome is not None:
        _end_all(case)
        return
    for key, at, strand in moments:
        for clock in case.pathway.started_by.get(key, ()):
            _start_by(case, clock, key, at, strand)
        kind, _, name = key.partition(":")
        if kind == "entering":
            _enter(case, name, strand)


def start(
    case: Scratch,
    clock: CompiledClock,
    at: datetime,
    strand: str,
    *,
    due: datetime | None = None,
    origin: datetime | None = None,
    told_by: int | None = None,
) -> None:
    """Start a turn counted from `at`, unless the clock's condition does not hold.

    What is entered late may start a turn that something later, entered before, has met already, or that pauses have
    moved.

    Args:
        due: When it is due, pauses included; left out: as counted from `at`.
        told_by: The number of the event that should have started it; its condition is judged by what was known then.
    """
    if clock.model.when is not None and not holds(clock.model.when, _as_known(case, told_by)):
        return
    number = case.turns.get(clock.name, 0) + 1
    case.turns[clock.name] = number
    turn = Turn(
        clock=clock.name,
        strand=strand,
        number=number,
        started=at,
        due=due or due_of(case.pathway.calendar, clock, at),
        origin=(origin or at) if clock.model.every is not None else None,
    )
    key = f"{clock.name}#{number}"
    case.clocks[key] = armed(through_pauses(case, turn) if due is None else held(case, turn), case.pathway)
    met = first_met(case, clock, at)
    if clock.model.within is not None and met is not None:
        meet(case, key, met)


def meet(case: Scratch, key: str, at: datetime) -> None:
    """Meet a turn by something that happened at `at`: in time, in time but entered late, or late."""
    turn = case.clocks[key]
    _end(case, key, _outcome(turn, at))
    clock = case.pathway.clocks[turn.clock]
    if clock.model.every is not None and case.strand_for(clock.place) is not None and case.outcome is None:
        _start_next(case, clock, turn, at)


def end_in_handover(case: Scratch, handover: str) -> None:
    """End the turns of a handover that is not asked for any more."""
    for key in turns_of(case, f"{handover}_receive", f"{handover}_decide"):
        _end(case, key, "no longer needed")


def turns_of(case: Scratch, *clocks: str) -> list[str]:
    """The keys of the open turns of some clocks."""
    return [key for key, turn in case.clocks.items() if turn.clock in clocks]


def fire(case: Scratch, key: str) -> None:
    """Let a turn do what is due next. A rung whose roles have nobody in them passes on at once to the next."""
    turn = case.clocks[key]
    firings = schedule(turn, case.pathway)
    fired = turn.fired
    for firing in firings[turn.fired :]:
        fired += 1
        for role in _told(case, turn, firing):
            case.open_job(role, key, _sentence(turn, firing), case.at)
        if not _nobody_told(case, turn, firing):
            break
    case.clocks[key] = armed(replace(turn, fired=fired, state=state_after(firings[:fired])), case.pathway)


def pass_on(case: Scratch, role: str) -> None:
    """A role was found empty: where it alone was told last by a ladder, the next rung is told at once."""
    for key, turn in list(case.clocks.items()):
        told = schedule(turn, case.pathway)[: turn.fired]
        if turn.wake is None or not told or role not in _told(case, turn, told[-1]):
            continue
        if _nobody_told(case, turn, told[-1]):
            fire(case, key)


def freeze(case: Scratch) -> None:
    """Everything is suspended: each running turn does what its pause policy says.

    Interrupts' own clocks go on, and so does telling about what was missed before. What fell due only after a pause
    that was entered late was not due at all: its work closes.
    """
    note_pause(case)
    for key, turn in list(case.clocks.items()):
        if turn.frozen is not None or policy(case, turn) == "continue":
            continue
        firings = [firing for firing in schedule(turn, case.pathway)[: turn.fired] if firing.wake <= case.at]
        state = state_after(firings)
        if state != "running":
            continue
        if turn.state == "missed":
            case.close_jobs(key, "no longer needed")
        before = replace(turn, fired=len(firings), state=state)
        case.clocks[key] = armed(frozen(case, before), case.pathway)


def thaw(case: Scratch) -> None:
    """Everything goes on: what was left when a turn was frozen is counted again from now, or all of it."""
    note_return(case)
    for key, turn in case.clocks.items():
        if turn.frozen is not None:
            again = resumed(case, turn, turn.frozen, case.at)
            case.clocks[key] = armed(replace(again, frozen=None), case.pathway)


def recount(case: Scratch, clock: CompiledClock, before: datetime, after: datetime | None) -> None:
    """A moment was corrected: its turn is counted from the corrected instant, or ends if it never occurred.

    No rung is repeated unless its new time is still to come.
    """
    for key in turns_of(case, clock.name):
        turn = case.clocks[key]
        if counted_from(turn) != before:
            continue
        if after is None:
            _end(case, key, "no longer needed")
            continue
        due = due_of(case.pathway.calendar, clock, after)
        origin = after if clock.model.every is not None else None
        moved = through_pauses(case, replace(turn, started=after, due=due, origin=origin, frozen=None))
        firings = schedule(moved, case.pathway)[: turn.fired]
        fired = sum(firing.wake <= (moved.frozen or case.now) for firing in firings)
        state = state_after(firings[:fired])
        if turn.state == "missed" and state != "missed":
            case.close_jobs(key, "no longer needed")
        case.clocks[key] = armed(replace(moved, fired=fired, state=state), case.pathway)


def standing(case: Scratch, clock: CompiledClock) -> dict[datetime, datetime | None]:
    """From when turns of a clock are counted, with when something first met each of them, if anything has."""
    return {began: first_met(case, clock, began) for began in beginnings(case, clock)}


def recheck(
    case: Scratch,
    clock: CompiledClock,
    before: Mapping[datetime, datetime | None],
    moved: Mapping[datetime, datetime],
) -> None:
    """An answer was corrected: turns which that has met end, and each that nothing has met after all runs again.

    Args:
        before: How its turns stood (`standing`) before the correction.
        moved: Corrected instants that turns are counted from, with what they were before.
    """
    home = case.strand_for(clock.place)
    if home is None or clock.model.every is not None:
        return
    running = {counted_from(case.clocks[key]): key for key in turns_of(case, clock.name)}
    for began, told_by in beginnings(case, clock).items():
        was, met = before.get(moved.get(began, began)), first_met(case, clock, began)
        if began in running and was is None and met is not None:
            meet(case, running[began], met)
        elif began not in running and was is not None and met is None:
            start(case, clock, began, home, told_by=told_by)


def reconsider(case: Scratch, clock: CompiledClock, since: datetime) -> None:
    """An answer given at `since`, which a clock's condition looks at, was corrected: turns since then begin, or end."""
    running = {counted_from(case.clocks[key]): key for key in turns_of(case, clock.name)}
    if clock.model.when is not None and not holds(clock.model.when, case):
        for started, key in running.items():
            if started >= since:
                _end(case, key, "no longer needed")
        return
    known, home = first_known(case, clock), case.strand_for(clock.place)
    if home is not None and known is not None and known[1] >= since and known[1] not in running:
        start(case, clock, known[1], home)


def _meet_open(case: Scratch, clock: CompiledClock, at: datetime, strand: str) -> None:
    """Meet the turns that began before something happened; not those of another interrupt of the same kind."""
    for key in turns_of(case, clock.name):
        turn = case.clocks[key]
        sibling = turn.strand != strand and turn.strand.partition("-")[0] == strand.partition("-")[0]
        began = turn.started if clock.model.every is not None else counted_from(turn)
        if began <= at and not sibling:
            meet(case, key, at)


def _leave(case: Scratch, place: str, strand: str, at: datetime) -> None:
    for key, turn in list(case.clocks.items()):
        clock = case.pathway.clocks[turn.clock]
        if clock.place.name == place and clock.place.kind not in {"handover", "throughout"} and turn.strand == strand:
            _end(case, key, _outcome(turn, at) if clock.leaving_meets else "no longer needed")


def _start_by(case: Scratch, clock: CompiledClock, key: str, at: datetime, strand: str) -> None:
    """A moment starts a turn beside the others, or, where only one can run, in the place of the one before."""
    home = case.strand_for(clock.place, preferred=strand)
    if home is None or key == f"entering:{clock.place.name}":
        return
    if not runs_alone(case, clock):
        start(case, clock, at, home)
        return
    known = first_known(case, clock)
    if known is None or known[0] != key:
        return
    for open_key in turns_of(case, clock.name):
        turn = case.clocks[open_key]
        if counted_from(turn) == known[1]:
            return
        _end(case, open_key, _outcome(turn, at) if clock.starts[0].kind == "last" else "no longer needed")
    start(case, clock, known[1], home)


def _enter(case: Scratch, place: str, strand: str) -> None:
    """Start the clocks of a place that are counted from something which is known already."""
    for kind in _ENTERED:
        for clock in case.pathway.clocks_in.get(Place(kind, place), ()):
            running = any(case.clocks[key].strand == strand for key in turns_of(case, clock.name))
            known = first_known(case, clock)
            if not running and known is not None:
                start(case, clock, known[1], strand)


def _start_next(case: Scratch, clock: CompiledClock, met: Turn, at: datetime) -> None:
    """The next turn of what comes round again, from the planned date (missed turns do not pile up) or the actual."""
    if clock.model.next_from == "actual" or met.origin is None:
        start(case, clock, at, met.strand)
        return
    every = clock.model.length
    # Months keep the day of the first date; all other lengths are simply added to the planned one.
    base = met.origin if every.unit in _MONTHS else met.due
    planned, rounds = met.due, 0
    while planned <= max(at, met.due):
        rounds += 1
        planned = case.pathway.calendar.due(base, Length(every.amount * rounds, every.unit))
    start(case, clock, met.due, met.strand, due=planned, origin=met.origin)


def _outcome(turn: Turn, at: datetime) -> JobOutcome:
    if turn.state != "missed":
        return "done"
    return "entered late" if at <= turn.due else "done late"


def _told(case: Scratch, turn: Turn, firing: Firing) -> list[str]:
    return [case.role(role, turn.strand) for role in firing.roles]


def _nobody_told(case: Scratch, turn: Turn, firing: Firing) -> bool:
    """Whether a rung told only roles that have nobody in them. Warnings are not passed on."""
    roles = _told(case, turn, firing)
    return bool(roles) and firing.kind != "warn" and all(role in case.nobody_in for role in roles)


def _sentence(turn: Turn, firing: Firing) -> str:
    return f"{in_words(turn.clock)} is {'due soon' if firing.kind == 'warn' else 'overdue'}"


def _as_known(case: Scratch, event: int | None) -> Scratch:
    """The case with only those answers to repeated questions that came by an event; none: with all."""
    if event is None:
        return case
    then = Scratch(case.pathway, case.finished(), at=case.at, now=case.now, by=case.by)
    then.facts = {
        name: tuple(answer for answer in answers if answer.sequence <= event)
        if case.pathway.definition.facts[name].repeats
        else answers
        for name, answers in case.facts.items()
    }
    return then


def _end_all(case: Scratch) -> None:
    case.pauses = ()
    for key in list(case.clocks):
        _end(case, key, "no longer needed")


def _end(case: Scratch, key: str, outcome: JobOutcome) -> None:
    del case.clocks[key]
    case.close_jobs(key, outcome)
