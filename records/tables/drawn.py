"""What is drawn from the value and effects of a case, so that queries find it: strands, clocks, jobs."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import ID_LENGTH, KEY_LENGTH, NAME_LENGTH, Table


class StrandRow(Table):
    """Where one strand, or one open interrupt, stands."""

    __tablename__ = "strands"
    __table_args__ = (Index(None, "owner", "open"),)

    case_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("cases.id"), primary_key=True)
    strand: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True)
    kind: Mapped[str] = mapped_column(String(NAME_LENGTH))
    step: Mapped[str] = mapped_column(String(NAME_LENGTH))
    owner: Mapped[str] = mapped_column(String(NAME_LENGTH))
    since: Mapped[datetime]
    open: Mapped[bool]


class ClockRow(Table):
    """An open turn of a clock."""

    __tablename__ = "clocks"
    __table_args__ = (Index(None, "state", "due"), Index(None, "wake"))

    case_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("cases.id"), primary_key=True)
    turn: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True)
    clock: Mapped[str] = mapped_column(String(NAME_LENGTH))
    strand: Mapped[str] = mapped_column(String(KEY_LENGTH))
    number: Mapped[int]
    started: Mapped[datetime]
    due: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    fired: Mapped[int]
    wake: Mapped[datetime | None]
    frozen: Mapped[datetime | None]


class HandoverRow(Table):
    """One request of a handover and what came of it; earlier requests stay."""

    __tablename__ = "handovers"
    __table_args__ = (Index(None, "to_role", "status"),)

    case_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("cases.id"), primary_key=True)
    handover: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    turn: Mapped[int] = mapped_column(primary_key=True)
    to_role: Mapped[str] = mapped_column(String(NAME_LENGTH))
    status: Mapped[str] = mapped_column(String(20))
    requested: Mapped[datetime]
    settled: Mapped[datetime | None]
    with_content: Mapped[bool]
    reason: Mapped[str | None]
    alternative: Mapped[str | None]


class ConsentRow(Table):
    """What the person said about one agency or contact, as it stands."""

    __tablename__ = "consents"

    case_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("cases.id"), primary_key=True)
    consent: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    party: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    status: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]


class CaseOwnerRow(Table):
    """A role that owns an open strand: the caseload, in the order of what is due (`NEVER` for nothing)."""

    __tablename__ = "case_owners"
    __table_args__ = (Index(None, "role", "status", "next_due", "case_id"),)

    case_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("cases.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    status: Mapped[str] = mapped_column(String(10))
    next_due: Mapped[datetime]


class CaseAgencyRow(Table):
    """An agency that takes part in a case, and may therefore see it."""

    __tablename__ = "case_agencies"
    __table_args__ = (Index(None, "agency", "case_id"),)

    case_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("cases.id"), primary_key=True)
    agency: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)


class JobRow(Table):
    """Something that a role must do and that no step covers."""

    __tablename__ = "jobs"
    __table_args__ = (Index(None, "role", "status", "since"),)

    case_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("cases.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True)
    role: Mapped[str] = mapped_column(String(NAME_LENGTH))
    about: Mapped[str]
    sentence: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(10))
    closed: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
