"""What the random journeys amount to: without it the properties beside it could hold of nothing much."""

from collections import Counter

from hypothesis import given, settings

from tests.unit.pathways.files import icon
from tests.unit.properties.journeys import Journey, journeys, people_and_records
from tests.unit.properties.profile import thoroughly

EVENTS = {
    "action taken",
    "handover answered",
    "consent recorded",
    "contact added",
    "interrupt raised",
    "fact corrected",
    "clock came due",
    "staffing changed",
    "notice not delivered",
    "job done",
}
REFUSALS = {
    "needs",
    "not_here",
    "not_yours",
    "missing_answer",
    "wrong_answer",
    "paused",
    "strand_unfinished",
    "nobody_in_role",
    "ended",
    "in_the_future",
    "before_entry",
    "no_such_name",
    "clocks_first",
    "handover_pending",
    "already_signed",
}


def test_at_least_half_of_the_events_are_accepted_and_every_step_is_reached() -> None:
    """Every kind of event is accepted somewhere, every kind of objection raised somewhere."""
    accepted: Counter[bool] = Counter()
    kinds: set[str] = set()
    reached: set[str] = set()
    objections: set[str] = set()
    ends: set[str | None] = set()

    @settings(thoroughly, max_examples=160)
    @given(journeys())
    def walk(journey: Journey) -> None:
        accepted.update(attempt.accepted for attempt in people_and_records(journey.attempts))
        kinds.update(attempt.event.kind for attempt in journey.attempts if attempt.accepted)
        objections.update(code for attempt in journey.attempts for code in attempt.refused_for)
        reached.update(state.step for step in journey.steps for state in step.case.strands.values())
        ends.add(journey.end.outcome)

    walk()
    assert accepted[True] >= accepted[False] > 0
    assert reached == set(icon().steps)
    assert kinds == EVENTS
    assert objections >= REFUSALS
    assert ends == {None, "completed", "lost contact", "moved away", "died"}
