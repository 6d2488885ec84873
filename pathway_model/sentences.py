"""The sentences that pages, command line and audit share: made from the definition's own questions and titles."""

from datetime import datetime

from pathway_model.calendar import LONDON
from pathway_model.language.definition import Fact
from pathway_model.language.requirements import FactRequirement
from pathway_model.pathway import Pathway, in_words


def instant_in_words(instant: datetime) -> str:
    """An instant in local words: `Sat 28 Feb 2026`, with the hour where it is not midnight."""
    local = instant.astimezone(LONDON)
    day = f"{local:%a} {local.day} {local:%b %Y}"
    return day if (local.hour, local.minute) == (0, 0) else f"{day} {local:%H:%M}"


def fact_sentence(requirement: FactRequirement, pathway: Pathway) -> str:
    """What a requirement about an answer says, if the definition does not say it."""
    fact = pathway.definition.facts[requirement.fact]
    question = f"“{fact.ask}”"
    if requirement.times is not None:
        return f"{question} must have been answered {_times(requirement, fact)}"
    if requirement.times_in_a_row is not None:
        run = f"{requirement.times_in_a_row} times in a row"
        return f"{question} must have been answered {_choices(requirement, fact)} {run}"
    if requirement.answered is not None:
        return f"{question} must {'' if requirement.answered else 'not '}be answered"
    return f"{question} must be answered {_choices(requirement, fact)}"


def choice_in_words(fact: Fact, choice: str) -> str:
    """The title of one choice."""
    return fact.answer.get(choice, choice) if isinstance(fact.answer, dict) else choice


def _times(requirement: FactRequirement, fact: Fact) -> str:
    said = f"{requirement.times} times"
    if requirement.is_ is not None:
        said += f" with {_choices(requirement, fact)}"
    if requirement.different is not None:
        said += f", in {requirement.different} different ways"
    if requirement.over is not None:
        said += f", over at least {requirement.over}"
    if requirement.since is not None:
        said += f" since {requirement.since.kind} {in_words(requirement.since.name).lower()}"
    return said


def _choices(requirement: FactRequirement, fact: Fact) -> str:
    parts = []
    if requirement.is_ is not None:
        parts.append(" or ".join(choice_in_words(fact, choice) for choice in requirement.is_))
    if requirement.is_not is not None:
        parts.append("anything but " + " or ".join(choice_in_words(fact, choice) for choice in requirement.is_not))
    if requirement.at_least is not None:
        parts.append(f"at least {requirement.at_least:g}")
    if requirement.at_most is not None:
        parts.append(f"at most {requirement.at_most:g}")
    if requirement.before is not None:
        parts.append(f"before {requirement.before}")
    if requirement.after is not None:
        parts.append(f"after {requirement.after}")
    return " and ".join(parts)
