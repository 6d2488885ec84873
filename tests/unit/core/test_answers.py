from datetime import UTC, date, datetime
from typing import Any

import pytest

from pathway_model.case import ANSWERED, Value
from pathway_model.events import ActionTaken, FactCorrected
from pathway_model.language.definition import Fact
from pathway_model.values import WrongAnswerError, as_written, checked_value
from tests.unit.core.definitions import Story, codes, local, one_step, pathway

CHOICES = {"ask": "Which?", "answer": ["a", "b", "c"]}
SEVERAL = CHOICES | {"several": "yes"}
SCORE = {"ask": "Score?", "answer": "number", "lowest": 0, "highest": 20}
YES_NO = {"ask": "So?", "answer": "yes or no"}
DAY = {"ask": "Day?", "answer": "date"}
TIME = {"ask": "When?", "answer": "date and time"}
WORDS = {"ask": "Words?", "answer": "text", "personal": "yes"}
WHO = {"ask": "Who?", "answer": "person"}


def fact(model: dict[str, Any]) -> Fact:
    return Fact.model_validate(model)


@pytest.mark.parametrize(
    ("model", "given", "kept"),
    [
        (CHOICES, "a", "a"),
        (SEVERAL, ["c", "a"], ("a", "c")),
        (SEVERAL, "b", ("b",)),
        (SCORE, "7", 7),
        (SCORE, "7.5", 7.5),
        (SCORE, 20, 20),
        (YES_NO, "yes", True),
        (YES_NO, False, False),
        (DAY, "2026-03-31", date(2026, 3, 31)),
        (DAY, datetime(2026, 3, 31, 23, 30, tzinfo=UTC), date(2026, 4, 1)),
        (TIME, "2026-03-31 14:30", datetime(2026, 3, 31, 13, 30, tzinfo=UTC)),
        (TIME, "2026-03-31T14:30:00+00:00", datetime(2026, 3, 31, 14, 30, tzinfo=UTC)),
        # a local time that occurs twice means the first
        (TIME, "2025-10-26 01:30", datetime(2025, 10, 26, 0, 30, tzinfo=UTC)),
        (WORDS, ANSWERED, ANSWERED),
        (WHO, "somebody", "somebody"),
    ],
)
def test_an_answer_that_fits_is_kept_in_its_own_type(model: dict[str, Any], given: object, kept: Value) -> None:
    found = checked_value(fact(model), given)  # type: ignore[arg-type]
    assert (found, type(found)) == (kept, type(kept))


@pytest.mark.parametrize(
    ("model", "given"),
    [
        (CHOICES, "d"),
        (CHOICES, ["a", "b"]),
        (SEVERAL, []),
        (SEVERAL, ["a", "a"]),
        (SCORE, 21),
        (SCORE, -1),
        (SCORE, "many"),
        (SCORE, "--5"),
        (SCORE, True),
        ({"ask": "Score?", "answer": "number"}, "inf"),
        ({"ask": "Score?", "answer": "number"}, "nan"),
        (YES_NO, "perhaps"),
        (DAY, "31/03/2026"),
        (DAY, "0001-01-01"),
        (DAY, "9999-12-31"),
        (TIME, "soon"),
        (TIME, "9999-12-31 23:59"),
        # the clocks go forward at 01:00: there is no half past one
        (TIME, "2026-03-29 01:30"),
        (WORDS, "She said that she is tired"),
        (WHO, " "),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_with_what_would(model: dict[str, Any], given: object) -> None:
    with pytest.raises(WrongAnswerError):
        checked_value(fact(model), given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "written"), [(True, ("yes",)), (False, ("no",)), (("a", "b"), ("a", "b")), (7, ("7",))]
)
def test_an_answer_is_written_as_a_definition_writes_it(value: Value, written: tuple[str, ...]) -> None:
    assert as_written(value) == written


FACTS: dict[str, Any] = {
    "used": YES_NO,
    "why_not": CHOICES | {"when": {"fact": "used", "is": "no"}},
    "score": SCORE | {"repeats": "yes"},
    "risk_score": SCORE | {"current_for": "4 weeks"},
}
ACTIONS: dict[str, Any] = {
    "fill_in": {"asks": "the_form"},
    "measure": {"asks": "score"},
    "assess": {"asks": "risk_score"},
}


def story() -> Story:
    return Story(pathway(phases=one_step(ACTIONS), facts=FACTS, forms={"the_form": ["used", "why_not"]}))


def test_a_form_asks_its_facts_and_each_only_when_it_arises() -> None:
    case = story()
    assert codes(case.refused("fill_in", "2025-09-01 11:00", used=False)) == {("missing_answer", "why_not")}
    assert codes(case.refused("fill_in", "2025-09-01 11:00", used=True, why_not="a")) == {("not_asked", "why_not")}
    case.do("fill_in", "2025-09-01 11:00", used=True)
    case.do("fill_in", "2025-09-01 11:00", used=False, why_not="b")


def test_what_is_known_is_not_asked_again_unless_it_repeats_or_is_no_longer_current() -> None:
    case = story()
    case.do("assess", "2025-09-01 11:00", risk_score=3)
    case.do("assess", "2025-09-29 11:00")
    assert codes(case.refused("assess", "2025-09-30 00:00")) == {("missing_answer", "risk_score")}
    case.do("measure", "2025-09-01 11:00", entered="2025-09-30 11:00", score=3)
    assert codes(case.refused("measure", "2025-09-30 12:00")) == {("missing_answer", "score")}
    case.do("measure", "2025-10-01 11:00", score=5)
    assert [answer.value for answer in case.case.facts["score"]] == [3, 5]


def test_an_answer_says_when_it_happened_and_in_which_event_it_was_given() -> None:
    case = story()
    case.do("measure", "2025-09-01 11:00", entered="2025-09-03 11:00", score=3)
    (answer,) = case.case.facts["score"]
    assert (answer.at, answer.sequence) == (local("2025-09-01 11:00"), 2)


@pytest.mark.parametrize(
    ("answer", "given", "fits"),
    [
        ("date and time", "2025-09-02 10:00", True),
        ("date and time", "2025-09-02 10:01", False),
        ("date", "2025-09-02", True),
        ("date", "2025-09-03", False),
    ],
)
def test_what_has_happened_cannot_lie_in_the_future(answer: str, given: str, fits: bool) -> None:
    """Whether it is answered or corrected: at ten on 2 Sep."""
    facts = {"back": {"ask": "Back?", "answer": answer, "past": "yes"}}
    story = Story(pathway(phases=one_step({"say": {"asks": "back"}}), facts=facts))
    said = ActionTaken(at=local("2025-09-02 10:00"), by="worker", action="say", answers={"back": given})
    if fits:
        story.play(said)
        return
    (reason,) = story.refuse(said)
    assert (reason.code, reason.name) == ("wrong_answer", "back")
    assert reason.sentence == "“Back?”: that has happened, so it cannot lie in the future"
    story.do("say", "2025-09-01 11:00", entered="2025-09-02 10:00", back="2025-09-01 09:00"[: len(given)])
    corrected = FactCorrected(at=local("2025-09-02 10:00"), by="worker", fact="back", value=given)
    assert codes(story.refuse(corrected)) == {("wrong_answer", "back")}


@pytest.mark.parametrize("model", [SCORE, SEVERAL, DAY | {"personal": "yes"}])
def test_only_a_date_that_the_case_knows_can_be_said_to_be_past(model: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="`past` goes with answer: date"):
        fact(model | {"past": "yes"})
