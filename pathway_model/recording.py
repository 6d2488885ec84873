"""What a durable case hands to the records, and what it hears back: the inputs of the two activities.

Both sides import them from here (`activities.contracts` re-exports them): workflows may not know the
records, and the records may not know the activities. All instants are UTC, whole seconds.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field, JsonValue, TypeAdapter

from pathway_model.effects import Effect
from pathway_model.events import CaseEvent
from pathway_model.language.names import CaseId

JsonObject = dict[str, JsonValue]

NotDelivered = Literal["consent withdrawn", "no address", "refused", "unreachable"]
"""Why a notice never arrived: the reasons of the event `NoticeNotDelivered`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One accepted event, as it is kept.

    Attributes:
        sequence: The case's number for the event; the first is 1.
        entered: When it was entered.
        changes: RFC 7386 merge patch from the case before to the case after; the whole case in the first row.
        request: The id of the request behind it; none for clocks.
        account: The account behind it; none for clocks.
    """

    sequence: int
    entered: datetime
    event: Annotated[CaseEvent, Field(discriminator="kind")]
    changes: JsonObject
    effects: tuple[Annotated[Effect, Field(discriminator="kind")], ...] = ()
    request: str | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSteps:
    """Steps to record together, in one transaction; recording them again changes nothing.

    Attributes:
        epoch: Number of the durable run; a case that is begun anew from its records has the next one.
        digest: Of the definition that the case runs on.
        interpreter: Version of the code that decided.
        steps: In order, without a gap.
        after: Digest of the case's JSON form after the last of them, which the answer repeats.
    """

    case: CaseId
    epoch: int
    digest: str
    interpreter: int
    steps: tuple[StepRow, ...]
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsRecorded:
    """They are recorded.

    Attributes:
        nobody_in: Roles that were given a job and have nobody in them, in the order of the jobs.
        somebody_in: Roles that the case believes to be empty, and that have somebody in them again.
        after: As in `RecordSteps`. It stands in history, where a replay by other rules is found out by it.
    """

    nobody_in: tuple[str, ...] = ()
    somebody_in: tuple[str, ...] = ()
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverNotice:
    """A notice to deliver: the id of the effect `SendNotice`. Delivering it again changes nothing."""

    case: CaseId
    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDelivered:
    """What came of a notice; `reason` says why it was not delivered."""

    outcome: Literal["delivered", "not delivered"]
    reason: NotDelivered | None = None


RECORD_STEPS_INPUT: Final = TypeAdapter(RecordSteps)
"""Reads and writes the JSON form of the steps to record."""
