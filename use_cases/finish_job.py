"""Finish a job: something that a role had to do and that nothing else closes."""

from pathway_model.events import JobDone
from use_cases.access import acting_role
from use_cases.desk import Desk
from use_cases.errors import InputError
from use_cases.known import Known
from use_cases.outcomes import Outcome
from use_cases.perform import Asked, Deed, perform


async def finish_job(desk: Desk, asked: Asked, job: str) -> Outcome:
    """Say that a job is done.

    Args:
        desk: Who acts.
        asked: Which case, in which role, when.
        job: Its id; or the number that this begins with, where only one open job has it.

    Raises:
        HandrailError: As `perform`; InputError also when more than one job is meant.
    """

    def deed(known: Known) -> Deed:
        by = acting_role(desk.viewer, known.pathway, asked.by)
        return Deed(event=JobDone(at=asked.happened or desk.now, by=by, job=_meant(known, job)))

    return await perform(desk, asked, deed)


def _meant(known: Known, job: str) -> str:
    mine = [name for name in known.case.jobs if name == job or name.startswith(f"{job}-")]
    if len(mine) > 1:
        raise InputError(f"More than one open job begins with {job}.", f"Say which: {', '.join(mine)}.")
    return mine[0] if mine else job
