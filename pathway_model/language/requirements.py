"""Requirements: yes/no questions over a case, written as small tables and never as code.

Each names the thing it looks at first (`fact: outcome, is: no_reply`; `clock: overlap, is: reached`), so the key that
is present says which requirement it is.
"""

from typing import Annotated, Final, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from pathway_model.language.lengths import Length
from pathway_model.language.names import Name
from pathway_model.language.parts import Moment, OneOrMore, Part, YesNo, many


class _Requirement(Part):
    when: "Requirement | None" = Field(None, description="the requirement applies only then")
    say: str | None = Field(None, description="its sentence, if the one made from the question does not read well")


class FactRequirement(_Requirement):
    """An answer that the case knows, or a run of answers to a question that repeats."""

    fact: Name
    is_: OneOrMore | None = Field(None, alias="is", description="one of these answers")
    is_not: OneOrMore | None = None
    at_least: float | None = Field(None, allow_inf_nan=False)
    at_most: float | None = Field(None, allow_inf_nan=False)
    before: str | None = Field(None, description="a date")
    after: str | None = Field(None, description="a date")
    answered: YesNo | None = None
    since: Moment | None = Field(None, description="only answers given since then")
    times: int | None = Field(None, ge=1, le=20, description="so many answers")
    times_in_a_row: int | None = Field(
        None, ge=1, le=20, description="so many of the latest answers, one after another"
    )
    different: int | None = Field(None, ge=2, le=20, description="so many different answers among them")
    over: Length | None = Field(None, description="from the first of them to the last")

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        asked = (
            self.is_,
            self.is_not,
            self.at_least,
            self.at_most,
            self.before,
            self.after,
            self.answered,
            self.times,
        )
        if all(question is None for question in (*asked, self.times_in_a_row)):
            raise ValueError(
                "say what the answer must be: is, is_not, at_least, at_most, before, after, answered or times"
            )
        if (self.different is not None or self.over is not None) and self.times is None:
            raise ValueError("`different` and `over` go with `times`")
        if self.is_ is not None and self.is_not is not None:
            raise ValueError("say `is` or `is_not`, not both")
        return self


class ClockRequirement(_Requirement):
    """How a clock stands: a minimum that is reached, a deadline that is missed or running."""

    clock: Name
    is_: Literal["reached", "missed", "running"] = Field(alias="is")


class ActionRequirement(_Requirement):
    """An action that has been taken since this step was entered."""

    action: Name
    is_: Literal["taken"] = Field(alias="is")


class EnteredRequirement(_Requirement):
    """How often a step has been entered: bounds every circle."""

    entered: Name
    at_most: int = Field(ge=1)


class HandoversRequirement(_Requirement):
    """One handover, or all those requested in a phase, accepted."""

    handovers: Name = Field(description="a handover, or the phase whose handovers are meant")
    are: Literal["accepted"]


class ConsentRequirement(_Requirement):
    """Consent asked for (whatever the answer), or in force, for everybody that it is about in this case."""

    consent: Name
    is_: Literal["asked", "given"] = Field(alias="is")


class StrandRequirement(_Requirement):
    """The step at which a strand stands."""

    strand: Name
    is_at: Name


class CountRequirement(_Requirement):
    """A tally."""

    count: Name
    at_least: int = Field(ge=1)


class AllRequirement(_Requirement):
    """Every one of these."""

    all_: tuple["Requirement", ...] = Field(alias="all", min_length=1)


class AnyRequirement(_Requirement):
    """At least one of these; it needs a sentence of its own."""

    any_: tuple["Requirement", ...] = Field(alias="any", min_length=1)

    @model_validator(mode="after")
    def _has_a_sentence(self) -> Self:
        if self.say is None:
            raise ValueError("`any` needs a sentence: add say")
        return self


class NotRequirement(_Requirement):
    """The opposite; it needs a sentence of its own."""

    not_: "Requirement" = Field(alias="not")

    @model_validator(mode="after")
    def _has_a_sentence(self) -> Self:
        if self.say is None:
            raise ValueError("`not` needs a sentence: add say")
        return self


REQUIREMENT_KINDS: Final = (
    "fact",
    "clock",
    "action",
    "entered",
    "handovers",
    "consent",
    "strand",
    "count",
    "all",
    "any",
    "not",
)


def _kind(value: object) -> str | None:
    for kind in REQUIREMENT_KINDS:
        if isinstance(value, dict) and (kind in value or f"{kind}_" in value):
            return kind
        if isinstance(value, Part) and (hasattr(value, kind) or hasattr(value, f"{kind}_")):
            return kind
    return None


Requirement = Annotated[
    Annotated[FactRequirement, Tag("fact")]
    | Annotated[ClockRequirement, Tag("clock")]
    | Annotated[ActionRequirement, Tag("action")]
    | Annotated[EnteredRequirement, Tag("entered")]
    | Annotated[HandoversRequirement, Tag("handovers")]
    | Annotated[ConsentRequirement, Tag("consent")]
    | Annotated[StrandRequirement, Tag("strand")]
    | Annotated[CountRequirement, Tag("count")]
    | Annotated[AllRequirement, Tag("all")]
    | Annotated[AnyRequirement, Tag("any")]
    | Annotated[NotRequirement, Tag("not")],
    Discriminator(
        _kind,
        custom_error_type="requirement_kind",
        custom_error_message=f"a requirement begins with one of {', '.join(REQUIREMENT_KINDS)}",
    ),
]

Requirements = Annotated[
    tuple[Requirement, ...], BeforeValidator(many, json_schema_input_type=Requirement | tuple[Requirement, ...])
]
"""One requirement or a list of them."""

for _model in (
    FactRequirement,
    ClockRequirement,
    ActionRequirement,
    EnteredRequirement,
    HandoversRequirement,
    ConsentRequirement,
    StrandRequirement,
    CountRequirement,
    AllRequirement,
    AnyRequirement,
    NotRequirement,
):
    _model.model_rebuild()
