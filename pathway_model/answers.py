"""The answers that come with an event: each checked against its question, then kept."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from pathway_model.calendar import local_instant
from pathway_model.case import Value
from pathway_model.outcome import Reason
from pathway_model.requirements import holds
from pathway_model.scratch import Scratch, latest
from pathway_model.values import WrongAnswerError, as_written, checked_value

_MIDNIGHT = time(0, 0)


def take_answers(
    case: Scratch, asked: tuple[str, ...], given: Mapping[str, Value], *, signed_before: bool = False
) -> tuple[Reason, ...]:
    """Keep the answers to what is asked, in the order asked; what does not fit or is missing comes back as reasons.

    Args:
        signed_before: Somebody has signed these answers already: only what has changed is given anew.
    """
    reasons = [
        Reason(code="not_asked", name=fact, sentence=f"“{_question(case, fact)}” is not asked here")
        for fact in given
        if fact not in asked
    ]
    for name in asked:
        fact = case.pathway.definition.facts[name]
        if name not in given:
            if _must_answer(case, name) and not (signed_before and name in case.facts):
                reasons.append(Reason(code="missing_answer", name=name, sentence=f"Answer “{fact.ask}”"))
            continue
        if fact.when is not None and not holds(fact.when, case):
            reasons.append(Reason(code="not_asked", name=name, sentence=f"“{fact.ask}” does not arise here"))
            continue
        try:
            value = accepted_value(case, name, given[name])
        except WrongAnswerError as problem:
            reasons.append(Reason(code="wrong_answer", name=name, sentence=f"“{fact.ask}”: {problem}"))
            continue
        known = latest(case.facts, name)
        if not (signed_before and known is not None and known.value == value):
            keep(case, name, value)
    return tuple(reasons)


def keep(case: Scratch, fact: str, value: Value) -> None:
    """Keep an answer and let the moments that it makes occur."""
    case.answer(fact, value)
    for key, meant in case.pathway.answer_moments.get(fact, ()):
        if meant is None or meant & set(as_written(value)):
            case.occur(key, case.at)
    instant = moment_of(value)
    if instant is not None:
        case.occur(f"fact:{fact}", instant)


def accepted_value(case: Scratch, name: str, given: Value) -> Value:
    """An answer as the case keeps it.

    Raises:
        WrongAnswerError: It does not fit the question, or says that something past has yet to come.
    """
    fact = case.pathway.definition.facts[name]
    value = checked_value(fact, given)
    instant = moment_of(value)
    if fact.past and instant is not None and instant > case.now:
        raise WrongAnswerError("that has happened, so it cannot lie in the future")
    return value


def moment_of(value: Value) -> datetime | None:
    """The instant that an answer gives, if it is a date (its first instant) or a date and time."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return local_instant(value, _MIDNIGHT) if isinstance(value, date) else None


def _question(case: Scratch, name: str) -> str:
    fact = case.pathway.definition.facts.get(name)
    return name if fact is None else fact.ask


def _must_answer(case: Scratch, name: str) -> bool:
    """Whether a question must be answered anew: it repeats, or no current answer is known."""
    fact = case.pathway.definition.facts[name]
    if fact.when is not None and not holds(fact.when, case):
        return False
    known = latest(case.facts, name)
    if known is None or fact.repeats:
        return True
    return fact.current_for is not None and case.at > case.pathway.calendar.due(known.at, fact.current_for)
