"""Take an action of the pathway, or put a signature to one."""

from collections.abc import Mapping

from pathway_model.events import ActionTaken
from use_cases.access import acting_role
from use_cases.desk import Desk
from use_cases.errors import NotFoundError
from use_cases.given import did_you_mean, read_answers
from use_cases.known import Known
from use_cases.outcomes import Outcome
from use_cases.perform import Asked, Deed, perform


async def take_action(
    desk: Desk, asked: Asked, action: str, answers: Mapping[str, str], *, strand: str | None = None
) -> Outcome:
    """Take an action; of one with several signatures, sign it: it takes effect with the last.

    Args:
        desk: Who acts.
        asked: Which case, in which role, when.
        action: Its name in the definition.
        answers: As people write them, by fact.
        strand: Where it is open in more than one strand: which is meant.

    Raises:
        HandrailError: As `perform`; NotFoundError also when the definition has no such action.
    """

    def deed(known: Known) -> Deed:
        if action not in known.pathway.actions:
            raise NotFoundError(
                f"{known.pathway.definition.title} has no action `{action}`"
                f"{did_you_mean(action, known.pathway.actions)}"
            )
        given = read_answers(known.pathway.definition.facts, answers)
        event = ActionTaken(
            at=asked.happened or desk.now,
            by=acting_role(desk.viewer, known.pathway, asked.by),
            action=action,
            answers=given.answers,
            strand=strand,
        )
        return Deed(event=event, words=given.words)

    return await perform(desk, asked, deed)
