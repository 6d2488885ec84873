from datetime import datetime
from typing import Any

from tests.unit.core.definitions import Story, local, one_step, pathway

REVIEW = {"every": "12 weeks", "next_from": "planned", "met_by": {"taking": "act"}, "escalate": {"manager": "at once"}}


def due(story: Story) -> dict[str, datetime]:
    return {key: turn.due for key, turn in story.case.clocks.items()}


def test_a_planned_review_is_counted_from_the_planned_date() -> None:
    """S1: 21 November and 13 February, done early or on the day."""
    story = Story(
        pathway(phases=one_step(), throughout={"clocks": {"review": REVIEW}, "actions": {"act": {}}}),
        began="2025-08-29 10:00",
    )
    assert due(story) == {"review#1": local("2025-11-21 23:59:59")}
    story.do("act", "2025-11-10 14:00")
    assert due(story) == {"review#2": local("2026-02-13 23:59:59")}
    story.do("act", "2026-02-13 14:00")
    assert due(story) == {"review#3": local("2026-05-08 23:59:59")}


def test_missed_reviews_do_not_pile_up() -> None:
    story = Story(
        pathway(phases=one_step(), throughout={"clocks": {"review": REVIEW}, "actions": {"act": {}}}),
        began="2025-08-29 10:00",
    )
    story.wait("2026-02-20 10:00")
    assert list(story.case.clocks) == ["review#1"]
    story.do("act", "2026-02-20 10:00")
    assert due(story) == {"review#2": local("2026-05-08 23:59:59")}, "the next planned date after today"


def test_an_actual_review_is_counted_from_the_day_it_was_done() -> None:
    actual = REVIEW | {"next_from": "actual"}
    story = Story(
        pathway(phases=one_step(), throughout={"clocks": {"review": actual}, "actions": {"act": {}}}),
        began="2025-08-29 10:00",
    )
    story.do("act", "2025-11-10 14:00")
    assert due(story) == {"review#2": local("2026-02-02 23:59:59")}


def test_a_monthly_review_keeps_the_day_of_the_first_date() -> None:
    monthly = REVIEW | {"every": "1 calendar month"}
    story = Story(
        pathway(phases=one_step(), throughout={"clocks": {"review": monthly}, "actions": {"act": {}}}),
        began="2025-12-31 10:00",
    )
    story.do("act", "2026-01-31 14:00")
    assert due(story) == {"review#2": local("2026-02-28 23:59:59")}
    story.do("act", "2026-02-28 14:00")
    assert due(story) == {"review#3": local("2026-03-31 23:59:59")}


def test_a_review_whose_condition_no_longer_holds_does_not_come_again() -> None:
    facts = {"wanted": {"ask": "Wanted?", "answer": "yes or no"}}
    review = REVIEW | {"when": {"fact": "wanted", "is": "yes"}, "from": {"taking": "say"}}
    actions: dict[str, Any] = {"act": {}, "say": {"asks": "wanted"}}
    story = Story(
        pathway(phases=one_step(), facts=facts, throughout={"clocks": {"review": review}, "actions": actions})
    )
    story.do("say", "2025-09-01 11:00", wanted=True)
    assert set(story.case.clocks) == {"review#1"}
    story.do("say", "2025-09-02 11:00", wanted=False)
    story.do("act", "2025-09-03 11:00")
    assert story.case.clocks == {}
