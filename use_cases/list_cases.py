"""The caseload: whom the viewer's agencies look after, what is due first at the top."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from records import cases, definitions
from records.caseload import CaseLine as ListedCase
from records.caseload import Caseload, caseload, count
from records.engine import reading, writing
from records.tables.base import NEVER
from use_cases.access import sight
from use_cases.auditing import note_look
from use_cases.case_view import CaseLine
from use_cases.desk import Desk
from use_cases.given import LOCAL
from use_cases.known import scope_of
from use_cases.plain_words import in_plain_words

__all__ = ["Caseload", "Counts", "count_cases", "list_cases", "position_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many cases a list has, and how many of them are pressing, as of when it was looked at."""

    everything: int
    overdue: int
    due_today: int


def count_cases(desk: Desk, wanted: Caseload) -> Counts:
    """How many cases a list has; today is the day in the United Kingdom.

    Raises:
        NotRecordedError: The records cannot be reached.
    """
    midnight = datetime.combine(desk.now.astimezone(LOCAL).date() + timedelta(days=1), time(), LOCAL)
    with in_plain_words(), reading(desk.records) as session:
        scope = scope_of(desk.viewer)
        overdue = count(session, scope, replace(wanted, due_before=desk.now))
        return Counts(
            everything=count(session, scope, wanted),
            overdue=overdue,
            due_today=count(session, scope, replace(wanted, due_before=midnight)) - overdue,
        )


def list_cases(desk: Desk, wanted: Caseload) -> tuple[CaseLine, ...]:
    """Cases that the viewer may see, by what is due first; with names where who it is is theirs to know.

    Raises:
        NotRecordedError: The records cannot be reached.
    """
    with in_plain_words(), writing(desk.records) as session:
        lines = tuple(_lines(session, desk, wanted))
        note_look(session, desk, "list_cases")
    return lines


def position_of(line: CaseLine) -> tuple[datetime, str]:
    """Where a line stands in its list: what the next page begins after (`Caseload.after`)."""
    return line.next_due or NEVER, line.case


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
