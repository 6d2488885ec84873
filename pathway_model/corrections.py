"""Corrections: a later true value for an answer. Its clocks are recounted; no step taken is undone."""

from dataclasses import replace

from pathway_model.answers import moment_of
from pathway_model.case import Answer, Value
from pathway_model.clocks import recount
from pathway_model.events import FactCorrected
from pathway_model.outcome import Reason
from pathway_model.scratch import Scratch
from pathway_model.values import WrongAnswerError, as_written, checked_value


def correct(case: Scratch, event: FactCorrected) -> tuple[Reason, ...]:
    """Put a true value in the place of an answer, or say why that is refused."""
    answers = case.facts.get(event.fact, ())
    if not -len(answers) <= event.answer < len(answers):
        sentence = f"There is no such answer to {event.fact} to correct"
        return (Reason(code="no_such_name", name=event.fact, sentence=sentence),)
    try:
        value = checked_value(case.pathway.definition.facts[event.fact], event.value)
    except WrongAnswerError as problem:
        return (Reason(code="wrong_answer", name=event.fact, sentence=str(problem)),)
    index = event.answer % len(answers)
    before = answers[index]
    case.facts[event.fact] = (*answers[:index], replace(before, value=value), *answers[index + 1 :])
    _recount_dated(case, event.fact, before, value)
    _recount_answered(case, event.fact, before, value)
    _sign_again(case, event.fact)
    return ()


def _recount_dated(case: Scratch, fact: str, before: Answer, value: Value) -> None:
    """Clocks counted from the date that an answer gives follow the corrected date."""
    old, new = moment_of(before.value), moment_of(value)
    key = f"fact:{fact}"
    if old is None or new is None or key not in case.moments:
        return
    case.moments[key] = new
    for clock in case.pathway.started_by.get(key, ()):
        recount(case, clock, old, new)


def _recount_answered(case: Scratch, fact: str, before: Answer, value: Value) -> None:
    """Clocks counted from giving a certain answer end if it was not given, and begin if it was given after all."""
    for key, meant in case.pathway.answer_moments.get(fact, ()):
        was = meant is None or bool(meant & set(as_written(before.value)))
        is_now = meant is None or bool(meant & set(as_written(value)))
        if was and not is_now:
            for clock in case.pathway.started_by.get(key, ()):
                recount(case, clock, before.at, None)
            given = [a.at for a in case.facts[fact] if meant is None or meant & set(as_written(a.value))]
            if given and key in case.moments:
                case.moments[key] = max(given)
            else:
                case.moments.pop(key, None)
        elif is_now and not was:
            case.occur(key, before.at)


def _sign_again(case: Scratch, fact: str) -> None:
    """A form corrected before its last signature must be signed again."""
    for name in list(case.signatures):
        if any(fact in action.asks for action in case.pathway.actions[name]):
            del case.signatures[name]
