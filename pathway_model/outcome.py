"""What `advance` answers: a step taken, with its effects; or a refusal, with every reason at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter

from pathway_model.case import Case
from pathway_model.effects import Effect
from pathway_model.events import CaseEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that stands in the way.

    Attributes:
        code: Stable, for programs: `needs`, `not_here`, `not_yours`, `missing_answer`, `wrong_answer`, `not_asked`,
            `paused`, `strand_unfinished`, `nobody_in_role`, `ended`, `in_the_future`, `before_entry`, `no_such_name`,
            `clocks_first`, `handover_pending`, `interrupt_open`, `already_signed`.
        name: The fact, clock, consent, strand, role or action that it is about.
        sentence: What a caseworker reads.
        evidence: What was seen instead, if anything.
        who: Roles that can resolve it.
        earliest: The first instant at which time alone resolves it (UTC).
    """

    code: str
    name: str
    sentence: str
    evidence: str | None = None
    who: tuple[str, ...] = ()
    earliest: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Nothing happened, and why: all reasons together."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One event taken: the case after it and what is to be done about it.

    Attributes:
        entered: When it was entered: the `now` of `advance`.
    """

    event: CaseEvent
    entered: datetime
    case: Case
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The clocks that came due first, each a step of its own, then the event's own step or its refusal."""

    steps: tuple[Step, ...]
    refusal: Refusal | None = None


REASON: Final = TypeAdapter(Reason)
