"""What a step asks the world to do: a closed union, handled by one exhaustive match in each place that performs it.

Each has an id made from event number and names: performing it twice is performing it once. When the case next wakes is
no effect: it follows from the case (`pathway_model.clocks.next_wake`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter

from pathway_model.language.definition import Channel, EndKind

JobOutcome = Literal["done", "done late", "entered late", "no longer needed"]
WithheldReason = Literal["no consent", "notices stopped", "nobody to send it to"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SendNotice:
    """Send a notice to one recipient: `person` or a contact id. Consent is read once more when it is sent."""

    id: str
    notice: str
    recipient: str
    channel: Channel | None = None
    consent: str | None = None
    kind: Literal["send notice"] = "send notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithholdNotice:
    """Record that a notice did not go to a recipient, and why."""

    id: str
    notice: str
    recipient: str
    reason: WithheldReason
    kind: Literal["withhold notice"] = "withhold notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenJob:
    """Give a role something to do. `about` is what it is about; `sentence` says it."""

    id: str
    role: str
    about: str
    sentence: str
    since: datetime
    kind: Literal["open job"] = "open job"


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseJob:
    """Take a job off a role's list."""

    id: str
    outcome: JobOutcome
    kind: Literal["close job"] = "close job"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLinkedCase:
    """Begin a new case of the same person, linked to this one."""

    id: str
    interrupt: str
    kind: Literal["open linked case"] = "open linked case"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCase:
    """The case has ended."""

    id: str
    outcome: EndKind
    kind: Literal["end case"] = "end case"


Effect = SendNotice | WithholdNotice | OpenJob | CloseJob | OpenLinkedCase | EndCase

EFFECT: Final[TypeAdapter[Effect]] = TypeAdapter(Annotated[Effect, Field(discriminator="kind")])
"""Reads and writes the JSON form of an effect."""
