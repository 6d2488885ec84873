"""Clocks: when a turn starts, is met, fires, is frozen and goes on. One turn is one running of one clock.

A clock lives where it is written: leaving that place ends its turns. The due instant itself is on time, so what follows
from missing it wakes a second later, while its event carries the due instant.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from pathway_model.calendar import Calendar
from pathway_model.case import Case, Turn, TurnState
from pathway_model.effects import JobOutcome
from pathway_model.language.lengths import Length, Side, Unit, When
from pathway_model.pathway import CompiledClock, Pathway, Place, PlaceKind, in_words, moment_key
from pathway_model.requirements import holds
from pathway_model.scratch import Scratch

GRACE: Final = timedelta(seconds=1)
"""How long after a due instant it counts as missed."""

_FIRED: Final[Mapping[str, TurnState]] = {"due": "missed", "reached": "reached"}
_ENTERED: Final[tuple[PlaceKind, ...]] = ("step", "strand", "phase", "interrupt")
_SIDE_BY_SIDE: Final = frozenset({"answering", "taking", "entering", "leaving", "accepted", "fact"})


@dataclass(frozen=True, slots=True)
class Firing:
    """Something that a turn does at an instant: warn, be reached, fall due, or tell the next rung."""

    at: datetime
    wake: datetime
    kind: str
    roles: tuple[str, ...]


def next_wake(case: Case) -> datetime | None:
    """When the case next has something to do by itself (UTC); none if it only waits for people."""
    return min((turn.wake for turn in case.clocks.values() if turn.wake is not None), default=None)


def first_due(case: Case, now: datetime, pathway: Pathway) -> tuple[str, datetime] | None:
    """The turn whose next firing comes first among those due by `now`, and the instant that was due.

    Those due together go by due time, then clock, then turn.
    """
    waiting = [
        (_due_at(turn, pathway), turn.clock, turn.number, key)
        for key, turn in case.clocks.items()
        if turn.wake is not None and turn.wake <= now
    ]
    if not waiting:
        return None
    at, _, _, key = min(waiting)
    return key, at


def schedule(turn: Turn, pathway: Pathway) -> tuple[Firing, ...]:
    """All firings of a turn in order, fired ones included."""
    clock = pathway.clocks[turn.clock]
    if clock.model.at_least is not None:
        return (Firing(turn.due, turn.due, "reached", ()),)
    calendar = pathway.calendar
    rungs: dict[tuple[datetime, str], list[str]] = {(turn.due, "due"): []}
    for role, times in clock.model.warn.items():
        for when in times:
            rungs.setdefault((max(_warned(calendar, turn, when), turn.started), "warn"), []).append(role)
    for role, times in clock.model.escalate.items():
        for when in times:
            at = _escalated(calendar, turn.due, when)
            rungs.setdefault((at, "due" if at == turn.due else "rung"), []).append(role)
    firings = [
        Firing(at, at if kind == "warn" else at + GRACE, kind, tuple(dict.fromkeys(roles)))
        for (at, kind), roles in rungs.items()
    ]
    return tuple(sorted(firings, key=lambda firing: (firing.at, firing.kind != "warn")))


def react(case: Scratch) -> None:
    """Let the clocks answer to the moments that occurred: end, meet, then start."""
    while case.occurred:
        moments, case.occurred = case.occurred, []
        for key, at, strand in moments:
            kind, _, name = key.partition(":")
            if kind == "leaving":
                _leave(case, name, strand, at)
            for clock in case.pathway.met_by.get(key, ()):
                for turn_key in [
                    k for k, turn in case.clocks.items() if turn.clock == clock.name and turn.started <= at
                ]:
                    meet(case, turn_key, at)
            for clock in case.pathway.started_by.get(key, ()):
                _start_by(case, clock, key, at)
            if kind == "entering":
                _enter(case, name, strand)


def start(case: Scratch, clock: CompiledClock, at: datetime, strand: str, origin: datetime | None = None) -> None:
    """Start a turn counted from `at`."""
    if clock.model.when is not None and not holds(clock.model.when, case):
        return
    number = case.turns.get(clock.name, 0) + 1
    case.turns[clock.name] = number
    due = _due(case.pathway.calendar, clock, at)
    turn = Turn(
        clock=clock.name, strand=strand, number=number, started=at, due=due,
        origin=(origin or at) if clock.model.every is not None else None,
    )  # fmt: skip
    held = case.paused and _policy(case, turn) != "continue"
    armed = replace(turn, frozen=case.at) if held else _armed(turn, case.pathway)
    case.clocks[f"{clock.name}#{number}"] = armed


def meet(case: Scratch, key: str, at: datetime) -> None:
    """Meet a turn by something that happened at `at`: in time, in time but entered late, or late."""
    turn = case.clocks[key]
    outcome: JobOutcome = "done"
    if turn.state == "missed":
        outcome = "entered late" if at <= turn.due else "done late"
    _end(case, key, outcome)
    clock = case.pathway.clocks[turn.clock]
    if clock.model.every is not None and case.strand_for(clock.place) is not None:
        _start_next(case, clock, turn, at)


def end_in_handover(case: Scratch, handover: str, outcome: JobOutcome) -> None:
    """End the turns of a handover's clocks."""
    for suffix in ("receive", "decide"):
        for key in [k for k, turn in case.clocks.items() if turn.clock == f"{handover}_{suffix}"]:
            _end(case, key, outcome)


def end_all(case: Scratch) -> None:
    """End every turn: the case is over."""
    for key in list(case.clocks):
        _end(case, key, "no longer needed")


def fire(case: Scratch, key: str) -> None:
    """Let a turn do what is due next. A rung whose roles have nobody in them passes on at once to the next."""
    turn = case.clocks[key]
    firings = schedule(turn, case.pathway)
    passed_on = True
    while passed_on and turn.fired < len(firings):
        firing = firings[turn.fired]
        state = _FIRED.get(firing.kind, turn.state)
        turn = replace(turn, fired=turn.fired + 1, state=state)
        roles = [case.role(role, turn.strand) for role in firing.roles]
        for role in roles:
            case.open_job(role, key, _sentence(turn, firing), case.at)
        passed_on = bool(roles) and firing.kind != "warn" and all(role in case.nobody_in for role in roles)
    wake = firings[turn.fired].wake if turn.fired < len(firings) else None
    case.clocks[key] = replace(turn, wake=wake)


def pass_on(case: Scratch, role: str) -> None:
    """A role was found empty: whatever it was told by a ladder goes to the next rung at once."""
    about = {job.about for job in case.jobs.values() if job.role == role}
    for key in about & set(case.clocks):
        turn = case.clocks[key]
        told = schedule(turn, case.pathway)[: turn.fired]
        if turn.wake is not None and told and told[-1].kind != "warn":
            case.clocks[key] = replace(turn, wake=case.at)


def freeze(case: Scratch) -> None:
    """Everything is suspended: each running turn does what its pause policy says. Interrupts' own clocks go on."""
    for key, turn in case.clocks.items():
        running = turn.frozen is None and (turn.wake is not None or turn.state == "running")
        if running and turn.state != "missed" and _policy(case, turn) != "continue":
            case.clocks[key] = replace(turn, frozen=case.at, wake=None)


def thaw(case: Scratch) -> None:
    """Everything goes on: what was left when a turn was frozen is counted again from now."""
    for key, turn in case.clocks.items():
        if turn.frozen is None:
            continue
        clock = case.pathway.clocks[turn.clock]
        if _policy(case, turn) == "restart":
            due = _due(case.pathway.calendar, clock, case.at)
            again = replace(turn, started=case.at, due=due, fired=0, frozen=None)
        else:
            due = case.pathway.calendar.carried_over(turn.frozen, turn.due, case.at, clock.model.length)
            again = replace(turn, started=turn.started + (case.at - turn.frozen), due=due, frozen=None)
        case.clocks[key] = _armed(again, case.pathway)


def recount(case: Scratch, clock: CompiledClock, before: datetime, after: datetime | None) -> None:
    """A moment was corrected: its turn is counted from the corrected instant, or ends if it never occurred.

    No rung is repeated unless its new time is still to come.
    """
    for key in [k for k, turn in case.clocks.items() if turn.clock == clock.name and turn.started == before]:
        if after is None:
            _end(case, key, "no longer needed")
            continue
        turn = replace(case.clocks[key], started=after, due=_due(case.pathway.calendar, clock, after), fired=0)
        passed = sum(firing.wake <= case.now for firing in schedule(turn, case.pathway)[: case.clocks[key].fired])
        state: TurnState = "missed" if turn.state == "missed" and turn.due < case.now else "running"
        if turn.state == "missed" and state == "running":
            case.close_jobs(key, "no longer needed")
        case.clocks[key] = _armed(replace(turn, fired=passed, state=state), case.pathway)


def _due(calendar: Calendar, clock: CompiledClock, at: datetime) -> datetime:
    length = clock.model.length
    return calendar.reached(at, length) if clock.model.at_least is not None else calendar.due(at, length)


def _armed(turn: Turn, pathway: Pathway) -> Turn:
    firings = schedule(turn, pathway)
    return replace(turn, wake=firings[turn.fired].wake if turn.fired < len(firings) else None)


def _due_at(turn: Turn, pathway: Pathway) -> datetime:
    """The instant that a waking turn's event carries: what was due, or sooner if an empty rung passed it on."""
    assert turn.wake is not None
    return min(schedule(turn, pathway)[turn.fired].at, turn.wake)


def _warned(calendar: Calendar, turn: Turn, when: When) -> datetime:
    match when.side:
        case Side.AT_ONCE:
            return turn.started
        case Side.AFTER:
            return calendar.warned_after(turn.started, _length(when))
        case Side.BEFORE:
            return calendar.warned_before(turn.due, _length(when))


def _escalated(calendar: Calendar, due: datetime, when: When) -> datetime:
    if when.side is Side.AT_ONCE:
        return due
    length = _length(when)
    return due + timedelta(hours=length.amount) if length.unit is Unit.HOURS else calendar.due(due, length)


def _length(when: When) -> Length:
    assert when.length is not None
    return when.length


def _policy(case: Scratch, turn: Turn) -> str:
    if case.pathway.clocks[turn.clock].place.kind == "handover":
        return case.pathway.clocks[turn.clock].model.in_pause or "continue"
    if case.strands[turn.strand].kind in case.pathway.interrupts:
        return "continue"
    return case.pathway.clocks[turn.clock].model.pause_policy


def _sentence(turn: Turn, firing: Firing) -> str:
    title = in_words(turn.clock)
    match firing.kind:
        case "warn":
            return f"{title} is due soon"
        case _:
            return f"{title} is overdue"


def _leave(case: Scratch, place: str, strand: str, at: datetime) -> None:
    for key, turn in list(case.clocks.items()):
        clock = case.pathway.clocks[turn.clock]
        if clock.place.name == place and clock.place.kind not in {"handover", "throughout"} and turn.strand == strand:
            if clock.leaving_meets and clock.model.every is None:
                meet(case, key, at)
            else:
                _end(case, key, "no longer needed")


def _enter(case: Scratch, place: str, strand: str) -> None:
    """Start the clocks of a place that are counted from something which is known already."""
    for kind in _ENTERED:
        for clock in case.pathway.clocks_in.get(Place(kind, place), ()):
            running = any(turn.clock == clock.name and turn.strand == strand for turn in case.clocks.values())
            known = _first_known(case, clock)
            if not running and known is not None:
                start(case, clock, known, strand)


def _start_by(case: Scratch, clock: CompiledClock, key: str, at: datetime) -> None:
    strand = case.strand_for(clock.place)
    if strand is None:
        return
    own_entry = key == f"entering:{clock.place.name}"
    kind = clock.starts[0].kind
    if len(clock.starts) == 1 and kind in _SIDE_BY_SIDE and not own_entry and clock.model.every is None:
        start(case, clock, at, strand)
        return
    if own_entry:
        return
    known = _first_known(case, clock)
    for open_key in [k for k, turn in case.clocks.items() if turn.clock == clock.name]:
        if case.clocks[open_key].started == known and kind != "last":
            return
        _end(case, open_key, "done" if kind == "last" else "no longer needed")
    if known is not None:
        start(case, clock, known, strand)


def _first_known(case: Scratch, clock: CompiledClock) -> datetime | None:
    for moment in clock.starts:
        at = case.moments.get(moment_key(moment))
        if at is not None:
            return at
    return None


def _start_next(case: Scratch, clock: CompiledClock, met: Turn, at: datetime) -> None:
    """The next turn of what comes round again, from the planned date (missed turns do not pile up) or the actual."""
    every = clock.model.length
    if clock.model.next_from == "actual" or met.origin is None:
        start(case, clock, at, met.strand)
        return
    planned = met.due
    rounds = 1
    while planned <= max(at, met.due):
        planned = case.pathway.calendar.due(met.origin, Length(every.amount * rounds, every.unit))
        rounds += 1
    start(case, clock, met.due, met.strand, met.origin)
    key = f"{clock.name}#{case.turns[clock.name]}"
    case.clocks[key] = _armed(replace(case.clocks[key], due=planned), case.pathway)


def _end(case: Scratch, key: str, outcome: JobOutcome) -> None:
    del case.clocks[key]
    case.close_jobs(key, outcome)
