"""Cases: where each stands, the events that took it there, and the tables drawn from its value for queries.

The events are the truth; `value`, the projection and the drawn tables follow from them, in one transaction.
"""

from datetime import datetime
from typing import Literal

from pydantic import JsonValue
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pathway_model.recording import JsonObject
from records.tables.base import HASH_LENGTH, ID_LENGTH, KEY_LENGTH, NAME_LENGTH, Table

CaseStatus = Literal["starting", "open", "ended"]


class CaseRow(Table):
    """One person on one definition.

    Attributes:
        epoch: The durable run that may add events.
        sequence: Number of the last event; 0 while starting.
        head: Hash of the last event.
        value: The JSON form of the case (`pathway_model.case.Case`); empty while starting.
        next_due: `NEVER` for nothing.
        blocked: Why the durable case cannot go on, if it cannot.
        linked_from: The earlier case of the same person that this one follows.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("status IN ('starting', 'open', 'ended')", name="status"),
        Index(None, "status", "next_due", "id"),
        Index(None, "pathway", "status", "phase"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("people.id"), index=True)
    pathway: Mapped[str] = mapped_column(String(NAME_LENGTH))
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(HASH_LENGTH), ForeignKey("definitions.digest"), index=True)
    linked_from: Mapped[str | None] = mapped_column(String(ID_LENGTH), ForeignKey("cases.id"))
    added_at: Mapped[datetime]
    epoch: Mapped[int]
    sequence: Mapped[int]
    head: Mapped[str | None] = mapped_column(String(HASH_LENGTH))
    value: Mapped[JsonObject]
    status: Mapped[CaseStatus] = mapped_column(String(10))
    phase: Mapped[str | None] = mapped_column(String(NAME_LENGTH))
    steps: Mapped[list[str]]
    owner_roles: Mapped[list[str]]
    agencies: Mapped[list[str]]
    next_due: Mapped[datetime]
    waiting_since: Mapped[datetime | None]
    paused: Mapped[bool]
    outcome: Mapped[str | None] = mapped_column(String(20))
    blocked: Mapped[str | None]


class CaseEventRow(Table):
    """One accepted event; rows are only ever added.

    Attributes:
        changes: Merge patch from the case before to the case after.
        answers: Salted digest of each personal answer given in it; the words are in facts.
        row_digest: Of everything that the case asked to be recorded.
        previous: Hash of the row before; none in the first.
        hash: Of `previous`, `row_digest` and `answers`.
    """

    __tablename__ = "case_events"
    __table_args__ = (UniqueConstraint("case_id", "request_id"),)

    case_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("cases.id"), primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    entered: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(NAME_LENGTH))
    # No foreign key: evidence stands whatever becomes of an account.
    account_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), index=True)
    request_id: Mapped[str | None]
    digest: Mapped[str] = mapped_column(String(HASH_LENGTH))
    interpreter: Mapped[int]
    event: Mapped[JsonObject]
    changes: Mapped[JsonObject]
    effects: Mapped[list[JsonValue]]
    answers: Mapped[dict[str, str]]
    row_digest: Mapped[str] = mapped_column(String(HASH_LENGTH))
    previous: Mapped[str | None] = mapped_column(String(HASH_LENGTH))
    hash: Mapped[str] = mapped_column(String(HASH_LENGTH))


class FactRow(Table):
    """One answer, and the words of a personal one. A correction is a row of its own."""

    __tablename__ = "facts"
    __table_args__ = (Index(None, "case_id", "fact", "at"),)

    case_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("cases.id"), primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    fact: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    at: Mapped[datetime]
    value: Mapped[JsonValue] = mapped_column(nullable=False)
    personal: Mapped[bool]
    salt: Mapped[str | None] = mapped_column(String(HASH_LENGTH))
    correction: Mapped[bool]


class StagedAnswerRow(Table):
    """A personal answer that waits for its step to be recorded."""

    __tablename__ = "staged_answers"

    case_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("cases.id"), primary_key=True)
    request_id: Mapped[str] = mapped_column(primary_key=True)
    fact: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    value: Mapped[JsonValue] = mapped_column(nullable=False)
    salt: Mapped[str] = mapped_column(String(HASH_LENGTH))
    digest: Mapped[str] = mapped_column(String(HASH_LENGTH))
    staged_at: Mapped[datetime] = mapped_column(index=True)


class CaseLinkRow(Table):
    """A case that an interrupt asked to be opened for the same person, and the one that was."""

    __tablename__ = "case_links"

    case_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("cases.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True)
    interrupt: Mapped[str] = mapped_column(String(NAME_LENGTH))
    asked_at: Mapped[datetime]
    opened_case: Mapped[str | None] = mapped_column(String(ID_LENGTH), ForeignKey("cases.id"))
