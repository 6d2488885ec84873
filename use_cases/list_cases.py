"""The caseload: whom the viewer's agencies look after, what is due first at the top."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from records import cases, definitions
from records.caseload import CaseLine as ListedCase
from records.caseload import Caseload, caseload
from records.engine import writing
from use_cases.access import sight
from use_cases.auditing import note_look
from use_cases.case_view import CaseLine
from use_cases.desk import Desk
from use_cases.known import scope_of
from use_cases.plain_words import in_plain_words

__all__ = ["Caseload", "list_cases"]


def list_cases(desk: Desk, wanted: Caseload) -> tuple[CaseLine, ...]:
    """Cases that the viewer may see, by what is due first; with names where who it is is theirs to know.

    Raises:
        NotRecordedError: The records cannot be reached.
    """
    with in_plain_words(), writing(desk.records) as session:
        lines = tuple(_lines(session, desk, wanted))
        note_look(session, desk, "list_cases")
    return lines


def _lines(session: Session, desk: Desk, wanted: Caseload) -> Iterator[CaseLine]:
    scope = scope_of(desk.viewer)
    for listed in caseload(session, scope, wanted):
        record = cases.find(session, scope, listed.id)
        pathway = definitions.pathway(session, record.digest)
        seen = sight(desk.viewer, pathway, record.case) if record.case else None
        if seen is not None:
            yield _line(listed, desk, listed.name if seen.identity else None)


def _line(listed: ListedCase, desk: Desk, name: str | None) -> CaseLine:
    return CaseLine(
        case=listed.id,
        person=name,
        pathway=listed.pathway,
        version=listed.version,
        phase=listed.phase,
        steps=listed.steps,
        owners=listed.owner_roles,
        next_due=listed.next_due,
        overdue=listed.is_overdue(desk.now),
        paused=listed.paused,
        status=listed.status,
        outcome=listed.outcome,
    )
