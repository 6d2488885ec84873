"""The events of a case: recorded once, in order, chained by hashes, and folded without deciding again.

`append` is what the record activity calls: everything that follows from a step is written in its transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pathway_model.case import Case
from pathway_model.changes import case_from, fold
from pathway_model.pathway import Pathway
from pathway_model.recording import JsonObject, RecordSteps, StepRow, StepsRecorded
from pathway_model.summary import summarise
from records import definitions
from records.chain import (
    digest_of_row,
    digest_of_step,
    effects_json,
    event_json,
    hash_of,
    instant_json,
    instant_of,
)
from records.drawing import Standing, draw
from records.errors import (
    BadStepError,
    ConflictingStepError,
    MissingStepError,
    NotOnRecordError,
    WrongRunError,
)
from records.facts import answer_digests, answers_in, plain_answers, record_answers
from records.performing import keep_effects, roles_with_somebody_again, roles_without_anybody
from records.tables.base import NEVER
from records.tables.cases import CaseEventRow, CaseRow


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenLink:
    """Where the records of a case were changed afterwards, and what does not fit."""

    epoch: int
    sequence: int
    what: str


def append(session: Session, recording: RecordSteps) -> StepsRecorded:
    """Record steps: events, the case after them, and all that follows. Recording them again changes nothing.

    Raises:
        NotOnRecordError: There is no such case.
        WrongRunError: Another durable run has the case, or it runs on another definition.
        MissingStepError: The step before these was never recorded.
        ConflictingStepError: Another step stands at the place of one of them, or its request has acted.
        BadStepError: One of them contradicts itself, the case or the definition.
        StagedAnswerMissingError: The words of a personal answer were never staged.
    """
    row = _locked(session, recording)
    added = [step for step in recording.steps if not _is_recorded(session, row, recording, step)]
    if added:
        pathway = definitions.pathway(session, row.digest)
        before = _standing(pathway, case_from(row.value)) if row.value else None
        for step in added:
            _add(session, row, pathway, recording, step)
        _settle(session, row, before, _standing(pathway, _case(row)))
    return StepsRecorded(
        nobody_in=roles_without_anybody(session, recording.steps),
        somebody_in=roles_with_somebody_again(session, _case(row).nobody_in),
    )


def rows_of(session: Session, case: str) -> Sequence[CaseEventRow]:
    """Every row, in the order of recording."""
    query = select(CaseEventRow).where(CaseEventRow.case_id == case)
    return session.scalars(query.order_by(CaseEventRow.epoch, CaseEventRow.sequence)).all()


def folded(session: Session, case: str) -> JsonObject:
    """The JSON form of a case, folded from its patches alone."""
    value: JsonObject = {}
    for row in rows_of(session, case):
        value = fold(value, row.changes)
    return value


def rebuild(session: Session, case: str) -> Case:
    """The case, folded from its patches alone; nothing is decided again.

    Raises:
        NotOnRecordError: It has no events.
    """
    value = folded(session, case)
    if not value:
        raise NotOnRecordError("case", case)
    return case_from(value)


def verify_chain(session: Session, case: str) -> BrokenLink | None:
    """The first place at which the records of a case were changed afterwards; none if all is as written.

    Covers the events, the answers with the words of personal ones, and the value of the case. Whoever can rewrite every
    later row as well leaves no trace here: compare `CaseRow.head` with a copy kept elsewhere.

    Raises:
        NotOnRecordError: There is no such case.
    """
    if session.get(CaseRow, case) is None:
        raise NotOnRecordError("case", case)
    previous: CaseEventRow | None = None
    value: JsonObject = {}
    for row in rows_of(session, case):
        what = _misfit(session, previous, row)
        if what is not None:
            return BrokenLink(epoch=row.epoch, sequence=row.sequence, what=what)
        value, previous = fold(value, row.changes), row
    return _loose_end(session, case, previous, value)


def _misfit(session: Session, previous: CaseEventRow | None, row: CaseEventRow) -> str | None:
    """What does not fit about a row, given the one before."""
    if row.sequence != (1 if previous is None else previous.sequence + 1):
        return "the row before is missing"
    if row.previous != (None if previous is None else previous.hash):
        return "it does not follow the row before"
    if row.row_digest != _digest_of(row):
        return "its content"
    if (row.kind, row.by, row.at) != (row.event["kind"], row.event["by"], instant_of(row.event["at"])):
        return "what happened, who did it, or when"
    if row.hash != hash_of(row.previous, row.row_digest, row.answers):
        return "its hash"
    if row.answers != answer_digests(session, case=row.case_id, epoch=row.epoch, sequence=row.sequence):
        return "the words of a personal answer"
    plain = {fact: value for fact, value in answers_in(row.event).items() if fact not in row.answers}
    if plain != plain_answers(session, case=row.case_id, epoch=row.epoch, sequence=row.sequence):
        return "an answer"
    return None


def _loose_end(session: Session, case: str, last: CaseEventRow | None, value: JsonObject) -> BrokenLink | None:
    """What does not fit between the last event and where the case is said to stand."""
    row = session.get_one(CaseRow, case)
    head = (0, None) if last is None else (last.sequence, last.hash)
    epoch = row.epoch if last is None else last.epoch
    if (row.sequence, row.head) != head:
        return BrokenLink(epoch=epoch, sequence=row.sequence, what="the last rows are missing")
    if row.value != value:
        return BrokenLink(epoch=epoch, sequence=row.sequence, what="the value of the case")
    return None


def _digest_of(row: CaseEventRow) -> str:
    return digest_of_row(
        {
            "case": row.case_id,
            "epoch": row.epoch,
            "digest": row.digest,
            "interpreter": row.interpreter,
            "sequence": row.sequence,
            "entered": instant_json(row.entered),
            "event": row.event,
            "changes": row.changes,
            "effects": row.effects,
            "request": row.request_id,
            "account": row.account_id,
        }
    )


def _locked(session: Session, recording: RecordSteps) -> CaseRow:
    """The row of the case, which nobody else can change until this transaction ends."""
    query = select(CaseRow).where(CaseRow.id == recording.case).with_for_update()
    row = session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise NotOnRecordError("case", recording.case)
    first = recording.steps[0].sequence if recording.steps else 0
    if row.epoch != recording.epoch:
        raise WrongRunError(row.id, first, f"run {row.epoch} has the case, not run {recording.epoch}")
    if row.digest != recording.digest:
        raise WrongRunError(row.id, first, f"the case runs on definition {row.digest}")
    return row


def _is_recorded(session: Session, row: CaseRow, recording: RecordSteps, step: StepRow) -> bool:
    if step.sequence > row.sequence:
        return False
    known = session.get(CaseEventRow, (row.id, recording.epoch, step.sequence))
    if known is None or known.row_digest != digest_of_step(recording, step):
        raise ConflictingStepError(row.id, step.sequence, "another step stands at its place")
    return True


def _add(session: Session, row: CaseRow, pathway: Pathway, recording: RecordSteps, step: StepRow) -> None:
    if step.sequence != row.sequence + 1:
        raise MissingStepError(row.id, step.sequence, f"the last step on record is {row.sequence}")
    _refuse_second_act(session, row, step)
    answers = record_answers(session, pathway, recording, step)
    digest = digest_of_step(recording, step)
    chained = hash_of(row.head, digest, answers)
    session.add(
        CaseEventRow(
            case_id=row.id,
            epoch=recording.epoch,
            sequence=step.sequence,
            kind=step.event.kind,
            at=step.event.at,
            entered=step.entered,
            by=step.event.by,
            account_id=step.account,
            request_id=step.request,
            digest=recording.digest,
            interpreter=recording.interpreter,
            event=event_json(step),
            changes=step.changes,
            effects=effects_json(step),
            answers=answers,
            row_digest=digest,
            previous=row.head,
            hash=chained,
        )
    )
    row.value, row.sequence, row.head = fold(row.value, step.changes), step.sequence, chained
    if (row.value.get("id"), row.value.get("sequence")) != (row.id, step.sequence):
        raise BadStepError(row.id, step.sequence, "its changes lead to another case or another step")
    keep_effects(session, row.id, step)


def _refuse_second_act(session: Session, row: CaseRow, step: StepRow) -> None:
    """A request acts once, whatever the durable case remembers."""
    if step.request is None:
        return
    query = select(CaseEventRow.sequence).where(CaseEventRow.case_id == row.id, CaseEventRow.request_id == step.request)
    acted = session.scalar(query)
    if acted is not None:
        raise ConflictingStepError(row.id, step.sequence, f"its request has made step {acted} already")


def _case(row: CaseRow) -> Case:
    try:
        return case_from(row.value)
    except ValueError as error:
        raise BadStepError(row.id, row.sequence, "what its changes lead to is no case") from error


def _standing(pathway: Pathway, case: Case) -> Standing:
    return Standing(case=case, summary=summarise(pathway, case), status="open" if case.outcome is None else "ended")


def _settle(session: Session, row: CaseRow, before: Standing | None, after: Standing) -> None:
    """Write where the case stands now: its projection, and the rows drawn from it."""
    summary = after.summary
    row.status = after.status
    row.outcome = after.case.outcome
    row.phase = summary.phase
    row.steps = list(summary.steps)
    row.owner_roles = list(summary.owner_roles)
    row.agencies = list(summary.agencies)
    row.next_due = summary.next_due or NEVER
    row.waiting_since = summary.waiting_since
    row.paused = summary.paused
    session.flush()
    draw(session, before, after)
