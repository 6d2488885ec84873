"""Clocks: everything that is due. Deadlines, minimum durations, and what comes round again."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from pathway_model.language.lengths import Length, Side, Unit, When
from pathway_model.language.parts import Moments, Names, Part, YesNo
from pathway_model.language.requirements import Requirement

InPause = Literal["continue", "freeze", "restart"]


def _each_a_list(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    return {role: times if isinstance(times, list | tuple) else [times] for role, times in value.items()}


Rungs = Annotated[
    dict[str, tuple[When, ...]],
    BeforeValidator(_each_a_list, json_schema_input_type=dict[str, When | tuple[When, ...]]),
]
"""Who is told, and when: `{team_manager: at once, service_manager: after 1 working day}`."""


class Deadline(Part):
    """The deadline of a step: it carries the step's name, starts when the step is entered, and is met by leaving it."""

    within: Length
    from_: Moments | None = Field(None, alias="from", description="counted from these; the first that is known")
    when: Requirement | None = Field(None, description="judged once, when it would start")
    warn: Rungs = Field(default_factory=dict, description="from the start, or back from the due time")
    escalate: Rungs = Field(description="from the due time; the last rung is another role than the owner's")
    in_pause: InPause | None = Field(None, description="left out: working days freeze, others continue")
    hard_limit: YesNo = Field(False, description="deadlines that fall due after it are flagged")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for role, times in self.escalate.items():
            if any(time.side is Side.BEFORE for time in times):
                raise ValueError(f"`{role}` would be told before the due time; write that under warn")
        if not self.escalate:
            raise ValueError("who is told when it is missed? add escalate")
        return self


class Clock(Part):
    """Something due that is not simply the deadline of its step."""

    within: Length | None = Field(None, description="a deadline")
    at_least: Length | None = Field(None, description="a minimum")
    every: Length | None = Field(None, description="comes round again")
    from_: Moments | None = Field(None, alias="from", description="left out: entering the place it is written in")
    met_by: Moments | None = Field(None, description="left out: leaving the place it is written in")
    when: Requirement | None = None
    warn: Rungs = Field(default_factory=dict)
    escalate: Rungs = Field(default_factory=dict)
    in_pause: InPause | None = None
    next_from: Literal["planned", "actual"] | None = Field(
        None, description="with every: what the next is counted from"
    )
    hard_limit: YesNo = False
    exceptions: Names = Field((), description="with at_least: actions that may pass it")

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = (self.within, self.at_least, self.every)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("say exactly one of within, at_least, every")
        if self.every is not None and self.next_from is None:
            raise ValueError("`every` needs next_from: planned or actual?")
        if self.every is None and self.next_from is not None:
            raise ValueError("`next_from` goes with `every`")
        if self.at_least is None and self.exceptions:
            raise ValueError("`exceptions` goes with `at_least`")
        if self.at_least is not None and (self.warn or self.escalate or self.met_by):
            raise ValueError("a minimum is reached, not missed: take out warn, escalate and met_by")
        if self.at_least is None and not self.escalate:
            raise ValueError("who is told when it is missed? add escalate")
        for role, times in self.escalate.items():
            if any(time.side is Side.BEFORE for time in times):
                raise ValueError(f"`{role}` would be told before the due time; write that under warn")
        return self

    @property
    def length(self) -> Length:
        """The length of a turn."""
        length = self.within or self.at_least or self.every
        assert length is not None
        return length

    @property
    def pause_policy(self) -> InPause:
        """What a pause does to a running turn: working days freeze unless told otherwise, all others continue."""
        return pause_policy(self.in_pause, self.length)


def pause_policy(written: InPause | None, length: Length) -> InPause:
    """The pause policy in force, with the usual one where none is written."""
    return written or ("freeze" if length.unit is Unit.WORKING_DAYS else "continue")
