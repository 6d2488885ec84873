"""Cases: added before their durable run begins, read within a viewer's scope, handed to a new run.

Where a case stands changes only by its events (`records.case_events`); lists are in `records.caseload`.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pathway_model.case import Case
from pathway_model.changes import case_from
from pathway_model.language.names import CaseId, Digest
from records.errors import NotOnRecordError
from records.scope import Scope, visible
from records.tables.base import NEVER
from records.tables.cases import CaseLinkRow, CaseRow, CaseStatus
from records.tables.definitions import DefinitionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord:
    """A case on record.

    Attributes:
        sequence: Number of the last event; 0 while the case is starting.
        case: Its value after that event; none while it is starting.
        blocked: Why the durable case cannot go on, if it cannot.
    """

    id: CaseId
    person: str
    pathway: str
    version: int
    digest: Digest
    linked_from: CaseId | None
    added_at: datetime
    epoch: int
    sequence: int
    status: CaseStatus
    case: Case | None
    blocked: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedCase:
    """A case that an interrupt asked to be opened for the same person."""

    case: CaseId
    id: str
    interrupt: str
    asked_at: datetime


def add(
    session: Session,
    case: CaseId,
    *,
    person: str,
    digest: str,
    now: datetime,
    linked_from: CaseId | None = None,
) -> None:
    """Put a case on record as starting, before its run begins; adding it again changes nothing.

    Raises:
        NotOnRecordError: The definition was not published.
    """
    if session.get(CaseRow, case) is not None:
        return
    definition = session.get(DefinitionRow, digest)
    if definition is None:
        raise NotOnRecordError("definition", digest)
    row = CaseRow(
        id=case,
        person_id=person,
        pathway=definition.name,
        version=definition.version,
        digest=digest,
        linked_from=linked_from,
        added_at=now,
        epoch=1,
        sequence=0,
        value={},
        status="starting",
        steps=[],
        owner_roles=[],
        agencies=[],
        next_due=NEVER,
        paused=False,
    )
    session.add(row)
    session.flush()


def find(session: Session, scope: Scope, case: str) -> CaseRecord:
    """One case.

    Raises:
        NotOnRecordError: There is none, or it is out of scope.
    """
    row = session.scalar(select(CaseRow).where(CaseRow.id == case, visible(scope)))
    if row is None:
        raise NotOnRecordError("case", case)
    return _record(row)


def of_person(session: Session, scope: Scope, person: str) -> tuple[CaseRecord, ...]:
    """A person's cases that are in scope, the newest first."""
    query = select(CaseRow).where(CaseRow.person_id == person, visible(scope))
    rows = session.scalars(query.order_by(CaseRow.added_at.desc(), CaseRow.id))
    return tuple(_record(row) for row in rows)


def left_starting(session: Session, before: datetime) -> tuple[CaseRecord, ...]:
    """Cases added before then whose run has recorded nothing yet: to be started again."""
    query = select(CaseRow).where(CaseRow.status == "starting", CaseRow.added_at < before)
    return tuple(_record(row) for row in session.scalars(query.order_by(CaseRow.added_at, CaseRow.id)))


def set_blocked(session: Session, case: str, cause: str | None) -> None:
    """Say why the durable case cannot go on, or that it can again.

    Raises:
        NotOnRecordError: There is no such case.
    """
    _locked(session, case).blocked = cause
    session.flush()


def begin_epoch(session: Session, case: str) -> int:
    """Hand a case to a new durable run: from now on the run before cannot record. Answers the new run's number.

    Raises:
        NotOnRecordError: There is no such case.
    """
    row = _locked(session, case)
    row.epoch += 1
    session.flush()
    return row.epoch


def linked_cases_to_open(session: Session) -> tuple[LinkedCase, ...]:
    """Linked cases that were asked for and not opened yet, the oldest first."""
    query = select(CaseLinkRow).where(CaseLinkRow.opened_case.is_(None))
    return tuple(
        LinkedCase(case=CaseId(row.case_id), id=row.id, interrupt=row.interrupt, asked_at=row.asked_at)
        for row in session.scalars(query.order_by(CaseLinkRow.asked_at, CaseLinkRow.id))
    )


def note_linked_case(session: Session, link: LinkedCase, opened: CaseId) -> None:
    """Say which case was opened for a link."""
    session.get_one(CaseLinkRow, (link.case, link.id)).opened_case = opened


def _locked(session: Session, case: str) -> CaseRow:
    row = session.get(CaseRow, case, with_for_update=True)
    if row is None:
        raise NotOnRecordError("case", case)
    return row


def _record(row: CaseRow) -> CaseRecord:
    return CaseRecord(
        id=CaseId(row.id),
        person=row.person_id,
        pathway=row.pathway,
        version=row.version,
        digest=Digest(row.digest),
        linked_from=None if row.linked_from is None else CaseId(row.linked_from),
        added_at=row.added_at,
        epoch=row.epoch,
        sequence=row.sequence,
        status=row.status,
        case=case_from(row.value) if row.value else None,
        blocked=row.blocked,
    )
