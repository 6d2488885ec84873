"""The audit: who looked at or changed what, and when. Names of things and ids only; rows are only ever added."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.scope import Scope, visible
from records.tables.cases import CaseRow
from records.tables.staff import AuditRow

AuditKind = Literal["look", "change"]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a look or a change was about; `subject` is anything else, by name or id: an action, an account."""

    case: str | None = None
    person: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """One look or change.

    Attributes:
        account: Who; none for what the system did by itself.
        what: The use case, such as `see_case`.
    """

    at: datetime
    account: str | None
    kind: AuditKind
    what: str
    about: About
    request: str | None = None


def note_look(session: Session, what: str, *, account: str | None, now: datetime, about: About) -> None:
    """Note that somebody looked at something, in the transaction in which they see it."""
    _note(session, Audited(at=now, account=account, kind="look", what=what, about=about))


def note_change(
    session: Session,
    what: str,
    *,
    account: str | None,
    now: datetime,
    about: About,
    request: str | None = None,
) -> None:
    """Note that somebody changed something, or asked the durable case to."""
    _note(session, Audited(at=now, account=account, kind="change", what=what, about=about, request=request))


def of_case(session: Session, scope: Scope, case: str, *, limit: int = 200) -> tuple[Audited, ...]:
    """Who looked at a case in scope or changed it, the latest first."""
    query = select(AuditRow).join(CaseRow, CaseRow.id == AuditRow.case_id)
    query = query.where(AuditRow.case_id == case, visible(scope))
    rows = session.scalars(query.order_by(AuditRow.at.desc(), AuditRow.id.desc()).limit(limit))
    return tuple(_audited(row) for row in rows)


def of_account(session: Session, account: str, *, limit: int = 200) -> tuple[Audited, ...]:
    """What an account looked at and changed, the latest first."""
    query = select(AuditRow).where(AuditRow.account_id == account)
    rows = session.scalars(query.order_by(AuditRow.at.desc(), AuditRow.id.desc()).limit(limit))
    return tuple(_audited(row) for row in rows)


def _note(session: Session, audited: Audited) -> None:
    session.add(
        AuditRow(
            at=audited.at,
            account_id=audited.account,
            kind=audited.kind,
            what=audited.what,
            case_id=audited.about.case,
            person_id=audited.about.person,
            subject=audited.about.subject,
            request_id=audited.request,
        )
    )
    session.flush()


def _audited(row: AuditRow) -> Audited:
    return Audited(
        at=row.at,
        account=row.account_id,
        kind=row.kind,
        what=row.what,
        about=About(case=row.case_id, person=row.person_id, subject=row.subject),
        request=row.request_id,
    )
