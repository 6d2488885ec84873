"""A scenario: a dated story of one person on one pathway, and what is expected after each line of it.

Schema, documentation and type in one; `docs/scenario.schema.json` is made from it. What its names refer to is checked
in `pathway_model.scenarios.script`, against the pathway that it is about.
"""

import re
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from pathway_model.case import ConsentStatus, HandoverStatus
from pathway_model.language.definition import EndKind
from pathway_model.language.names import PERSON, Name
from pathway_model.language.parts import OneOrMore, Part, YesNo, many
from pathway_model.scenarios.dates import Dated, Dates, Timed

REFER: Final = "refer"
HANDOVER_ANSWERS: Final = ("receive", "accept", "decline", "begin", "complete", "withdraw")
NOTHING: Final = "nothing"
ENDED: Final = "ended"

_SYNTHETIC_NHS_NUMBER: Final = re.compile(r"^999\d{7}$")
_PATHWAY: Final = re.compile(r"^[a-z][a-z0-9_]* [1-9]\d*$")
_HAPPENINGS: Final = ("does", "consents", "adds", "corrects", "staffing")


def _text(value: object) -> object:
    """Numbers and truth values of a JSON document, as YAML would have them written."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, int | float) else value


Text = Annotated[str, BeforeValidator(_text, json_schema_input_type=str | int)]
Written = Annotated[
    tuple[str, ...],
    BeforeValidator(lambda value: many(_text(value)), json_schema_input_type=str | bool | float | tuple[str, ...]),
]
"""An answer as it is written, one text for each choice."""

Answers = dict[Name, Written]


def _a_version(text: str) -> str:
    if not _PATHWAY.match(text):
        raise ValueError("write the pathway and its version, such as `icon 1`")
    return text


class Expectation(Part):
    """What is seen after a line. What is left out is not looked at."""

    step: Name | None = Field(None, description="where the case waits")
    owner: Name | None = Field(None, description="the role that owns the case")
    next_due: Literal["nothing"] | dict[Name, Dated] | None = Field(
        None, description="the deadline that falls due first, or nothing"
    )
    due: dict[Name, Dates] = Field(default_factory=dict, description="when open deadlines fall (or fell) due")
    possible_from: dict[Name, Dated] = Field(default_factory=dict, description="when minimum durations are reached")
    overdue: OneOrMore = Field((), description="deadlines that are missed and not yet met")
    frozen: OneOrMore = Field((), description="clocks that a pause has stopped")
    no_longer_due: OneOrMore = Field((), description="clocks that do not run")
    refused: OneOrMore = Field((), description="what stands in the way, all of it, by name; nothing happened")
    earliest: Dated | None = Field(None, description="with refused: when time alone resolves it")
    sent: Literal["nothing"] | dict[Name, OneOrMore] | None = Field(
        None, description="notices that went out since the line before, and to whom exactly"
    )
    not_sent: dict[Name, OneOrMore] = Field(default_factory=dict, description="to whom a notice did not go")
    told: dict[Name, Dates] = Field(
        default_factory=dict, description="roles that were given a job since the line before, and when"
    )
    not_told: OneOrMore = Field((), description="roles that were given none")
    jobs: dict[Name, OneOrMore] = Field(
        default_factory=dict, description="what each role still has to do: clock, handover, notice or step"
    )
    no_jobs: OneOrMore = Field((), description="roles with no job left")
    counts: dict[Name, int] = Field(default_factory=dict)
    strands: dict[Name, OneOrMore] = Field(
        default_factory=dict,
        description="the step of a strand or open interrupt; `ended` when it is not open",
    )
    strand_owners: dict[Name, Name] = Field(default_factory=dict)
    handovers: dict[Name, HandoverStatus] = Field(default_factory=dict)
    consents: dict[Name, dict[Name, ConsentStatus]] = Field(default_factory=dict)
    paused: YesNo | None = None
    outcome: EndKind | None = Field(None, description="how the case has ended")
    linked_case: YesNo | None = Field(None, description="whether a linked case was opened since the line before")

    @model_validator(mode="after")
    def _refused_for_a_time(self) -> Self:
        if self.earliest is not None and not self.refused:
            raise ValueError("`earliest` goes with `refused`")
        return self


class Line(Part):
    """One line of the story: who did what, when. A line on which nobody does anything only looks."""

    at: Timed = Field(description="when it was entered")
    happened: Timed | None = Field(None, description="when it happened, if that was earlier")
    who: Name | None = Field(None, description="a role, a kind of contact, or person")
    does: Name | None = Field(
        None,
        description="refer; an action; an interrupt; or, with handover, receive, accept, decline, begin…",
    )
    strand: str | None = Field(None, description="the strand it is done in, where several are open: risk, risk-2")
    handover: Name | None = None
    reason: Name | None = Field(None, description="with decline")
    alternative: Name | None = Field(None, description="with decline: what the receiver suggests instead")
    answers: Answers = Field(
        default_factory=dict,
        description="by question: yes, a number, a date, choices; personal ones as `answered`",
    )
    consents: dict[Name, dict[Name, ConsentStatus]] = Field(
        default_factory=dict, description="by consent, then by agency or contact"
    )
    adds: dict[Name, Name] = Field(default_factory=dict, description="contacts, with their kind")
    corrects: Answers = Field(default_factory=dict)
    staffing: dict[Name, Literal["nobody", "somebody"]] = Field(
        default_factory=dict, description="who is found to be in a role"
    )
    because: str | None = Field(None, description="words for the reader")
    expect: Expectation = Expectation()

    @model_validator(mode="after")
    def _one_thing_happens(self) -> Self:
        happenings = [name for name in _HAPPENINGS if getattr(self, name)]
        if len(happenings) > 1:
            raise ValueError(f"one thing a line: this one has {' and '.join(happenings)}")
        if happenings and happenings != ["staffing"] and self.who is None:
            raise ValueError("add who")
        if self.answers and self.does is None:
            raise ValueError("`answers` goes with `does`")
        if self.handover is not None and self.does not in HANDOVER_ANSWERS:
            raise ValueError(f"`handover` goes with does: {', '.join(HANDOVER_ANSWERS)}")
        if (self.reason or self.alternative) and self.does != "decline":
            raise ValueError("`reason` and `alternative` go with does: decline")
        if self.happened is not None and self.happened.instant > self.at.instant:
            raise ValueError(f"it happened ({self.happened}) after it was entered ({self.at})")
        return self

    @property
    def happened_at(self) -> Dated:
        """When it happened."""
        return self.happened or self.at


class Scenario(Part):
    """One synthetic person's story on one version of a pathway."""

    scenario: Name
    pathway: Annotated[str, AfterValidator(_a_version)] = Field(description="the pathway and its version")
    title: str
    shows: OneOrMore = Field((), description="the behaviours that it shows, such as I1")
    people: dict[Name, Text] = Field(
        description="person: a synthetic NHS number (999…); contacts: their kind; all known at referral unless added"
    )
    story: tuple[Line, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _begins_with_a_referral(self) -> Self:
        number = self.people.get(PERSON, "")
        if not _SYNTHETIC_NHS_NUMBER.match(number) or not _checks(number):
            raise ValueError(
                "add `person` with a synthetic NHS number: ten digits from 999 000 0000, check digit right"
            )
        if self.story[0].does != REFER:
            raise ValueError("the first line is the referral: does: refer")
        return self


def _checks(number: str) -> bool:
    """NHS number: weights 10 to 2, check digit 11 less the remainder, 11 counts as 0 and 10 is invalid."""
    total = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), number, strict=False))
    return (11 - total % 11) % 11 == int(number[9])
