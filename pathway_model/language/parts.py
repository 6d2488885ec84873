"""What every part of a definition is made of: the strict base model, yes/no, one-or-many, moments, notes."""

from collections.abc import Iterable
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from pathway_model.language.names import Name


class Part(BaseModel):
    """A part of a definition: frozen, and with no key that it does not know."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, hide_input_in_errors=True, serialize_by_alias=True
    )


def _yes_or_no(value: object) -> object:
    match value:
        case "yes" | True:
            return True
        case "no" | False:
            return False
        case _:
            raise ValueError("write yes or no")


YesNo = Annotated[
    bool,
    BeforeValidator(_yes_or_no, json_schema_input_type=Literal["yes", "no"]),
    PlainSerializer(lambda value: "yes" if value else "no", return_type=str),
]


def many(value: object) -> object:
    """A single value stands for a list of one."""
    return [value] if isinstance(value, str | dict) or not isinstance(value, Iterable) else value


Names = Annotated[tuple[Name, ...], BeforeValidator(many, json_schema_input_type=Name | tuple[Name, ...])]
"""One name or a list of them."""

OneOrMore = Annotated[tuple[str, ...], BeforeValidator(many, json_schema_input_type=str | tuple[str, ...])]
"""One value or a list of them."""


MOMENT_KINDS: Final = ("entering", "leaving", "taking", "answering", "fact", "accepted", "last")


class Moment(Part):
    """Something that happens at an instant and that a clock or a requirement can be counted from.

    Exactly one of the kinds is given; `is` belongs to `answering`.
    """

    entering: Name | None = Field(None, description="a step, phase, strand or interrupt is entered")
    leaving: Name | None = Field(None, description="a step, phase, strand or interrupt is left")
    taking: Name | None = Field(None, description="an action is taken")
    answering: Name | None = Field(None, description="a question is answered")
    is_: OneOrMore | None = Field(None, alias="is", description="with answering: only these answers")
    fact: Name | None = Field(None, description="the date, or date and time, that a fact gives")
    accepted: Name | None = Field(None, description="a handover, or the last one of a phase, is accepted")
    last: Literal["activity"] | None = Field(None, description="any action is taken")

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        given = [kind for kind in MOMENT_KINDS if getattr(self, kind) is not None]
        if len(given) != 1:
            raise ValueError(f"say exactly one of {', '.join(MOMENT_KINDS)}")
        if self.is_ is not None and self.answering is None:
            raise ValueError("`is` belongs to `answering`")
        return self

    @property
    def kind(self) -> str:
        """Which of `MOMENT_KINDS` it is."""
        return next(kind for kind in MOMENT_KINDS if getattr(self, kind) is not None)

    @property
    def name(self) -> str:
        """What it is a moment of: the step, action, fact, handover or phase."""
        return str(getattr(self, self.kind))


Moments = Annotated[tuple[Moment, ...], BeforeValidator(many, json_schema_input_type=Moment | tuple[Moment, ...])]
"""One moment or a list of them."""


class Note(Part):
    """Words for the reader, shown beside the part they stand at; exactly one kind each."""

    assumption: str | None = Field(None, description="what a clinician must still agree")
    hazard: str | None = Field(None, description="a clinical hazard that this part controls (DCB0129)")
    note: str | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(text is not None for text in (self.assumption, self.hazard, self.note)) != 1:
            raise ValueError("say exactly one of assumption, hazard, note")
        return self


Notes = Annotated[tuple[Note, ...], BeforeValidator(many, json_schema_input_type=Note | tuple[Note, ...])]
"""One note or a list of them."""
