"""Time alone: whatever state a case is in, its clocks do a finite number of things and then wait for people."""

from datetime import timedelta

from hypothesis import given

from pathway_model.advance import MOST_CLOCKS, advance, settle
from pathway_model.clocks import next_wake
from pathway_model.events import ClockCameDue
from pathway_model.outcome import Step
from tests.unit.pathways.files import icon
from tests.unit.properties.journeys import Journey, journeys
from tests.unit.properties.profile import thoroughly

A_LIFETIME = timedelta(days=365 * 80)


@thoroughly
@given(journeys())
def test_left_alone_every_ladder_comes_to_its_end(journey: Journey) -> None:
    """Bounded by the rungs that are written; nothing fires twice."""
    steps = settle(icon(), journey.end, journey.now + A_LIFETIME)
    assert len(steps) < MOST_CLOCKS
    end = steps[-1].case if steps else journey.end
    assert next_wake(end) is None
    assert {key: state.step for key, state in end.strands.items()} == {
        key: state.step for key, state in journey.end.strands.items()
    }
    for key, turn in end.clocks.items():
        fired = turn.fired - (journey.end.clocks[key].fired if key in journey.end.clocks else 0)
        assert sum(step.event == ClockCameDue(at=step.event.at, turn=key) for step in steps) <= fired


@thoroughly
@given(journeys())
def test_waking_for_each_clock_comes_to_the_same_as_waking_once(journey: Journey) -> None:
    """A worker that was away for a year ends where one that never slept did, but for when things were entered."""
    later = journey.now + timedelta(days=365)
    at_once = settle(icon(), journey.end, later)
    case, one_by_one = journey.end, []
    while (wake := next_wake(case)) is not None and wake <= later:
        for step in settle(icon(), case, max(wake, journey.now)):
            one_by_one.append(step.event)
            case = step.case
    assert [step.event for step in at_once] == one_by_one
    if at_once:
        assert at_once[-1].case.clocks == case.clocks
        assert at_once[-1].case.jobs == case.jobs


@thoroughly
@given(journeys())
def test_a_clock_that_is_not_due_never_fires(journey: Journey) -> None:
    for key, turn in journey.end.clocks.items():
        due = turn.wake is not None and turn.wake <= journey.now
        outcome = advance(icon(), journey.end, ClockCameDue(at=journey.now, turn=key), journey.now)
        assert isinstance(outcome, Step) == due
