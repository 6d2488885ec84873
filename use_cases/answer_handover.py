"""Answer a handover: receive, accept or decline it, begin or complete it; or withdraw it as its sender."""

from dataclasses import replace
from typing import Final, Literal, get_args

from pathway_model.events import HandoverAnswered
from records.engine import reading
from use_cases.access import acting_role
from use_cases.desk import Desk
from use_cases.errors import InputError, NotFoundError
from use_cases.given import did_you_mean
from use_cases.known import Known, pathway_of
from use_cases.outcomes import Done, Outcome
from use_cases.perform import Asked, Deed, perform
from use_cases.plain_words import in_plain_words

HandoverAnswer = Literal["receive", "accept", "decline", "begin", "complete", "withdraw"]
HANDOVER_ANSWERS: Final[tuple[HandoverAnswer, ...]] = get_args(HandoverAnswer)

CONSEQUENCE: Final = "it is on record, the handover still waits for an answer, and somebody will look into it."


async def answer_handover(
    desk: Desk,
    asked: Asked,
    handover: str,
    answer: HandoverAnswer,
    *,
    reason: str | None = None,
    alternative: str | None = None,
) -> Outcome:
    """Answer a handover. Declining needs a reason that the pathway allows, and a service as alternative.

    Raises:
        HandrailError: As `perform`; NotFoundError also when the definition has no such handover.
    """
    if reason is not None and answer != "decline":
        raise InputError("A reason belongs to declining.")

    def deed(known: Known) -> Deed:
        if handover not in known.pathway.handovers:
            raise NotFoundError(
                f"{known.pathway.definition.title} has no handover `{handover}`"
                f"{did_you_mean(handover, known.pathway.handovers)}"
            )
        agencies = known.pathway.definition.agencies
        if alternative is not None and alternative not in agencies:
            title = known.pathway.definition.title
            raise InputError(
                f"`{alternative}` is no service of {title}{did_you_mean(alternative, agencies)}",
                f"Name one of {', '.join(agencies)}.",
            )
        event = HandoverAnswered(
            at=asked.happened or desk.now,
            by=acting_role(desk.viewer, known.pathway, asked.by),
            handover=handover,
            answer=answer,
            reason=reason,
            alternative=alternative,
        )
        return Deed(event=event)

    outcome = await perform(desk, asked, deed)
    if isinstance(outcome, Done) and reason is not None and reason in _never(desk, asked, handover):
        return replace(outcome, never=f"“{reason.replace('_', ' ')}” is never a reason to decline: {CONSEQUENCE}")
    return outcome


def _never(desk: Desk, asked: Asked, handover: str) -> tuple[str, ...]:
    with in_plain_words(), reading(desk.records) as session:
        never = pathway_of(session, asked.case).handovers[handover].never_for
    return never.reasons if never is not None else ()
