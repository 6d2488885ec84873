"""Raise an interrupt: what is accepted in every step, such as risk, a pause, a move, a death."""

from collections.abc import Mapping

from pathway_model.events import InterruptRaised
from use_cases.access import acting_role
from use_cases.desk import Desk
from use_cases.errors import NotFoundError
from use_cases.given import did_you_mean, read_answers
from use_cases.known import Known
from use_cases.outcomes import Outcome
from use_cases.perform import Asked, Deed, perform


async def raise_interrupt(desk: Desk, asked: Asked, interrupt: str, answers: Mapping[str, str]) -> Outcome:
    """Raise an interrupt, with the answers that it asks for as people write them.

    Raises:
        HandrailError: As `perform`; NotFoundError also when the definition has no such interrupt.
    """

    def deed(known: Known) -> Deed:
        if interrupt not in known.pathway.interrupts:
            raise NotFoundError(
                f"{known.pathway.definition.title} has no interrupt `{interrupt}`"
                f"{did_you_mean(interrupt, known.pathway.interrupts)}"
            )
        given = read_answers(known.pathway.definition.facts, answers)
        event = InterruptRaised(
            at=asked.happened or desk.now,
            by=acting_role(desk.viewer, known.pathway, asked.by),
            interrupt=interrupt,
            answers=given.answers,
        )
        return Deed(event=event, words=given.words)

    return await perform(desk, asked, deed)
