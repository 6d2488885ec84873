"""Tells a case of roles that it believes to be empty and that have somebody in them again.

A case hears of an empty role when it gives the role a job, and would go on refusing what needs somebody there. Whoever
acts on it next brings the news along.
"""

from pathway_model.events import StaffingChanged
from records.accounts import staffed
from records.engine import reading
from use_cases.desk import Desk
from use_cases.known import Known
from use_cases.plain_words import in_plain_words
from workflows.messages import Request


async def tell_of_staff(desk: Desk, known: Known) -> None:
    """Tell a case which of its empty roles are staffed again; nothing is sent where there is no news.

    Raises:
        AwayError: Temporal, its workers or the records do not answer.
    """
    if not known.case.nobody_in or known.case.outcome is not None:
        return
    with in_plain_words(), reading(desk.records) as session:
        staffed_again = staffed(session, known.case.nobody_in)
    for role in sorted(staffed_again):
        event = StaffingChanged(at=desk.now, role=role, somebody=True)
        # The same news of the same state is one request, however many people bring it.
        await desk.cases.take(known.case.id, Request(id=f"staffed-{role}-{known.case.sequence}", event=event))
