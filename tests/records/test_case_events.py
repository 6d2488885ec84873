"""Recording steps: once, in order, all or nothing, chained and folded back."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from pathway_model.changes import value_of
from pathway_model.events import ClockCameDue
from records import case_events, cases
from records.chain import digest_of_step, hash_of
from records.engine import reading, writing
from records.errors import (
    BadStepError,
    ConflictingStepError,
    MissingStepError,
    NotOnRecordError,
    WrongRunError,
)
from records.scope import SYSTEM
from tests.records.conftest import PlainSql
from tests.records.story import AT, CASE, DAY, Told, gone_on, prepare, recording, referred, then


@pytest.fixture
def prepared(engine: Engine) -> Engine:
    with writing(engine) as session:
        prepare(session)
    return engine


def record(engine: Engine, *told: Told) -> tuple[str, ...]:
    with writing(engine) as session:
        return case_events.append(session, recording(*told)).nobody_in


def clock(told: Told) -> Told:
    return then(told, ClockCameDue(at=AT + DAY, turn="overlap#1"))


def test_a_recorded_step_leaves_one_event_and_the_case_after_it(prepared: Engine, plain_sql: PlainSql) -> None:
    """What is recorded is found again, by plain SQL and by folding."""
    first = referred()
    second = gone_on(first)
    record(prepared, first)
    record(prepared, second)

    assert plain_sql("SELECT sequence, kind, request_id FROM case_events ORDER BY sequence") == [
        (1, "referred", "request-1"),
        (2, "action taken", "request-2"),
    ]
    [(value, sequence, status, phase)] = plain_sql("SELECT value, sequence, status, phase FROM cases")
    assert (json.loads(value) if isinstance(value, str) else value) == value_of(second.case)
    assert (sequence, status, phase) == (2, "open", "intake")
    with reading(prepared) as session:
        assert case_events.rebuild(session, CASE) == second.case
        assert cases.find(session, SYSTEM, CASE).case == second.case


def test_several_steps_are_recorded_together(prepared: Engine, plain_sql: PlainSql) -> None:
    """A clock that came due and the action after it arrive in one recording."""
    first = referred()
    second = clock(first)
    record(prepared, first, second, gone_on(second))
    assert plain_sql("SELECT count(*), max(sequence) FROM case_events") == [(3, 3)]


def test_recording_again_changes_nothing(prepared: Engine, plain_sql: PlainSql) -> None:
    """An activity that is retried after its commit finds everything there, also with one step more."""
    first = referred()
    record(prepared, first)
    before = plain_sql("SELECT sequence, hash, previous FROM case_events")
    record(prepared, first)
    assert plain_sql("SELECT sequence, hash, previous FROM case_events") == before
    record(prepared, first, gone_on(first))
    assert plain_sql("SELECT count(*) FROM case_events") == [(2,)]
    record(prepared, first)
    assert plain_sql("SELECT sequence FROM cases") == [(2,)]


def test_another_step_at_the_same_place_is_refused(prepared: Engine, plain_sql: PlainSql) -> None:
    """Two different second steps: the first one stands."""
    first = referred()
    record(prepared, first, gone_on(first))
    with pytest.raises(ConflictingStepError):
        record(prepared, clock(first))
    assert plain_sql("SELECT kind FROM case_events WHERE sequence = 2") == [("action taken",)]


def test_a_request_acts_once(prepared: Engine, plain_sql: PlainSql) -> None:
    """The same request id in a later step is refused, whatever the durable case remembers."""
    first = referred()
    second = gone_on(first)
    record(prepared, first, second)
    with pytest.raises(ConflictingStepError, match="has made step 2"):
        record(prepared, gone_on(second))
    assert plain_sql("SELECT count(*) FROM case_events") == [(2,)]


def test_a_gap_is_refused(prepared: Engine, plain_sql: PlainSql) -> None:
    """A second step without a first leaves nothing."""
    with pytest.raises(MissingStepError):
        record(prepared, gone_on(referred()))
    assert plain_sql("SELECT count(*) FROM case_events") == [(0,)]


def test_a_bad_second_step_takes_the_first_one_with_it(prepared: Engine, plain_sql: PlainSql) -> None:
    """One recording is one transaction."""
    first = referred()
    second = gone_on(first)
    bad = Told(second.case, replace(second.step, changes={"sequence": 7}))
    with pytest.raises(BadStepError):
        record(prepared, first, bad)
    assert plain_sql("SELECT count(*) FROM case_events") == [(0,)]
    assert plain_sql("SELECT count(*) FROM strands") == [(0,)]
    assert plain_sql("SELECT status, sequence FROM cases") == [("starting", 0)]


def test_changes_that_lead_to_no_case_are_refused(prepared: Engine) -> None:
    """The fold is checked before it is kept."""
    first = referred()
    second = gone_on(first)
    bad = Told(second.case, replace(second.step, changes={"sequence": 2, "strands": None}))
    with pytest.raises(BadStepError, match="no case"):
        record(prepared, first, bad)


def test_a_run_that_was_replaced_cannot_record(prepared: Engine, plain_sql: PlainSql) -> None:
    """A new epoch shuts the old run out, and continues the numbering."""
    first = referred()
    second = gone_on(first)
    record(prepared, first)
    with writing(prepared) as session:
        assert cases.begin_epoch(session, CASE) == 2
    with pytest.raises(WrongRunError):
        record(prepared, second)
    with writing(prepared) as session:
        case_events.append(session, recording(second, epoch=2))
    assert plain_sql("SELECT epoch, sequence FROM case_events ORDER BY epoch") == [(1, 1), (2, 2)]
    with reading(prepared) as session:
        assert case_events.verify_chain(session, CASE) is None
        assert case_events.rebuild(session, CASE) == second.case


def test_another_definition_is_refused(prepared: Engine) -> None:
    """A step decided by other rules than the case's own is none of its steps."""
    with pytest.raises(WrongRunError, match="definition"), writing(prepared) as session:
        case_events.append(session, recording(referred(), digest="0" * 64))


def test_a_case_that_was_never_added_is_not_on_record(engine: Engine) -> None:
    """Recording begins no case."""
    with pytest.raises(NotOnRecordError):
        record(engine, referred())


TAMPERING = {
    "an event's content": "UPDATE case_events SET event = '{}' WHERE sequence = 2",
    "when it was entered": "UPDATE case_events SET entered = '2026-01-01 00:00:00' WHERE sequence = 2",
    "when it happened": "UPDATE case_events SET at = '2026-01-01 00:00:00' WHERE sequence = 2",
    "who did it": "UPDATE case_events SET account_id = 'somebody' WHERE sequence = 2",
    "in which role": "UPDATE case_events SET \"by\" = 'manager' WHERE sequence = 2",
    "what it changed": "UPDATE case_events SET changes = '{\"sequence\":2}' WHERE sequence = 2",
    "its effects": "UPDATE case_events SET effects = '[1]' WHERE sequence = 2",
    "its digest": "UPDATE case_events SET row_digest = hash WHERE sequence = 2",
    "its hash": "UPDATE case_events SET hash = row_digest WHERE sequence = 2",
    "a removed event": "DELETE FROM case_events WHERE sequence = 2",
    "a removed last event": "DELETE FROM case_events WHERE sequence = 3",
    "the value of the case": "UPDATE cases SET value = '{\"sequence\":3}'",
}


@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_shows(what: str, prepared: Engine, plain_sql: PlainSql) -> None:
    """Whatever is changed behind the program's back, the chain says where."""
    first = referred()
    second = gone_on(first)
    record(prepared, first, second, clock(second))
    with reading(prepared) as session:
        assert case_events.verify_chain(session, CASE) is None

    plain_sql(TAMPERING[what])
    with reading(prepared) as session:
        broken = case_events.verify_chain(session, CASE)
    assert broken is not None
    assert broken.sequence in {2, 3}


def test_a_rewritten_event_shows_in_the_row_after_it(prepared: Engine) -> None:
    """Also when its own digest and hash were made to fit, and the next row told."""
    first = referred()
    second = gone_on(first)
    record(prepared, first, second, clock(second))
    forged = recording(Told(second.case, replace(second.step, account="somebody else")))
    with writing(prepared) as session:
        _, row, after = case_events.rows_of(session, CASE)
        row.account_id = "somebody else"
        row.row_digest = digest_of_step(forged, forged.steps[0])
        row.hash = hash_of(row.previous, row.row_digest, row.answers)
        after.previous = row.hash
    with reading(prepared) as session:
        broken = case_events.verify_chain(session, CASE)
    assert broken is not None
    assert (broken.sequence, broken.what) == (3, "its hash")
