"""What goes into a case and comes back, one value per message. Fields are only added, with a usual value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final

from pydantic import Field, JsonValue, TypeAdapter

from pathway_model.events import CaseEvent, PersonEvent, StaffingChanged
from pathway_model.language.names import CaseId
from pathway_model.outcome import Reason

JsonObject = dict[str, JsonValue]

CONTINUE_AFTER: Final = 400
"""Events of history after which a case continues in a new run; docs/adr/0034 has the measurements."""


SentEvent = PersonEvent | StaffingChanged
"""What is sent to a case: what people do, and that a role has somebody in it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person does to a case.

    Attributes:
        id: Chosen by the caller. The same id acts once, however often it is sent.
        account: Who did it; what they are called is in records.
        case: Which case it is for, so that an encrypted request which somebody copied is of no use to another.
    """

    id: str
    event: Annotated[SentEvent, Field(discriminator="kind")]
    account: str | None = None
    case: CaseId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """It is done and recorded, as the case's event of this number."""

    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A request that has acted.

    Attributes:
        digest: Of its event, to tell a repetition from another request under the same id.
    """

    sequence: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything that a case takes along into its next run.

    Attributes:
        case: Its JSON form; none before the referral is recorded.
        answered: The latest requests that acted, oldest first.
        undelivered: Notices whose delivery has not been heard of.
        findings: What records have found and the case has not yet taken: staffing, notices not delivered.
        shown: Search attributes as they stand.
        parked: Whether it waits for a nudge, because its clocks cannot be recorded.
    """

    case: JsonObject | None = None
    answered: Mapping[str, Answered] = field(default_factory=dict)
    undelivered: tuple[str, ...] = ()
    findings: tuple[Annotated[CaseEvent, Field(discriminator="kind")], ...] = ()
    shown: JsonObject = field(default_factory=dict)
    parked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStart:
    """What a case begins with: its id and its own rules.

    Attributes:
        definition: Canonical document of the definition that it runs on; "the latest" is never looked up.
        epoch: 1, or one more for each time that the case was begun anew from its records.
        shift: Seconds to add to the clock; for scenarios with dates only.
        continue_after: Events of history after which the case continues in a new run.
        snapshot: What the run before left, or what records say.
    """

    case: CaseId
    definition: str
    epoch: int = 1
    shift: int = 0
    continue_after: int = CONTINUE_AFTER
    snapshot: Snapshot = Snapshot()


REASONS: Final = TypeAdapter(tuple[Reason, ...])
"""Reads and writes the JSON form of the reasons of a refusal."""

SENT_EVENT: Final[TypeAdapter[SentEvent]] = TypeAdapter(Annotated[SentEvent, Field(discriminator="kind")])
"""Reads and writes the JSON form of what is sent to a case."""
