"""Facts with their history: every answer of an accepted event, with the words of personal ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pathway_model.case import ANSWERED
from pathway_model.events import FactCorrected
from pathway_model.pathway import Pathway
from pathway_model.recording import JsonObject, RecordSteps, StepRow
from records.chain import digest_of_answer, event_json
from records.errors import BadStepError, StagedAnswerMissingError
from records.staging import staged
from records.tables.cases import FactRow, StagedAnswerRow


@dataclass(frozen=True, slots=True, kw_only=True)
class FactAnswer:
    """One answer on record.

    Attributes:
        value: Its JSON form; of a personal one the words.
        at: When it happened.
        correction: It was given as a later true value.
    """

    fact: str
    value: JsonValue
    at: datetime
    sequence: int
    personal: bool
    correction: bool


def history(session: Session, case: str, fact: str | None = None) -> tuple[FactAnswer, ...]:
    """Every answer of a case, or to one question, in the order of recording."""
    query = select(FactRow).where(FactRow.case_id == case)
    if fact is not None:
        query = query.where(FactRow.fact == fact)
    rows = session.scalars(query.order_by(FactRow.epoch, FactRow.sequence, FactRow.fact))
    return tuple(_answer(row) for row in rows)


def latest(session: Session, case: str) -> Mapping[str, FactAnswer]:
    """The answer in force to each question: the one that happened last; of two, the later recorded."""
    ordered = sorted(history(session, case), key=lambda answer: (answer.at, answer.sequence))
    return {answer.fact: answer for answer in ordered}


def record_answers(session: Session, pathway: Pathway, recording: RecordSteps, step: StepRow) -> dict[str, str]:
    """Keep the answers of a step, promoting the personal ones; answer the salted digests of those by fact.

    Raises:
        StagedAnswerMissingError: The words of a personal answer were never staged.
        BadStepError: It answers an unknown question, or holds words that belong in the records only.
    """
    answers = _answers(step)
    if not answers:
        return {}
    waiting: dict[str, StagedAnswerRow] = {}
    if step.request is not None:
        waiting = {row.fact: row for row in staged(session, recording.case, step.request)}
    digests = {}
    for fact, value in answers.items():
        row = FactRow(
            case_id=recording.case,
            epoch=recording.epoch,
            sequence=step.sequence,
            fact=fact,
            at=step.event.at,
            value=value,
            personal=False,
            correction=isinstance(step.event, FactCorrected),
        )
        if _is_personal(pathway, recording, step, fact, value):
            if fact not in waiting:
                raise StagedAnswerMissingError(recording.case, step.sequence, fact)
            row.personal, row.value, row.salt = True, waiting[fact].value, waiting[fact].salt
            digests[fact] = waiting[fact].digest
        session.add(row)
    _forget(session, recording.case, step.request, digests)
    return digests


def answer_digests(session: Session, *, case: str, epoch: int, sequence: int) -> dict[str, str]:
    """Salted digests, computed anew, of the personal answers given in one event."""
    query = select(FactRow).where(
        FactRow.case_id == case, FactRow.epoch == epoch, FactRow.sequence == sequence, FactRow.personal
    )
    return {row.fact: digest_of_answer(row.salt or "", row.value) for row in session.scalars(query)}


def plain_answers(session: Session, *, case: str, epoch: int, sequence: int) -> JsonObject:
    """The answers given in one event that are not personal, as they are kept for lists and pages."""
    query = select(FactRow).where(
        FactRow.case_id == case, FactRow.epoch == epoch, FactRow.sequence == sequence, FactRow.personal.is_(False)
    )
    return {row.fact: row.value for row in session.scalars(query)}


def answers_in(event: JsonObject) -> JsonObject:
    """What the JSON form of an event says was answered."""
    if event["kind"] == "fact corrected":
        return {str(event["fact"]): event["value"]}
    answers = event.get("answers")
    return answers if isinstance(answers, dict) else {}


def _answers(step: StepRow) -> JsonObject:
    """The JSON forms of what was answered in a step."""
    return answers_in(event_json(step))


def _is_personal(pathway: Pathway, recording: RecordSteps, step: StepRow, fact: str, value: JsonValue) -> bool:
    asked = pathway.definition.facts.get(fact)
    if asked is None:
        raise BadStepError(recording.case, step.sequence, f"the definition has no fact `{fact}`")
    if asked.personal and value != ANSWERED:
        raise BadStepError(recording.case, step.sequence, f"the words of `{fact}` belong in the records only")
    return asked.personal


def _forget(session: Session, case: str, request: str | None, promoted: Mapping[str, str]) -> None:
    if promoted:
        session.execute(
            delete(StagedAnswerRow).where(
                StagedAnswerRow.case_id == case,
                StagedAnswerRow.request_id == request,
                StagedAnswerRow.fact.in_(promoted),
            )
        )


def _answer(row: FactRow) -> FactAnswer:
    return FactAnswer(
        fact=row.fact,
        value=row.value,
        at=row.at,
        sequence=row.sequence,
        personal=row.personal,
        correction=row.correction,
    )
