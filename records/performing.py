"""Keeps the effects of a step: jobs opened and closed, notices for the outbox, linked cases asked for."""

from collections.abc import Iterable, Sequence
from typing import assert_never

from sqlalchemy.orm import Session

from pathway_model.effects import (
    CloseJob,
    Effect,
    EndCase,
    OpenJob,
    OpenLinkedCase,
    SendNotice,
    WithholdNotice,
)
from pathway_model.events import NoticeNotDelivered
from pathway_model.recording import StepRow
from records.accounts import staffed
from records.notices import mark_not_delivered
from records.tables.cases import CaseLinkRow
from records.tables.drawn import JobRow
from records.tables.notices import NoticeRow


def keep_effects(session: Session, case: str, step: StepRow) -> None:
    """Keep what a step asks the world to do, and what it says came of that."""
    for effect in step.effects:
        _keep(session, case, step, effect)
    if isinstance(step.event, NoticeNotDelivered) and session.get(NoticeRow, (case, step.event.notice)) is not None:
        # The case gave up waiting: the notice must not stand in the outbox as if it would still go.
        mark_not_delivered(session, case, step.event.notice, reason=step.event.reason, now=step.entered)


def roles_without_anybody(session: Session, steps: Sequence[StepRow]) -> tuple[str, ...]:
    """Of the roles that these steps give a job, those with nobody in them, in the order of the jobs."""
    roles = _each_once(effect.role for step in steps for effect in step.effects if isinstance(effect, OpenJob))
    if not roles:
        return ()
    somebody = staffed(session, roles)
    return tuple(role for role in roles if role not in somebody)


def roles_with_somebody_again(session: Session, believed_empty: Sequence[str]) -> tuple[str, ...]:
    """Of the roles that a case believes to be empty, those that have somebody in them."""
    if not believed_empty:
        return ()
    somebody = staffed(session, believed_empty)
    return tuple(role for role in believed_empty if role in somebody)


def _keep(session: Session, case: str, step: StepRow, effect: Effect) -> None:
    match effect:
        case OpenJob():
            _open_job(session, case, effect)
        case CloseJob():
            _close_job(session, case, step, effect)
        case SendNotice():
            session.add(_notice(case, step, effect, effect.channel, effect.consent))
        case WithholdNotice(reason=reason):
            withheld = _notice(case, step, effect, None, None)
            withheld.status, withheld.reason, withheld.settled_at = "withheld", reason, step.entered
            session.add(withheld)
        case OpenLinkedCase():
            link = CaseLinkRow(case_id=case, id=effect.id, interrupt=effect.interrupt, asked_at=step.entered)
            session.add(link)
        case EndCase():
            # The outcome is in the value of the case, from which its status is drawn.
            pass
        case _:
            assert_never(effect)


def _open_job(session: Session, case: str, job: OpenJob) -> None:
    """A job that climbs to another rung of its ladder keeps its id: it changes hands."""
    row = session.get(JobRow, (case, job.id))
    if row is None:
        row = JobRow(case_id=case, id=job.id)
        session.add(row)
    row.role, row.about, row.sentence, row.since = job.role, job.about, job.sentence, job.since
    row.status, row.closed, row.outcome = "open", None, None


def _close_job(session: Session, case: str, step: StepRow, job: CloseJob) -> None:
    row = session.get(JobRow, (case, job.id))
    if row is not None:
        row.status, row.closed, row.outcome = "closed", step.entered, job.outcome


def _notice(
    case: str, step: StepRow, effect: SendNotice | WithholdNotice, channel: str | None, consent: str | None
) -> NoticeRow:
    return NoticeRow(
        case_id=case,
        id=effect.id,
        notice=effect.notice,
        recipient=effect.recipient,
        channel=channel,
        consent=consent,
        status="queued",
        queued_at=step.entered,
    )


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
