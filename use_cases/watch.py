"""Whether anything has changed since somebody looked: what a page asks again and again, so it leaves no audit."""

import hashlib

from pathway_model.language.names import CaseId
from records.caseload import Caseload, caseload
from records.engine import reading
from use_cases.desk import Desk
from use_cases.known import know, scope_of
from use_cases.plain_words import in_plain_words


def events_of(desk: Desk, case: CaseId) -> int:
    """How many events a case has.

    Raises:
        NotFoundError: There is no such case for this viewer.
        NotRecordedError: The records cannot be reached.
    """
    with in_plain_words(), reading(desk.records) as session:
        return know(session, desk.viewer, case).case.sequence


def state_of_list(desk: Desk, wanted: Caseload) -> str:
    """A short text that differs when the list does.

    Raises:
        NotRecordedError: The records cannot be reached.
    """
    with in_plain_words(), reading(desk.records) as session:
        lines = caseload(session, scope_of(desk.viewer), wanted)
    return hashlib.sha256(repr(lines).encode()).hexdigest()[:16]
