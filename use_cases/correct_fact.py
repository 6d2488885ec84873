"""Correct an answer given earlier: the later true value; both stay on record, and no step is undone."""

from pathway_model.events import FactCorrected
from use_cases.access import acting_role, check_holds
from use_cases.desk import Desk
from use_cases.given import read_answers
from use_cases.known import Known
from use_cases.outcomes import Outcome
from use_cases.perform import Asked, Deed, perform


async def correct_fact(desk: Desk, asked: Asked, fact: str, value: str, *, answer: int = -1) -> Outcome:
    """Correct an answer.

    Args:
        desk: Who acts.
        asked: Which case, in which role, when.
        fact: The question.
        value: The true answer, as people write it.
        answer: Of a question that was asked more than once: which answer, counted from 0, or back from -1.

    Raises:
        HandrailError: As `perform`; NotAllowedError also for an agency that does not hold the case.
    """

    def deed(known: Known) -> Deed:
        check_holds(desk.viewer, known.pathway, known.sight)
        given = read_answers(known.pathway.definition.facts, {fact: value})
        event = FactCorrected(
            at=asked.happened or desk.now,
            by=acting_role(desk.viewer, known.pathway, asked.by),
            fact=fact,
            value=given.answers[fact],
            answer=answer,
        )
        return Deed(event=event, words=given.words)

    return await perform(desk, asked, deed)
