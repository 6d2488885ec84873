"""The inbox inside the application: messages for the person or a contact, put there once, read when they are read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pathway_model.language.names import CaseId
from records.notices import SendNow, mark_delivered
from records.scope import Scope, visible
from records.tables.cases import CaseRow
from records.tables.notices import InboxMessageRow


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxMessage:
    """A message; `recipient` is `person` or a contact of the case."""

    id: str
    case: CaseId
    recipient: str
    subject: str
    body: str
    put_at: datetime
    read_at: datetime | None


def deliver_to_inbox(session: Session, sent: SendNow, *, now: datetime) -> None:
    """Put a notice into the inbox and record it as delivered, together; doing it again changes nothing."""
    if session.get(InboxMessageRow, sent.message_id) is None:
        row = InboxMessageRow(
            message_id=sent.message_id,
            case_id=sent.case,
            recipient=sent.recipient,
            subject=sent.subject,
            body=sent.body,
            put_at=now,
        )
        session.add(row)
        session.flush()
    mark_delivered(session, sent, now=now)


def messages(session: Session, scope: Scope, case: str, recipient: str) -> tuple[InboxMessage, ...]:
    """The messages to one recipient in a case in scope, the latest first."""
    query = select(InboxMessageRow).join(CaseRow, CaseRow.id == InboxMessageRow.case_id)
    query = query.where(InboxMessageRow.case_id == case, InboxMessageRow.recipient == recipient, visible(scope))
    rows = session.scalars(query.order_by(InboxMessageRow.put_at.desc(), InboxMessageRow.message_id))
    return tuple(_message(row) for row in rows)


def mark_read(session: Session, message: str, *, now: datetime) -> None:
    """Note when a message was first read."""
    row = session.get(InboxMessageRow, message)
    if row is not None and row.read_at is None:
        row.read_at = now
        session.flush()


def _message(row: InboxMessageRow) -> InboxMessage:
    return InboxMessage(
        id=row.message_id,
        case=CaseId(row.case_id),
        recipient=row.recipient,
        subject=row.subject,
        body=row.body,
        put_at=row.put_at,
        read_at=row.read_at,
    )
