"""Jobs: what a role must do and no step covers, listed for the roles of a viewer, the oldest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pathway_model.language.names import CaseId
from records.scope import Scope, visible
from records.tables.cases import CaseRow
from records.tables.drawn import JobRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedJob:
    """A job on a list.

    Attributes:
        since: When it was given.
        closed: When it was taken off the list, with its outcome; none while it is open.
    """

    case: CaseId
    id: str
    role: str
    about: str
    sentence: str
    since: datetime
    closed: datetime | None
    outcome: str | None


def open_jobs(session: Session, scope: Scope, *, limit: int = 50) -> tuple[ListedJob, ...]:
    """Open jobs of the viewer's roles, in cases in scope; with the system's scope those of every role."""
    query = select(JobRow).join(CaseRow, CaseRow.id == JobRow.case_id)
    query = query.where(JobRow.status == "open", visible(scope))
    if not scope.everything:
        query = query.where(JobRow.role.in_(sorted(scope.roles)))
    query = query.order_by(JobRow.since, JobRow.case_id, JobRow.id).limit(limit)
    return tuple(_listed(row) for row in session.scalars(query))


def of_case(session: Session, scope: Scope, case: str) -> tuple[ListedJob, ...]:
    """All jobs of a case in scope, open and closed, the oldest first."""
    query = select(JobRow).join(CaseRow, CaseRow.id == JobRow.case_id)
    query = query.where(JobRow.case_id == case, visible(scope)).order_by(JobRow.since, JobRow.id)
    return tuple(_listed(row) for row in session.scalars(query))


def _listed(row: JobRow) -> ListedJob:
    return ListedJob(
        case=CaseId(row.case_id),
        id=row.id,
        role=row.role,
        about=row.about,
        sentence=row.sentence,
        since=row.since,
        closed=row.closed,
        outcome=row.outcome,
    )
