"""What a use case answers when it was understood: done, or refused by the pathway with every reason."""

from dataclasses import dataclass

from pathway_model.language.names import CaseId
from pathway_model.outcome import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """It is done and recorded.

    Attributes:
        request: The id under which it acted: sending it again changes nothing.
        sequence: The case's number of the event.
        never: Why it has led nowhere although it stands on record: a reason that is never allowed.
    """

    case: CaseId
    request: str
    sequence: int
    never: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The pathway refuses it; nothing happened. All reasons at once."""

    case: CaseId | None
    request: str
    reasons: tuple[Reason, ...]


Outcome = Done | Refused
