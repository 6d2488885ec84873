"""Notices: the outbox, what came of each, and the inbox inside the application."""

from datetime import datetime
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import ID_LENGTH, KEY_LENGTH, NAME_LENGTH, Counter, Table

NoticeStatus = Literal["queued", "withheld", "delivered", "not delivered"]


class NoticeRow(Table):
    """One notice to one recipient (`person` or a contact), queued in the transaction of its step."""

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint("status IN ('queued', 'withheld', 'delivered', 'not delivered')", name="status"),
        Index(None, "status", "queued_at"),
    )

    case_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("cases.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True)
    notice: Mapped[str] = mapped_column(String(NAME_LENGTH))
    recipient: Mapped[str] = mapped_column(String(ID_LENGTH))
    channel: Mapped[str | None] = mapped_column(String(20))
    consent: Mapped[str | None] = mapped_column(String(NAME_LENGTH))
    status: Mapped[NoticeStatus] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(40))
    queued_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class DeliveryRow(Table):
    """What was sent, where to, and when: it stays on record whatever is corrected later."""

    __tablename__ = "deliveries"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "notice_id"], ["notices.case_id", "notices.id"]),
        Index(None, "case_id", "notice_id"),
    )

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    case_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    notice_id: Mapped[str] = mapped_column(String(KEY_LENGTH))
    at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str | None] = mapped_column(String(20))
    address: Mapped[str | None] = mapped_column(String(1000))
    subject: Mapped[str | None] = mapped_column(Text)
    body: Mapped[str | None] = mapped_column(Text)


class InboxMessageRow(Table):
    """A message in the inbox of the application; its id makes putting it there twice the same as once."""

    __tablename__ = "inbox_messages"
    __table_args__ = (Index(None, "case_id", "recipient"),)

    message_id: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("cases.id"))
    recipient: Mapped[str] = mapped_column(String(ID_LENGTH))
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    put_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
