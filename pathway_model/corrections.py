"""Corrections: a later true value for an answer. Its clocks are recounted; no step taken is undone.

A move that relied on the answer, and would not be made now, becomes somebody's job.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from pathway_model.answers import accepted_value, moment_of
from pathway_model.case import Answer, Value
from pathway_model.clocks import recheck, reconsider, recount, standing
from pathway_model.events import FactCorrected
from pathway_model.language.names import MAIN
from pathway_model.language.requirements import Requirement
from pathway_model.outcome import Reason
from pathway_model.pathway import CompiledClock, Place, facts_in, in_words, relies_on
from pathway_model.requirements import holds, unmet_of
from pathway_model.scratch import Scratch
from pathway_model.values import WrongAnswerError, as_written


def correct(case: Scratch, event: FactCorrected) -> tuple[Reason, ...]:
    """Put a true value in the place of an answer, or say why that is refused."""
    answers = case.facts.get(event.fact, ())
    if not -len(answers) <= event.answer < len(answers):
        sentence = f"There is no such answer to {event.fact} to correct"
        return (Reason(code="no_such_name", name=event.fact, sentence=sentence),)
    try:
        value = accepted_value(case, event.fact, event.value)
    except WrongAnswerError as problem:
        return (Reason(code="wrong_answer", name=event.fact, sentence=str(problem)),)
    index = event.answer % len(answers)
    before = answers[index]
    relied = {move: _verdict(case, move) for move in _moves_relying_on(case, event.fact, before.at)}
    conditions = [(clock, when, holds(when, case)) for clock, when in _conditional_on(case, event.fact)]
    counted = [(clock, standing(case, clock)) for clock in _counting(case, event.fact)]
    case.facts[event.fact] = (*answers[:index], replace(before, value=value), *answers[index + 1 :])
    moved = _recount_dated(case, event.fact, before, value)
    _recount_answered(case, event.fact, before, value)
    for clock, stood in counted:
        recheck(case, clock, stood, moved)
    for clock, when, held in conditions:
        if holds(when, case) is not held:
            reconsider(case, clock, before.at)
    _sign_again(case, event.fact)
    for move, verdict in relied.items():
        if _verdict(case, move) != verdict:
            _look_at(case, move, event.fact)
    return ()


def _counting(case: Scratch, fact: str) -> list[CompiledClock]:
    """Clocks that are counted from an answer to a question, or met by one."""
    keys = [f"fact:{fact}", *(key for key, _ in case.pathway.answer_moments.get(fact, ()))]
    found = [
        clock for key in keys for by in (case.pathway.started_by, case.pathway.met_by) for clock in by.get(key, ())
    ]
    return list({clock.name: clock for clock in found}.values())


def _recount_dated(case: Scratch, fact: str, before: Answer, value: Value) -> dict[datetime, datetime]:
    """Clocks counted from the date that an answer gives follow the corrected date: here with what it was."""
    old, new = moment_of(before.value), moment_of(value)
    key = f"fact:{fact}"
    if old is None or new is None or key not in case.moments:
        return {}
    if case.moments[key] == old:
        case.moments[key] = new
    for clock in case.pathway.started_by.get(key, ()):
        recount(case, clock, old, new)
    return {new: old}


def _recount_answered(case: Scratch, fact: str, before: Answer, value: Value) -> None:
    """Clocks counted from a certain answer end if it was not given, and begin if it was given after all."""
    for key, meant in case.pathway.answer_moments.get(fact, ()):
        was = meant is None or bool(meant & set(as_written(before.value)))
        is_now = meant is None or bool(meant & set(as_written(value)))
        if is_now and not was:
            case.occur(key, before.at)
        if is_now or not was:
            continue
        given = [a.at for a in case.facts[fact] if meant is None or meant & set(as_written(a.value))]
        case.moments.pop(key, None)
        if given:
            case.moments[key] = max(given)
        for clock in case.pathway.started_by.get(key, ()):
            recount(case, clock, before.at, None)


def _conditional_on(case: Scratch, fact: str) -> Iterator[tuple[CompiledClock, Requirement]]:
    """Clocks that run only on certain answers to a question, with their condition."""
    for clock in case.pathway.clocks.values():
        if clock.model.when is not None and fact in facts_in(clock.model.when):
            yield clock, clock.model.when


def _sign_again(case: Scratch, fact: str) -> None:
    """A form corrected before its last signature must be signed again."""
    for name in list(case.signatures):
        if any(fact in action.asks for action in case.pathway.actions[name]):
            del case.signatures[name]


@dataclass(frozen=True, slots=True)
class _Move:
    """A move that was made: what it looked at, when, and where it was possible."""

    title: str
    place: Place
    made: datetime
    needs: tuple[Requirement, ...]
    ways: tuple[Requirement, ...]


def _moves_relying_on(case: Scratch, fact: str, since: datetime) -> Iterator[_Move]:
    """Moves made since an answer was given that looked at it: actions taken, and steps reached by themselves."""
    for action in (action for written in case.pathway.actions.values() for action in written):
        made = case.moments.get(f"taking:{action.name}")
        if action.moves and fact in relies_on(action) and made is not None and made >= since:
            ways = tuple(alternative.when for alternative in action.model.decide)
            yield _Move(f"“{action.title}”", action.place, made, _looking_at(action.model.needs, fact), ways)
    for step in case.pathway.steps.values():
        for way in step.by_itself:
            for state in case.strands.values():
                if state.kind == step.strand and state.step == way.go_to[0] and fact in facts_in(way.when):
                    yield _Move(in_words(state.step), Place("step", step.name), state.since, (way.when,), ())


def _looking_at(needs: Iterable[Requirement], fact: str) -> tuple[Requirement, ...]:
    return tuple(need for need in needs if fact in facts_in(need))


def _verdict(case: Scratch, move: _Move) -> tuple[bool, int | None]:
    """Whether a move was justified, and which way it went, on the answers to what had happened by then."""
    then = Scratch(case.pathway, case.finished(), at=move.made, now=case.now, by=case.by)
    then.facts = {
        name: tuple(answer for answer in answers if answer.at <= move.made) for name, answers in case.facts.items()
    }
    way = next((number for number, when in enumerate(move.ways) if holds(when, then)), None)
    return not unmet_of(move.needs, then), way


def _look_at(case: Scratch, move: _Move, fact: str) -> None:
    """Give a move that is no longer justified to the owner, and to whom the step's ladder names first."""
    question = case.pathway.definition.facts[fact].ask
    sentence = f"{move.title} relied on “{question}”, which has been corrected: see what follows from that"
    clocks = [clock for clock in case.pathway.clocks_in.get(move.place, ()) if clock.model.escalate]
    named = [clock for clock in clocks if clock.name == move.place.name] or clocks
    ladder = [next(iter(clock.model.escalate)) for clock in named[:1]]
    for role in (case.main.owner, *(case.role(role, MAIN) for role in ladder)):
        case.open_job(role, f"corrected {fact}", sentence, case.at)
