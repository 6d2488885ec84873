"""Lists of cases within a viewer's scope, by what is due first. Overdue is computed when read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from pathway_model.language.names import CaseId
from records.scope import Scope, visible
from records.tables.base import NEVER
from records.tables.cases import CaseRow, CaseStatus
from records.tables.drawn import CaseOwnerRow
from records.tables.people import PersonRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """One case in a list."""

    id: CaseId
    person: str
    name: str
    pathway: str
    version: int
    status: CaseStatus
    phase: str | None
    steps: tuple[str, ...]
    owner_roles: tuple[str, ...]
    agencies: tuple[str, ...]
    next_due: datetime | None
    waiting_since: datetime | None
    paused: bool
    outcome: str | None
    blocked: str | None

    def is_overdue(self, now: datetime) -> bool:
        """Whether something was due before now; the due instant itself is on time."""
        return self.next_due is not None and self.next_due < now


@dataclass(frozen=True, slots=True, kw_only=True)
class Caseload:
    """Which cases to list.

    Attributes:
        owner: Only those in which this role owns an open step.
        owners: Only those in which one of these does.
        due_before: Only those with something due before then.
        after: Where the list goes on: the `position` of the last line seen.
    """

    owner: str | None = None
    owners: tuple[str, ...] = ()
    pathway: str | None = None
    phase: str | None = None
    status: CaseStatus | None = "open"
    paused: bool | None = None
    blocked: bool | None = None
    due_before: datetime | None = None
    after: tuple[datetime, str] | None = None
    limit: int = 50


def caseload(session: Session, scope: Scope, wanted: Caseload) -> tuple[CaseLine, ...]:
    """Cases by what is due first, those with nothing due at the end."""
    query = select(CaseRow, PersonRow.name).join(PersonRow, PersonRow.id == CaseRow.person_id)
    ordered = CaseRow.__table__.c.next_due, CaseRow.__table__.c.id
    if wanted.owner is not None:
        # Each of the two tables has an index in this order.
        query = query.join(CaseOwnerRow, CaseOwnerRow.case_id == CaseRow.id)
        ordered = CaseOwnerRow.__table__.c.next_due, CaseOwnerRow.__table__.c.case_id
    query = query.where(*_conditions(scope, wanted))
    if wanted.after is not None:
        query = query.where(tuple_(*ordered) > tuple_(*wanted.after))
    query = query.order_by(*ordered).limit(wanted.limit)
    return tuple(_line(row, name) for row, name in session.execute(query))


def position(line: CaseLine) -> tuple[datetime, str]:
    """Where a line stands in its list: what the next page begins after."""
    return line.next_due or NEVER, line.id


def count(session: Session, scope: Scope, wanted: Caseload) -> int:
    """How many cases a list has, pages aside."""
    query = select(func.count(CaseRow.id))
    if wanted.owner is not None:
        query = query.join(CaseOwnerRow, CaseOwnerRow.case_id == CaseRow.id)
    return session.scalar(query.where(*_conditions(scope, wanted))) or 0


def _conditions(scope: Scope, wanted: Caseload) -> list[ColumnElement[bool]]:
    conditions = [visible(scope)]
    if wanted.owner is not None:
        conditions.append(CaseOwnerRow.role == wanted.owner)
    if wanted.owners:
        owned = select(CaseOwnerRow.case_id).where(
            CaseOwnerRow.case_id == CaseRow.id, CaseOwnerRow.role.in_(wanted.owners)
        )
        conditions.append(owned.exists())
    if wanted.status is not None:
        status = CaseRow.status if wanted.owner is None else CaseOwnerRow.status
        conditions.append(status == wanted.status)
    if wanted.pathway is not None:
        conditions.append(CaseRow.pathway == wanted.pathway)
    if wanted.phase is not None:
        conditions.append(CaseRow.phase == wanted.phase)
    if wanted.paused is not None:
        conditions.append(CaseRow.paused == wanted.paused)
    if wanted.blocked is not None:
        conditions.append(CaseRow.blocked.is_not(None) if wanted.blocked else CaseRow.blocked.is_(None))
    if wanted.due_before is not None:
        conditions.append(CaseRow.next_due < wanted.due_before)
    return conditions


def _line(row: CaseRow, name: str) -> CaseLine:
    return CaseLine(
        id=CaseId(row.id),
        person=row.person_id,
        name=name,
        pathway=row.pathway,
        version=row.version,
        status=row.status,
        phase=row.phase,
        steps=tuple(row.steps),
        owner_roles=tuple(row.owner_roles),
        agencies=tuple(row.agencies),
        next_due=None if row.next_due == NEVER else row.next_due,
        waiting_since=row.waiting_since,
        paused=row.paused,
        outcome=row.outcome,
        blocked=row.blocked,
    )
