"""The audit of each look and change at the door."""

from sqlalchemy.orm import Session

from records import audit
from records.audit import About
from use_cases.desk import Desk


def note_look(session: Session, desk: Desk, what: str, *, case: str | None = None, person: str | None = None) -> None:
    """Note a look, in the transaction in which it is taken."""
    about = About(case=case, person=person)
    audit.note_look(session, what, account=desk.viewer.account, now=desk.now, about=about)


def note_change(
    session: Session,
    desk: Desk,
    what: str,
    *,
    case: str | None = None,
    subject: str | None = None,
    request: str | None = None,
) -> None:
    """Note a change before it is asked for: the event on record says whether it came about."""
    about = About(case=case, subject=subject)
    audit.note_change(session, what, account=desk.viewer.account, now=desk.now, about=about, request=request)
