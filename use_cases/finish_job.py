"""Finish a job: something that a role had to do and that nothing else closes."""

from pathway_model.events import JobDone
from use_cases.access import acting_role
from use_cases.desk import Desk
from use_cases.known import Known
from use_cases.outcomes import Outcome
from use_cases.perform import Asked, Deed, perform


async def finish_job(desk: Desk, asked: Asked, job: str) -> Outcome:
    """Say that a job is done.

    Raises:
        HandrailError: As `perform`.
    """

    def deed(known: Known) -> Deed:
        by = acting_role(desk.viewer, known.pathway, asked.by)
        return Deed(event=JobDone(at=asked.happened or desk.now, by=by, job=job))

    return await perform(desk, asked, deed)
