"""The outbox: a queued notice is judged once more when it is about to be sent, and what came of it is kept.

A notice is delivered at least once under a stable message id, and recorded as delivered once.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from pathway_model.language.definition import Channel
from pathway_model.language.names import PERSON, CaseId
from pathway_model.notice_text import SUBJECT, facts_in, filled_text
from pathway_model.recording import NotDelivered
from records import contacts, definitions, facts, people
from records.errors import NotOnRecordError
from records.people import Way
from records.scope import Scope, visible
from records.tables.cases import CaseRow
from records.tables.drawn import ConsentRow
from records.tables.notices import DeliveryRow, NoticeRow, NoticeStatus

HeldBack = NotDelivered | Literal["notices stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SendNow:
    """A notice to send: consent is in force, and here is where to and what.

    Attributes:
        message_id: The same for every attempt, and says nothing about the case; a mail adds its own domain.
    """

    case: CaseId
    notice: str
    message_id: str
    recipient: str
    channel: Channel
    address: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyDelivered:
    """It was delivered before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """It is not to be sent. `notices stopped` (after a death) is for the records only, and nobody's job."""

    reason: HeldBack


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedNotice:
    """A notice of a case, and what came of it."""

    case: CaseId
    id: str
    notice: str
    recipient: str
    status: NoticeStatus
    reason: str | None
    queued_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A delivered notice as it went out."""

    channel: str | None
    address: str | None
    body: str | None


def claim_for_sending(
    session: Session, case: str, notice: str, *, now: datetime
) -> SendNow | AlreadyDelivered | Withheld:
    """Judge a queued notice now, in one transaction: consent, address and words as they are at this moment.

    What must not be sent is recorded as such. Claiming again changes nothing.

    Raises:
        NotOnRecordError: There is no such notice.
    """
    row = _locked(session, case, notice)
    match row.status:
        case "delivered":
            return AlreadyDelivered()
        case "withheld" | "not delivered":
            return Withheld(reason=_reason_of(row))
        case "queued":
            pass
    held_back = _held_back(session, row)
    if held_back is not None:
        return _hold_back(session, row, held_back, now)
    way = _way(session, row)
    if way is None:
        return _hold_back(session, row, "no address", now)
    return SendNow(
        case=CaseId(row.case_id),
        notice=row.id,
        message_id=_message_id(row),
        recipient=row.recipient,
        channel=way.channel,
        address=way.address,
        subject=SUBJECT,
        body=_body(session, row),
    )


def mark_delivered(session: Session, sent: SendNow, *, now: datetime) -> None:
    """Record that a notice was delivered, with what was sent where; marking it again changes nothing."""
    row = _locked(session, sent.case, sent.notice)
    if row.status == "delivered":
        return
    row.status, row.reason, row.settled_at = "delivered", None, now
    session.add(
        DeliveryRow(
            case_id=sent.case,
            notice_id=sent.notice,
            at=now,
            outcome="delivered",
            channel=sent.channel,
            address=sent.address,
            subject=sent.subject,
            body=sent.body,
        )
    )
    session.flush()


def mark_not_delivered(session: Session, case: str, notice: str, *, reason: NotDelivered, now: datetime) -> None:
    """Record that a notice can never be delivered; one that is settled already stays as it is.

    Raises:
        NotOnRecordError: There is no such notice.
    """
    row = _locked(session, case, notice)
    if row.status == "queued":
        _hold_back(session, row, reason, now)


def of_case(session: Session, scope: Scope, case: str) -> tuple[ListedNotice, ...]:
    """The notices of a case in scope, in the order of queueing."""
    query = select(NoticeRow).join(CaseRow, CaseRow.id == NoticeRow.case_id)
    query = query.where(NoticeRow.case_id == case, visible(scope))
    return tuple(_listed(row) for row in session.scalars(query.order_by(NoticeRow.queued_at, NoticeRow.id)))


def sent_of_case(session: Session, scope: Scope, case: str) -> dict[str, Sent]:
    """What was sent for each delivered notice of a case in scope, by the notice's id."""
    query = select(DeliveryRow).join(CaseRow, CaseRow.id == DeliveryRow.case_id)
    query = query.where(DeliveryRow.case_id == case, DeliveryRow.outcome == "delivered", visible(scope))
    return {
        row.notice_id: Sent(channel=row.channel, address=row.address, body=row.body)
        for row in session.scalars(query.order_by(DeliveryRow.id))
    }


def still_queued(session: Session, before: datetime) -> tuple[ListedNotice, ...]:
    """Notices queued before then that nothing has come of yet, the oldest first."""
    query = select(NoticeRow).where(NoticeRow.status == "queued", NoticeRow.queued_at < before)
    return tuple(_listed(row) for row in session.scalars(query.order_by(NoticeRow.queued_at, NoticeRow.id)))


def _locked(session: Session, case: str, notice: str) -> NoticeRow:
    query = select(NoticeRow).where(NoticeRow.case_id == case, NoticeRow.id == notice).with_for_update()
    row = session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise NotOnRecordError("notice", notice)
    return row


def _held_back(session: Session, row: NoticeRow) -> HeldBack | None:
    # If a step is being recorded at this moment, perhaps a withdrawal, this waits for it.
    case = select(CaseRow).where(CaseRow.id == row.case_id).with_for_update(read=True)
    if session.scalars(case.execution_options(populate_existing=True)).one().value.get("notices_stopped"):
        return "notices stopped"
    if row.consent is None:
        return None
    query = select(ConsentRow.status).where(
        ConsentRow.case_id == row.case_id,
        ConsentRow.consent == row.consent,
        ConsentRow.party == row.recipient,
    )
    return None if session.scalar(query) == "given" else "consent withdrawn"


def _hold_back(session: Session, row: NoticeRow, reason: HeldBack, now: datetime) -> Withheld:
    withheld = reason in {"consent withdrawn", "notices stopped"}
    row.status, row.reason, row.settled_at = "withheld" if withheld else "not delivered", reason, now
    outcome = DeliveryRow(case_id=row.case_id, notice_id=row.id, at=now, outcome=row.status)
    session.add(outcome)
    session.flush()
    return Withheld(reason=reason)


def _reason_of(row: NoticeRow) -> HeldBack:
    match row.reason:
        case "consent withdrawn" | "no address" | "refused" | "unreachable" | "notices stopped":
            return row.reason
        case "no consent":
            return "consent withdrawn"
        case _:
            return "no address"


def _way(session: Session, row: NoticeRow) -> Way | None:
    """Where to: the channel that the notice asks for, else the way that the recipient chose."""
    if row.channel == "inbox":
        return Way(channel="inbox", address=row.recipient)
    if row.recipient == PERSON:
        ways = people.ways_of(session, session.get_one(CaseRow, row.case_id).person_id)
    else:
        ways = contacts.ways_of(session, row.recipient)
    fitting = (way for way in ways if row.channel is None or way.channel == row.channel)
    return next(fitting, None)


def _body(session: Session, row: NoticeRow) -> str:
    case = session.get_one(CaseRow, row.case_id)
    definition = definitions.pathway(session, case.digest).definition
    if not facts_in(definition, row.notice):
        return filled_text(definition, row.notice, {})
    answers = facts.latest(session, row.case_id)
    return filled_text(definition, row.notice, {name: answer.value for name, answer in answers.items()})


def _message_id(row: NoticeRow) -> str:
    return hashlib.sha256(f"{row.case_id}/{row.id}".encode()).hexdigest()[:40]


def _listed(row: NoticeRow) -> ListedNotice:
    return ListedNotice(
        case=CaseId(row.case_id),
        id=row.id,
        notice=row.notice,
        recipient=row.recipient,
        status=row.status,
        reason=row.reason,
        queued_at=row.queued_at,
        settled_at=row.settled_at,
    )
