"""Answers to the questions of a pathway: a few that fit each question, and the search for those that fit a moment."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import product

from pathway_model.advance import advance
from pathway_model.calendar import local_day
from pathway_model.case import ANSWERED, Case, Value
from pathway_model.events import ActionTaken
from pathway_model.explain import Possibility
from pathway_model.language.definition import Fact
from pathway_model.language.requirements import FactRequirement, Requirement
from pathway_model.outcome import Step
from pathway_model.pathway import CompiledAction, Pathway, parts_of


def fitting(fact: Fact, now: datetime) -> tuple[Value, ...]:
    """A few answers that fit a question, whatever the case."""
    if fact.personal:
        return (ANSWERED,)
    if isinstance(fact.answer, dict):
        choices = tuple(fact.answer)
        return (*((choice,) for choice in choices), choices) if fact.several else choices
    match fact.answer:
        case "yes or no":
            return (True, False)
        case "number":
            return (fact.lowest or 0, fact.highest or 100, ((fact.lowest or 0) + (fact.highest or 100)) / 2)
        case "date":
            return tuple(local_day(now + timedelta(days=days)) for days in (0, -40, *(() if fact.past else (40,))))
        case "date and time":
            return tuple(now + timedelta(hours=hours) for hours in (0, -60, *(() if fact.past else (200,))))
        case _:
            return ("words",)


def unfitting(fact: Fact) -> tuple[Value, ...]:
    """Answers that no case can take as an answer to this question."""
    if fact.personal:
        return ("the words themselves", 3)
    if isinstance(fact.answer, dict):
        return ("no_such_choice", True, 3, date(2025, 1, 1), *(() if fact.several else (tuple(fact.answer),)))
    match fact.answer:
        case "number":
            return ("many", float("nan"), float("inf"), (fact.highest or 1e9) + 1, True, ("a", "b"))
        case "yes or no":
            return ("perhaps", 2, ("yes",))
        case _:
            return ("perhaps", "2025-13-45", 3, date(1, 1, 1), datetime.max.replace(tzinfo=UTC), ("a", "b"))


def every_answering(
    pathway: Pathway, action: CompiledAction, now: datetime, shift: int = 0
) -> Iterator[Mapping[str, Value]]:
    """Every combination that could matter: of the questions that needs and handovers look at; the others get one.

    Args:
        shift: Which answers come first; the same number, the same order.
    """
    wanted = [pathway.handovers[name].when for name in action.model.requests]
    judged: list[Requirement | None] = [*action.model.needs, *(way.when for way in action.model.decide), *wanted]
    parts = [part for need in judged if need is not None for part in parts_of(need)]
    looked_at = {part.fact for part in parts if isinstance(part, FactRequirement)}
    choices = []
    for name in action.asks:
        answers = fitting(pathway.definition.facts[name], now)
        start = shift % len(answers)
        turned = answers[start:] + answers[:start]
        choices.append(turned if name in looked_at else turned[:1])
    for chosen in product(*choices):
        yield dict(zip(action.asks, chosen, strict=True))


def written_as(pathway: Pathway, case: Case, possibility: Possibility) -> CompiledAction:
    """The action behind a possibility: of those of its name, the one of its strand."""
    kind = case.strands[possibility.strand].kind
    return next(action for action in pathway.actions[possibility.action] if action.strand == kind)


def suitable(
    pathway: Pathway, case: Case, possibility: Possibility, by: str, now: datetime, shift: int = 0
) -> ActionTaken | None:
    """The first way to take a possible action that is accepted; none if no answers make it so."""
    for answers in every_answering(pathway, written_as(pathway, case, possibility), now, shift):
        event = ActionTaken(at=now, by=by, action=possibility.action, answers=answers, strand=possibility.strand)
        if isinstance(advance(pathway, case, event, now), Step):
            return event
    return None
