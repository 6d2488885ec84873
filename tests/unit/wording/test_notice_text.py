"""The blanks of a notice, filled with answers of every kind."""

import pytest
from pydantic import JsonValue

from pathway_model.language.definition import Definition
from pathway_model.notice_text import SUBJECT, facts_in, filled_text

DEFINITION = Definition.model_validate(
    {
        "pathway": "small",
        "version": 1,
        "title": "Alcohol and drugs",
        "agencies": {"north": {"title": "North", "roles": ["keyworker"]}},
        "facts": {
            "goals": {"ask": "What do you want?", "answer": "text", "personal": "yes"},
            "urgent": {"ask": "Is it urgent?", "answer": "yes or no"},
            "score": {"ask": "How are you?", "answer": "number"},
            "born": {"ask": "When were you born?", "answer": "date"},
            "visit": {"ask": "When do we meet?", "answer": "date and time"},
            "way": {"ask": "How?", "answer": {"phone": "By telephone", "visit": "At home"}},
            "ways": {"ask": "How?", "answer": ["phone", "visit"], "several": "yes"},
        },
        "notices": {
            name: {"to": "person", "text": f"It is <{name}>."}
            for name in ("goals", "urgent", "score", "born", "visit", "way", "ways", "unheard_of")
        }
        | {"two": {"to": "person", "text": "<way>, then <urgent>, then <way> again; 1 < 2 > 0"}},
        "phases": {"only": {"steps": {"closed": {"owner": "keyworker", "ends": "completed"}}}},
    }
)


@pytest.mark.parametrize(
    ("fact", "answer", "words"),
    [
        ("goals", "to see <urgent> things %s {score}", "to see <urgent> things %s {score}"),
        ("goals", "a\0b", "ab"),
        ("urgent", True, "yes"),
        ("urgent", False, "no"),
        ("score", 7, "7"),
        ("score", 7.5, "7.5"),
        ("score", 7.0, "7"),
        ("score", 0, "0"),
        ("born", "1990-02-03", "Sat 3 Feb 1990"),
        ("visit", "2026-07-01T13:30:00Z", "Wed 1 Jul 2026 14:30"),
        ("way", "phone", "By telephone"),
        ("ways", ["phone", "visit"], "Phone and Visit"),
        ("urgent", None, "(not known yet)"),
        ("unheard_of", "x", "(not known yet)"),
    ],
)
def test_a_blank_is_filled_as_a_person_would_say_it(fact: str, answer: JsonValue, words: str) -> None:
    """Dates in local words, choices by their titles, and words exactly as they were said."""
    assert filled_text(DEFINITION, fact, {fact: answer}) == f"It is {words}."


def test_each_blank_is_filled_wherever_it_stands() -> None:
    """What is no blank stays as it is."""
    assert facts_in(DEFINITION, "two") == ("way", "urgent")
    text = filled_text(DEFINITION, "two", {"way": "visit", "urgent": True})
    assert text == "At home, then yes, then At home again; 1 < 2 > 0"


def test_the_subject_does_not_say_what_the_care_is_for() -> None:
    """It stands on locked screens."""
    assert not set(SUBJECT.lower().split()) & set(DEFINITION.title.lower().split())
