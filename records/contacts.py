"""Others in a case: referrers, GPs, family. The case knows their opaque ids and kinds; who they are is here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pathway_model.language.names import CaseId, ContactId
from records.errors import ContactDiffersError
from records.people import Way
from records.scope import Scope, visible
from records.tables.cases import CaseRow
from records.tables.people import ContactRow, ContactWayRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody in a case. Of the ways to reach them, the first is the one they chose."""

    id: ContactId
    case: CaseId
    kind: str
    name: str
    ways: tuple[Way, ...] = ()


def add(session: Session, contact: Contact, *, now: datetime) -> None:
    """Put a contact on record, before the case hears of their id; adding the same again changes nothing.

    Raises:
        ContactDiffersError: Somebody else has this id.
    """
    row = session.get(ContactRow, contact.id)
    if row is not None:
        if _contact(session, row) != contact:
            raise ContactDiffersError(contact.id)
        return
    session.add(ContactRow(id=contact.id, case_id=contact.case, kind=contact.kind, name=contact.name, added_at=now))
    session.flush()
    set_ways(session, contact.id, contact.ways)


def of_case(session: Session, scope: Scope, case: str) -> tuple[Contact, ...]:
    """The contacts of a case in scope, in the order in which they were added; none if it is out of scope."""
    query = select(ContactRow).join(CaseRow, CaseRow.id == ContactRow.case_id)
    query = query.where(ContactRow.case_id == case, visible(scope))
    rows = session.scalars(query.order_by(ContactRow.added_at, ContactRow.id)).all()
    return tuple(_contact(session, row) for row in rows)


def set_ways(session: Session, contact: str, ways: Sequence[Way]) -> None:
    """Replace the ways to reach a contact; the first is the one they chose."""
    session.execute(delete(ContactWayRow).where(ContactWayRow.contact_id == contact))
    session.add_all(
        ContactWayRow(contact_id=contact, position=position, channel=way.channel, address=way.address)
        for position, way in enumerate(ways)
    )
    session.flush()


def ways_of(session: Session, contact: str) -> tuple[Way, ...]:
    """The ways to reach a contact, in the order of their choice."""
    query = select(ContactWayRow).where(ContactWayRow.contact_id == contact).order_by(ContactWayRow.position)
    return tuple(Way(channel=row.channel, address=row.address) for row in session.scalars(query))


def _contact(session: Session, row: ContactRow) -> Contact:
    return Contact(
        id=ContactId(row.id),
        case=CaseId(row.case_id),
        kind=row.kind,
        name=row.name,
        ways=ways_of(session, row.id),
    )
