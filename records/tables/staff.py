"""Accounts, the roles they have, and the audit of what they looked at and changed."""

from datetime import datetime
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import ID_LENGTH, NAME_LENGTH, Counter, Table


class AccountRow(Table):
    """Somebody who signs in. Accounts are closed, never deleted."""

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    sign_in: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    added_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class MembershipRow(Table):
    """A role that an account has in an agency; it ends, and is never deleted."""

    __tablename__ = "memberships"
    __table_args__ = (Index(None, "role", "ended_at"),)

    account_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("accounts.id"), primary_key=True)
    agency: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    role: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class AuditRow(Table):
    """Who looked at or changed what, and when: names of things and ids, never words about a person."""

    __tablename__ = "audit"
    __table_args__ = (
        CheckConstraint("kind IN ('look', 'change')", name="kind"),
        Index(None, "case_id", "at"),
        Index(None, "account_id", "at"),
    )

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    at: Mapped[datetime]
    account_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    kind: Mapped[Literal["look", "change"]] = mapped_column(String(10))
    what: Mapped[str] = mapped_column(String(NAME_LENGTH))
    case_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    person_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), index=True)
    subject: Mapped[str | None]
    request_id: Mapped[str | None]
