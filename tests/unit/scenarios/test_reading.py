"""A scenario with mistakes in it is read to its end, and each mistake is said at its place."""

from typing import Final

import pytest

from pathway_model.reading.problems import Problem
from pathway_model.scenarios.reading import read_scenario
from tests.unit.pathways.files import icon

STORY: Final = """\
scenario: a_short_one
pathway: icon 1
title: A referral is acknowledged
people: {person: 9999740375, referrer: referrer, sister: family_member}
story:
  - at: Thu 21 Aug 2025 10:00
    who: referrer
    does: refer
    expect: {step: referred, due: {acknowledgement_due: Tue 26 Aug 2025 17:00}}
  - at: Fri 22 Aug 2025 11:00
    who: duty_coordinator
    does: acknowledge
    expect:
      sent: {acknowledgement: [person, referrer]}
  - at: Fri 22 Aug 2025 15:00
    who: duty_coordinator
    does: complete_referral
    answers: {reason: answered, substances: [alcohol]}
"""


def _problems(text: str) -> tuple[Problem, ...]:
    return read_scenario(text, "story.yaml", icon()).problems


def test_a_sound_scenario_has_no_problems_and_knows_its_lines() -> None:
    """Where each line of the story stands is kept for the report."""
    reading = read_scenario(STORY, "story.yaml", icon())
    assert reading.problems == ()
    assert reading.lines == (6, 10, 15)


@pytest.mark.parametrize(
    ("before", "after", "line", "said", "hint"),
    [
        ("Thu 21 Aug 2025 10", "Wed 21 Aug 2025 10", 6, "is a Thursday; write `Thu 21 Aug 2025 10:00`", ""),
        ("at: Thu 21 Aug 2025 10:00", "at: Thu 21 Aug 2025", 6, "needs a time of day", ""),
        ("Tue 26 Aug 2025 17:00", "Mon 26 Aug 2025 17:00", 9, "is a Tuesday", ""),
        ("at: Fri 22 Aug 2025 15", "at: Wed 20 Aug 2025 15", 15, "but not in time", "in the order"),
        ("does: acknowledge", "does: aknowledge", 12, "no action or interrupt `aknowledge`", "`acknowledge`"),
        ("who: duty_coordinator\n", "who: duty_cordinator\n", 11, "`duty_cordinator`", "`duty_coordinator`"),
        ("step: referred", "step: refered", 9, "no step `refered`", "`referred`"),
        ("step: referred", "stepp: referred", 9, "`stepp`", "`step`"),
        ("due: {ack", "due: {acc", 9, "no clock `accnowledgement_due`", "`acknowledgement_due`"),
        ("[person, referrer]", "[person, gp]", 14, "no recipient `gp`", "person, referrer"),
        ("{acknowledgement: [", "{acknowledgment: [", 14, "no notice `acknowledgment`", "`acknowledgement`"),
        ("substances: [alcohol]", "substances: [beer]", 18, "choose from alcohol", "Which substances"),
        ("{reason: answered,", "{reason: He drinks,", 18, "records only", "What has led"),
        ("{reason: answered,", "{reasons: answered,", 18, "no question `reasons`", "`reason`"),
        ("sister: family_member", "sister: family_memeber", 4, "kind of contact", "`family_member`"),
        ("9999740375", "9999740376", 1, "synthetic NHS number", ""),
        ("9999740375", "4010232137", 1, "synthetic NHS number", ""),
        ("pathway: icon 1", "pathway: icon 2", 2, "about icon 2, not icon 1", "write `icon 1`"),
        ("pathway: icon 1", "pathway: icon", 2, "the pathway and its version", ""),
        ("does: refer\n", "does: acknowledge\n", 1, "the first line is the referral", ""),
        ("    who: referrer\n", "", 6, "add who", ""),
        ("does: acknowledge", "does: refer", 12, "one referral", "interrupt"),
        ("does: acknowledge", "does: acknowledge\n    adds: {gp: gp}", 10, "one thing a line", ""),
        ("does: acknowledge", "does: acknowledge\n    handover: recovery_handover", 10, "goes with does", ""),
        ("does: acknowledge", "does: acknowledge\n    happened: Sat 23 Aug 2025 11:00", 10, "after", ""),
        ("title: A referral is acknowledged\n", "", 1, "`title` is missing", "add `title:`"),
        ("story:", "stroy:", 5, "`stroy`", "`story`"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_at_its_line(before: str, after: str, line: int, said: str, hint: str) -> None:
    """With what is wrong, and how to mend it where that can be known."""
    assert STORY.count(before) >= 1
    found = _problems(STORY.replace(before, after, 1))
    assert any(problem.line == line and said in problem.message and hint in problem.hint for problem in found), [
        (problem.line, problem.message, problem.hint) for problem in found
    ]


def test_all_mistakes_are_said_at_once() -> None:
    """A reader mends a scenario in one go."""
    wrong = STORY.replace("does: acknowledge", "does: aknowledge").replace("step: referred", "step: refered")
    assert [problem.line for problem in _problems(wrong)] == [9, 12]


def test_a_text_that_is_not_yaml_is_a_problem() -> None:
    """Never an exception."""
    (problem,) = _problems("scenario: [")
    assert problem.severity == "error"
