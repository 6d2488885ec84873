"""What can happen to a case. Every event says when it happened (`at`); when it was entered is the `now` of `advance`.

`by` is the role, the contact kind (a referrer) or `person` who did it; the account behind it is in records.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter

from pathway_model.case import ConsentStatus, Value
from pathway_model.language.names import ContactId


@dataclass(frozen=True, slots=True, kw_only=True)
class Referred:
    """Somebody referred the person: the case begins."""

    at: datetime
    by: str
    answers: Mapping[str, Value] = field(default_factory=dict)
    contacts: Mapping[ContactId, str] = field(default_factory=dict)
    kind: Literal["referred"] = "referred"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionTaken:
    """A role took an action (or put its signature to one), in the strand where it is open."""

    at: datetime
    by: str
    action: str
    answers: Mapping[str, Value] = field(default_factory=dict)
    strand: str | None = None
    kind: Literal["action taken"] = "action taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverAnswered:
    """The receiver received, accepted, declined, began or completed a handover; or the sender withdrew it.

    Attributes:
        reason, alternative: With declining: a reason of the definition, and an agency of it that could carry on.
    """

    at: datetime
    by: str
    handover: str
    answer: Literal["receive", "accept", "decline", "begin", "complete", "withdraw"]
    reason: str | None = None
    alternative: str | None = None
    kind: Literal["handover answered"] = "handover answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRecorded:
    """The person was asked for, gave, refused or withdrew consent about one agency or contact."""

    at: datetime
    by: str
    consent: str
    party: str
    status: ConsentStatus
    kind: Literal["consent recorded"] = "consent recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAdded:
    """Somebody outside was added to the case; who they are is in records."""

    at: datetime
    by: str
    contact: ContactId
    contact_kind: str
    kind: Literal["contact added"] = "contact added"


@dataclass(frozen=True, slots=True, kw_only=True)
class InterruptRaised:
    """Risk, death, a pause, a move, a re-referral: accepted in every step."""

    at: datetime
    by: str
    interrupt: str
    answers: Mapping[str, Value] = field(default_factory=dict)
    kind: Literal["interrupt raised"] = "interrupt raised"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactCorrected:
    """A later true value for an answer given earlier; both stay on record."""

    at: datetime
    by: str
    fact: str
    value: Value
    answer: int = -1
    kind: Literal["fact corrected"] = "fact corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockCameDue:
    """A clock reached a rung, its minimum or its due time; `at` is the instant that was due, not the timer's."""

    at: datetime
    turn: str
    by: Literal["clock"] = "clock"
    kind: Literal["clock came due"] = "clock came due"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffingChanged:
    """Records found a role with nobody in it, or with somebody again."""

    at: datetime
    role: str
    somebody: bool
    by: Literal["records"] = "records"
    kind: Literal["staffing changed"] = "staffing changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeNotDelivered:
    """A notice was withheld when it was about to be sent, or failed for good: it becomes the owner's job."""

    at: datetime
    notice: str
    reason: Literal["consent withdrawn", "no address", "refused", "unreachable"]
    by: Literal["records"] = "records"
    kind: Literal["notice not delivered"] = "notice not delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDone:
    """A role finished a job that nothing else closes."""

    at: datetime
    by: str
    job: str
    kind: Literal["job done"] = "job done"


PersonEvent = (
    Referred
    | ActionTaken
    | HandoverAnswered
    | ConsentRecorded
    | ContactAdded
    | InterruptRaised
    | FactCorrected
    | JobDone
)
"""What people do."""

CaseEvent = PersonEvent | ClockCameDue | StaffingChanged | NoticeNotDelivered
"""Everything that can happen."""

EVENT: Final[TypeAdapter[CaseEvent]] = TypeAdapter(Annotated[CaseEvent, Field(discriminator="kind")])
"""Reads and writes the JSON form of an event."""
