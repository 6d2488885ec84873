"""The value of a case: everything that decides what may happen next, and nothing that names anybody.

Frozen; `pathway_model.advance` answers a new one. Its JSON form is what a workflow carries and what records keep beside
the events. All instants are UTC, cut to whole seconds. Personal answers are only known to have been given.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, TypeAdapter

from pathway_model.language.definition import EndKind
from pathway_model.language.names import CaseId, ContactId

ANSWERED: Final = "answered"
"""What stands for a personal answer: the words are in records only."""

KEPT_ANSWERS: Final = 64
"""How many answers to one repeated question a case value holds; records hold them all."""

KEPT_PAUSES: Final = 16
"""How many pauses a case remembers: what is entered late, or corrected, may be counted from before them."""

_DATED: Final = re.compile(r"\d{4}-\d{2}-\d{2}(T.+)?")


def _read(value: object) -> object:
    """An answer from its JSON form. Choices are names and never look like dates, so the form says what it is."""
    match value:
        case str() if (found := _DATED.fullmatch(value)) is not None:
            return datetime.fromisoformat(value) if found[1] else date.fromisoformat(value)
        case list() | tuple():
            return tuple(str(choice) for choice in value)
        case bool() | int() | float() | datetime() | date() | str():
            return value
        case _:
            raise ValueError("an answer is yes or no, a number, a date, a choice or choices")


Value = Annotated[bool | int | float | datetime | date | str | tuple[str, ...], BeforeValidator(_read)]
"""An answer: yes or no, a number, a date and time, a date, a choice, or several choices."""

TurnState = Literal["running", "reached", "missed"]
HandoverStatus = Literal["requested", "received", "accepted", "declined", "in progress", "completed", "withdrawn"]
ConsentStatus = Literal["asked", "given", "refused", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StrandState:
    """Where one strand stands. `kind` is its name in the definition; only interrupts may be open more than once."""

    kind: str
    step: str
    owner: str
    since: datetime
    open: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer: what, when it happened, in which event it was given."""

    value: Value
    at: datetime
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One running of a clock.

    Attributes:
        clock: Its name in the definition.
        strand: The strand (or interrupt) that it lives in; the main one for phases and throughout.
        number: 1 for the first turn of this clock in the case.
        started: The moment it is counted from.
        due: The instant that is still on time (deadlines), or from which a minimum is reached.
        fired: How many rungs of its ladder have fired.
        wake: When it next does something; none while frozen, or when its ladder is exhausted.
        frozen: When a pause froze it.
        origin: The moment it is counted from, where a pause has moved `started`; with `every`: the start that planned
            dates are counted from, so that months keep their day.
    """

    clock: str
    strand: str
    number: int
    started: datetime
    due: datetime
    state: TurnState = "running"
    fired: int = 0
    wake: datetime | None = None
    frozen: datetime | None = None
    origin: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """When everything was suspended; `ended` is none while it lasts."""

    began: datetime
    ended: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverState:
    """How a handover stands; it begins anew each time that it is requested."""

    status: HandoverStatus
    to: str
    turn: int
    requested: datetime
    settled: datetime | None = None
    with_content: bool = True
    reason: str | None = None
    alternative: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentState:
    """What one agency or contact's consent is, since when."""

    status: ConsentStatus
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something a role must do that no step covers. `about` is the clock turn, handover or notice behind it."""

    role: str
    about: str
    opened: datetime
    rung: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One person on one definition.

    Attributes:
        sequence: Number of the last event; the first is 1.
        now: When the last event was entered, UTC.
        strands: By strand; interrupts by `<name>` or `<name>-<n>`.
        facts: Answers, the latest last; of a question that does not repeat only the latest.
        moments: When the moments that the definition counts from last occurred, by `kind:name`.
        entries: How often each step has been entered.
        turns: How many turns each clock has had.
        clocks: Open turns, by `<clock>#<number>`.
        pauses: The latest pauses, in the order entered; none of a case that has ended.
        signatures: Who has signed which action at this step, and when.
        contacts: Kind of each contact, by opaque id.
        nobody_in: Roles that were found to have nobody in them.
        outcome: How the case ended; none while it is open.
    """

    id: CaseId
    definition: str
    sequence: int
    opened: datetime
    now: datetime
    strands: Mapping[str, StrandState]
    facts: Mapping[str, tuple[Answer, ...]] = field(default_factory=dict)
    moments: Mapping[str, datetime] = field(default_factory=dict)
    entries: Mapping[str, int] = field(default_factory=dict)
    turns: Mapping[str, int] = field(default_factory=dict)
    clocks: Mapping[str, Turn] = field(default_factory=dict)
    pauses: tuple[Pause, ...] = ()
    handovers: Mapping[str, HandoverState] = field(default_factory=dict)
    consents: Mapping[str, Mapping[str, ConsentState]] = field(default_factory=dict)
    contacts: Mapping[ContactId, str] = field(default_factory=dict)
    signatures: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    jobs: Mapping[str, Job] = field(default_factory=dict)
    nobody_in: tuple[str, ...] = ()
    notices_stopped: bool = False
    outcome: EndKind | None = None


CASE: Final = TypeAdapter(Case)
"""Reads and writes the JSON form of a case."""
