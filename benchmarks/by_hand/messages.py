"""What goes into the hand-written case and its activities, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something somebody did. `what` is the action, `consent`, or `handover` and what was answered."""

    id: str
    what: str
    by: str
    at: datetime
    account: str
    answers: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What the case begins with. `lazy`: leave a timer that is put off, instead of arming it anew."""

    case: str
    shift: int = 0
    lazy: bool = True
    attributes: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice to somebody; with a consent, only while it is given."""

    id: str
    notice: str
    recipient: str
    consent: str | None = None


@dataclass(slots=True, kw_only=True)
class Icon:
    """Where a case stands."""

    sequence: int = 0
    step: str = "new"
    owner: str = ""
    outcome: str | None = None
    contacts: dict[str, str] = field(default_factory=dict)
    signed: list[str] = field(default_factory=list)
    consents: dict[str, dict[str, str]] = field(default_factory=dict)
    answers: dict[str, JsonValue] = field(default_factory=dict)
    strands: dict[str, str] = field(default_factory=dict)
    strand_owners: dict[str, str] = field(default_factory=dict)
    handovers: dict[str, str] = field(default_factory=dict)
    due: dict[str, datetime] = field(default_factory=dict)
    not_before: dict[str, datetime] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One step to record."""

    case: str
    entered: datetime
    deed: Deed
    icon: Icon
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver:
    """A notice to deliver."""

    case: str
    notice: str
