"""Answers and their words: personal ones are staged, promoted with their step, and stand nowhere else."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from pathway_model.case import ANSWERED
from pathway_model.events import ActionTaken, FactCorrected
from records import case_events, facts, staging
from records.engine import reading, writing
from records.errors import BadStepError, StagedAnswerDiffersError, StagedAnswerMissingError
from tests.records.conftest import PlainSql
from tests.records.story import AT, CASE, DAY, Told, prepare, recording, referred, then

WORDS = "They said something quite recognisable ☂"


@pytest.fixture
def prepared(engine: Engine) -> Engine:
    with writing(engine) as session:
        prepare(session)
    return engine


def record(engine: Engine, *told: Told) -> None:
    with writing(engine) as session:
        case_events.append(session, recording(*told))


def stage(engine: Engine, words: str = WORDS, request: str = "request-1") -> dict[str, str]:
    with writing(engine) as session:
        return staging.stage(session, CASE, request, {"reason": words}, now=AT)


def personal() -> Told:
    return referred(answers={"reason": ANSWERED, "urgent": True})


def test_answers_become_facts(prepared: Engine, plain_sql: PlainSql) -> None:
    """Each answer of an accepted event is a row, with when it happened."""
    record(prepared, referred(answers={"urgent": False}))
    assert plain_sql("SELECT fact, sequence FROM facts") == [("urgent", 1)]
    with reading(prepared) as session:
        answer = facts.latest(session, CASE)["urgent"]
    assert (answer.value, answer.at, answer.personal, answer.correction) == (False, AT, False, False)


def test_the_words_of_a_personal_answer_come_with_its_step(prepared: Engine, plain_sql: PlainSql) -> None:
    """Staged first, promoted in the transaction of the step, and gone from staging."""
    digests = stage(prepared)
    record(prepared, personal())
    assert plain_sql("SELECT count(*) FROM staged_answers") == [(0,)]
    with reading(prepared) as session:
        assert facts.latest(session, CASE)["reason"].value == WORDS
        [row] = case_events.rows_of(session, CASE)
        assert row.answers == digests
        assert case_events.verify_chain(session, CASE) is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE facts SET value = 'false' WHERE fact = 'urgent'",
        "DELETE FROM facts WHERE fact = 'urgent'",
        "UPDATE facts SET fact = 'reason_2' WHERE fact = 'urgent'",
    ],
    ids=["changed", "removed", "put under another question"],
)
def test_an_answer_that_is_changed_afterwards_shows(prepared: Engine, plain_sql: PlainSql, change: str) -> None:
    """Pages show answers from here, not from the events."""
    stage(prepared)
    record(prepared, personal())
    plain_sql(change)
    with reading(prepared) as session:
        broken = case_events.verify_chain(session, CASE)
    assert broken is not None
    assert (broken.sequence, broken.what) == (1, "an answer")


def test_the_words_stand_in_facts_and_nowhere_else(prepared: Engine, url: str, plain_sql: PlainSql) -> None:
    """Every text of every other table is searched for them."""
    stage(prepared)
    record(prepared, personal())
    tables = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
        "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
    }[prepared.dialect.name]
    found = {
        table
        for (table,) in plain_sql(tables)
        if any("recognisable" in str(value) for row in plain_sql(f"SELECT * FROM {table}") for value in row)  # noqa: S608
    }
    assert found == {"facts"}


def test_a_step_without_its_words_is_not_recorded(prepared: Engine, plain_sql: PlainSql) -> None:
    """Better no step than one that has lost what was said."""
    with pytest.raises(StagedAnswerMissingError, match="reason"):
        record(prepared, personal())
    assert plain_sql("SELECT count(*) FROM case_events") == [(0,)]


def test_words_staged_for_another_request_do_not_count(prepared: Engine) -> None:
    """The request id ties words to their step."""
    stage(prepared, request="another")
    with pytest.raises(StagedAnswerMissingError):
        record(prepared, personal())


def test_personal_words_in_an_event_are_refused(prepared: Engine, plain_sql: PlainSql) -> None:
    """An event may only say that a personal question was answered."""
    with pytest.raises(BadStepError, match="in the records only") as raised:
        record(prepared, referred(answers={"reason": WORDS}))
    assert WORDS not in str(raised.value)
    assert plain_sql("SELECT count(*) FROM case_events") == [(0,)]


def test_an_unknown_fact_is_refused(prepared: Engine) -> None:
    """What the definition does not ask, no step can answer."""
    with pytest.raises(BadStepError, match="no fact"):
        record(prepared, referred(answers={"unheard_of": True}))


def test_staging_again_keeps_the_first_words_and_salt(prepared: Engine) -> None:
    """A retry of the same request is the same request, also after its step was recorded."""
    first = stage(prepared)
    assert stage(prepared) == first
    record(prepared, personal())
    assert stage(prepared) == first
    with reading(prepared) as session:
        assert staging.left_behind(session, AT + DAY) == ()


def test_other_words_under_the_same_request_are_refused(prepared: Engine) -> None:
    """Before the step is recorded, and after."""
    stage(prepared)
    with pytest.raises(StagedAnswerDiffersError) as raised:
        stage(prepared, "something else")
    assert "something else" not in str(raised.value)
    record(prepared, personal())
    with pytest.raises(StagedAnswerDiffersError):
        stage(prepared, "something else")


def test_the_same_words_have_another_digest_in_another_request(prepared: Engine) -> None:
    """The salt keeps short answers from being guessed."""
    assert stage(prepared, "yes") != stage(prepared, "yes", request="request-9")


def test_what_was_left_behind_is_found_and_discarded(prepared: Engine) -> None:
    """Answers of a request that never made a step."""
    stage(prepared)
    with writing(prepared) as session:
        [left] = staging.left_behind(session, AT + DAY)
        assert (left.case, left.request, left.staged_at, left.answers) == (CASE, "request-1", AT, 1)
        assert staging.left_behind(session, AT) == ()
        staging.discard(session, CASE, "request-1")
        assert staging.left_behind(session, AT + DAY) == ()


def test_recording_again_needs_no_staged_words(prepared: Engine) -> None:
    """The retry after a commit finds the words promoted."""
    stage(prepared)
    record(prepared, personal())
    record(prepared, personal())


def test_a_correction_is_a_later_answer_and_the_first_one_stays(prepared: Engine) -> None:
    """History holds both, in order."""
    stage(prepared)
    first = personal()
    at = first.case.now + DAY
    corrected = FactCorrected(at=at, by="manager", fact="reason", value=ANSWERED)
    record(prepared, first)
    stage(prepared, "what it really was", request="request-2")
    record(prepared, then(first, corrected, request="request-2"))
    with reading(prepared) as session:
        values = [(answer.value, answer.correction) for answer in facts.history(session, CASE, "reason")]
        assert values == [(WORDS, False), ("what it really was", True)]
        assert facts.latest(session, CASE)["reason"].value == "what it really was"


def test_the_answer_in_force_is_the_one_that_happened_last(prepared: Engine) -> None:
    """A late entry of something older does not replace something newer."""
    first = referred(answers={"urgent": True})
    older = ActionTaken(at=AT - DAY, by="coordinator", action="go_on", answers={"urgent": False})
    record(prepared, first, then(first, older))
    with reading(prepared) as session:
        assert facts.latest(session, CASE)["urgent"].value is True
        assert len(facts.history(session, CASE, "urgent")) == 2


def test_changed_words_show(prepared: Engine, plain_sql: PlainSql) -> None:
    """The chain covers the words through their digests."""
    stage(prepared)
    record(prepared, personal())
    plain_sql("UPDATE facts SET value = '\"something milder\"' WHERE fact = 'reason'")
    with reading(prepared) as session:
        broken = case_events.verify_chain(session, CASE)
    assert broken is not None
    assert broken.what == "the words of a personal answer"


def test_removed_words_show(prepared: Engine, plain_sql: PlainSql) -> None:
    """A missing answer is a broken link too."""
    stage(prepared)
    record(prepared, personal())
    plain_sql("DELETE FROM facts WHERE fact = 'reason'")
    with reading(prepared) as session:
        assert case_events.verify_chain(session, CASE) is not None


def test_words_survive_every_character(prepared: Engine) -> None:
    """Quotes, line ends, zero bytes and all scripts come back as they went in."""
    words = "\"'\\\n\t\x00 <b> \u202e שלום 🧭 %s :name"
    stage(prepared, words)
    first = personal()
    record(prepared, replace(first))
    with reading(prepared) as session:
        assert facts.latest(session, CASE)["reason"].value == words
        assert case_events.verify_chain(session, CASE) is None
