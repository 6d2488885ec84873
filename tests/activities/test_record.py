"""The record activity: run twice, one effect; and how an attempt failed is told for certain."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, text
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.contracts import NEVER_STORED, NOTHING_STORED, StepsRecorded
from activities.record import Records
from pathway_model.language.names import CaseId
from pathway_model.recording import RecordSteps
from records.case_events import rows_of
from records.engine import reading, writing
from tests.records.story import CASE, gone_on, recording, referred


def _record(engine: Engine, steps: RecordSteps) -> StepsRecorded:
    return ActivityEnvironment().run(Records(engine).record_steps, steps)


def _sequences(engine: Engine) -> list[int]:
    with reading(engine) as session:
        return [row.sequence for row in rows_of(session, CASE)]


def test_recording_the_same_steps_again_changes_nothing(engine: Engine) -> None:
    """An attempt whose answer was lost is made again."""
    first = referred()
    steps = recording(first, gone_on(first))
    answers = [_record(engine, steps) for _ in range(3)]
    assert answers == [StepsRecorded()] * 3
    assert _sequences(engine) == [1, 2]


def test_another_step_in_the_same_place_can_never_be_recorded(engine: Engine) -> None:
    """What stands there stays."""
    first = referred()
    _record(engine, recording(first, gone_on(first)))
    other = gone_on(first, request="another-request")
    with pytest.raises(ApplicationError) as raised:
        _record(engine, recording(other))
    assert raised.value.type == NEVER_STORED
    assert _sequences(engine) == [1, 2]


def test_a_step_of_no_known_case_can_never_be_recorded(engine: Engine) -> None:
    steps = replace(recording(referred()), case=CaseId("nobody"))
    with pytest.raises(ApplicationError) as raised:
        _record(engine, steps)
    assert raised.value.type == NEVER_STORED


def test_locked_records_have_stored_nothing(engine: Engine) -> None:
    """Somebody else holds the case: the attempt fails by itself, in time, and says so."""
    steps = recording(referred())
    with writing(engine) as session:
        session.execute(text("UPDATE cases SET blocked = NULL"))
        other = Records(engine)
        with pytest.raises(ApplicationError) as raised:
            ActivityEnvironment().run(other.record_steps, steps)
    assert raised.value.type == NOTHING_STORED
    assert _sequences(engine) == []
    _record(engine, steps)
    assert _sequences(engine) == [1]


def test_an_unforeseen_error_says_only_its_kind_and_place(engine: Engine) -> None:
    """A driver's message may repeat a row; a failure is kept in history and printed in logs."""
    with writing(engine) as session:
        session.execute(text("ALTER TABLE case_events RENAME TO elsewhere"))
    with pytest.raises(ApplicationError) as raised:
        _record(engine, recording(referred(answers={"urgent": True})))
    assert raised.value.type is not None
    assert raised.value.type.startswith("Unforeseen")
    assert raised.value.__cause__ is None
    assert "INSERT" not in str(raised.value)
