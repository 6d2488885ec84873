"""What all acts on a case have in common: look it up, check access, stage what is personal, act, audit.

No transaction is open while the durable case is asked. Repeating a request repeats its answer.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from pathway_model.events import PersonEvent
from pathway_model.language.names import CaseId
from pathway_model.outcome import Refusal
from records.engine import reading, writing
from records.staging import discard, stage
from use_cases.auditing import note_change
from use_cases.desk import Desk
from use_cases.errors import MovedOnError, RequestReusedError
from use_cases.known import Known, acted_before, know, with_names
from use_cases.outcomes import Done, Outcome, Refused
from use_cases.plain_words import in_plain_words
from use_cases.staffing import tell_of_staff
from workflows.messages import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What every act says.

    Attributes:
        case: Which case.
        by: The role in which the viewer acts; may be left out by somebody with only one.
        happened: When it happened; left out: now.
        request: Chosen by the caller so that sending it again acts once; left out: a new one.
        seen: How many events the case had when it was looked at: if it has moved on, nothing is done; left out: do it.
    """

    case: CaseId
    by: str | None = None
    happened: datetime | None = None
    request: str | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """The event that an act amounts to, and the personal words that only the records keep, by fact."""

    event: PersonEvent
    words: Mapping[str, str] = field(default_factory=dict)


def new_request() -> str:
    """A request id that nobody has used."""
    return uuid.uuid4().hex


async def perform(desk: Desk, asked: Asked, deed_of: Callable[[Known], Deed]) -> Outcome:
    """Do something to a case.

    Args:
        desk: Who asks, and where everything is.
        asked: Which case, in which role, when, under which request id.
        deed_of: Makes the event, knowing the case; it may raise InputError.

    Raises:
        NotFoundError: There is no such case for this viewer.
        NotAllowedError: The viewer does not hold the role.
        InputError: What was given cannot be understood.
        ConflictError: The case has ended.
        MovedOnError: The case has moved on since it was seen.
        AwayError: Temporal, its workers or the records do not answer; send the same request again.
    """
    request = asked.request or new_request()
    with in_plain_words(), reading(desk.records) as session:
        known = know(session, desk.viewer, asked.case)
    deed = deed_of(known)
    before = repeated(desk, asked.case, request, deed.event)
    if before is not None:
        if deed.words:
            # The event says only that something was answered: the words are compared where they are kept.
            with in_plain_words(), writing(desk.records) as session:
                stage(session, asked.case, request, dict(deed.words), now=desk.now)
        return before
    if asked.seen is not None and asked.seen != known.case.sequence:
        raise MovedOnError("The case has moved on since you opened this page.", "Look at what has changed.")
    with in_plain_words(), writing(desk.records) as session:
        if deed.words:
            stage(session, asked.case, request, dict(deed.words), now=desk.now)
        note_change(session, desk, deed.event.kind, case=asked.case, request=request)
    await tell_of_staff(desk, known)
    outcome = await _act(desk, known, request, deed)
    if isinstance(outcome, Refused) and deed.words:
        with in_plain_words(), writing(desk.records) as session:
            discard(session, asked.case, request)
    return outcome


def repeated(desk: Desk, case: CaseId, request: str, event: PersonEvent) -> Done | None:
    """What this request was answered when it acted; None if it has not.

    Raises:
        RequestReusedError: It acted with something else in it.
    """
    with in_plain_words(), reading(desk.records) as session:
        acted = acted_before(session, case, request)
    if acted is None:
        return None
    # Sent again without a date, it happens "now" once more: that is the same request.
    if replace(acted.event, at=event.at) != event:
        raise RequestReusedError(
            "This request id has been used for something else.", "Choose another one, or leave it out."
        )
    return Done(case=case, request=request, sequence=acted.sequence)


async def _act(desk: Desk, known: Known, request: str, deed: Deed) -> Outcome:
    case = known.case.id
    sent = Request(id=request, event=deed.event, account=desk.viewer.account)
    try:
        answer = await desk.cases.take(case, sent)
    except RequestReusedError:
        # The first sending was still under way when this one looked.
        before = repeated(desk, case, request, deed.event)
        if before is None:
            raise
        return before
    if isinstance(answer, Refusal):
        return Refused(case=case, request=request, reasons=with_names(answer.reasons, known.names))
    return Done(case=case, request=request, sequence=answer.sequence)
