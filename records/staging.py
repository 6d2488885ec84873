"""Personal answers on their way in: staged by the use case, promoted in the transaction of their step.

The durable case never sees the words. What was staged for a step that never came to be is found and swept.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import JsonValue
from sqlalchemy import delete, distinct, func, select
from sqlalchemy.orm import Session

from records.chain import digest_of_answer
from records.errors import StagedAnswerDiffersError
from records.tables.cases import CaseEventRow, FactRow, StagedAnswerRow

SALT_BYTES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedRequest:
    """A request whose answers wait, or were left behind."""

    case: str
    request: str
    staged_at: datetime
    answers: int


def stage(
    session: Session, case: str, request: str, answers: Mapping[str, JsonValue], *, now: datetime
) -> dict[str, str]:
    """Keep personal answers for the step that the request will make; answer their salted digests by fact.

    Staging the same words again, also after the step was recorded, changes nothing.

    Raises:
        StagedAnswerDiffersError: The request came with other words before.
    """
    recorded = _recorded(session, case, request)
    if recorded is not None:
        _compare(request, recorded, answers)
        return {fact: digest_of_answer(salt, value) for fact, (salt, value) in recorded.items()}
    waiting = {row.fact: row for row in staged(session, case, request)}
    _compare(request, {fact: (row.salt, row.value) for fact, row in waiting.items()}, answers)
    for fact in answers.keys() - waiting.keys():
        salt, value = secrets.token_hex(SALT_BYTES), answers[fact]
        digest = digest_of_answer(salt, value)
        row = StagedAnswerRow(
            case_id=case,
            request_id=request,
            fact=fact,
            value=value,
            salt=salt,
            digest=digest,
            staged_at=now,
        )
        session.add(row)
        waiting[fact] = row
    session.flush()
    return {fact: row.digest for fact, row in waiting.items()}


def staged(session: Session, case: str, request: str) -> tuple[StagedAnswerRow, ...]:
    """The answers that wait for the step of a request."""
    query = select(StagedAnswerRow).where(StagedAnswerRow.case_id == case, StagedAnswerRow.request_id == request)
    return tuple(session.scalars(query))


def discard(session: Session, case: str, request: str) -> None:
    """Forget the answers of a request that was refused."""
    session.execute(
        delete(StagedAnswerRow).where(StagedAnswerRow.case_id == case, StagedAnswerRow.request_id == request)
    )


def left_behind(session: Session, before: datetime) -> tuple[StagedRequest, ...]:
    """Requests whose answers were staged before then and never promoted, the oldest first."""
    query = (
        select(
            StagedAnswerRow.case_id,
            StagedAnswerRow.request_id,
            func.min(StagedAnswerRow.staged_at),
            func.count(distinct(StagedAnswerRow.fact)),
        )
        .where(StagedAnswerRow.staged_at < before)
        .group_by(StagedAnswerRow.case_id, StagedAnswerRow.request_id)
        .order_by(func.min(StagedAnswerRow.staged_at), StagedAnswerRow.case_id, StagedAnswerRow.request_id)
    )
    return tuple(
        StagedRequest(case=case, request=request, staged_at=at, answers=count)
        for case, request, at, count in session.execute(query)
    )


def _recorded(session: Session, case: str, request: str) -> dict[str, tuple[str, JsonValue]] | None:
    """Salt and words by fact, of a request that has acted; none if it has not."""
    step = session.execute(
        select(CaseEventRow.epoch, CaseEventRow.sequence).where(
            CaseEventRow.case_id == case, CaseEventRow.request_id == request
        )
    ).one_or_none()
    if step is None:
        return None
    query = select(FactRow.fact, FactRow.salt, FactRow.value).where(
        FactRow.case_id == case,
        FactRow.epoch == step.epoch,
        FactRow.sequence == step.sequence,
        FactRow.personal,
    )
    return {fact: (salt or "", value) for fact, salt, value in session.execute(query)}


def _compare(request: str, known: Mapping[str, tuple[str, JsonValue]], answers: Mapping[str, JsonValue]) -> None:
    for fact in answers.keys() & known.keys():
        if known[fact][1] != answers[fact]:
            raise StagedAnswerDiffersError(request, fact)
