"""`explain` and `advance` are two views of one thing: what is said to be possible is, and nothing else is."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway_model.advance import advance, settle
from pathway_model.case import Case
from pathway_model.events import ActionTaken
from pathway_model.explain import explain
from pathway_model.language.names import MAIN
from pathway_model.outcome import Step
from tests.unit.pathways.files import icon
from tests.unit.properties.answering import every_answering, suitable
from tests.unit.properties.cases import REFERRED_AT, referred, roles
from tests.unit.properties.journeys import Journey, journeys
from tests.unit.properties.obedience import next_deed
from tests.unit.properties.profile import thoroughly

ENDINGS = ("closed", "closed_without_contact", "closed_moved", "closed_died")
ENOUGH_DEEDS = 150


@thoroughly
@given(journeys(), st.sampled_from(roles()))
def test_what_is_possible_is_accepted_and_what_is_not_is_refused(journey: Journey, role: str) -> None:
    """Seen by any role: with some fitting answers, or with none whatever."""
    case, now = _settled(journey)
    for possibility in explain(icon(), case, now, role):
        accepted = suitable(icon(), case, possibility, role, now) is not None
        assert accepted == possibility.possible, (role, possibility)
        assert bool(possibility.reasons) != possibility.possible


@thoroughly
@given(journeys())
def test_those_named_may_and_nobody_else(journey: Journey) -> None:
    """Seen by nobody in particular: each role named is accepted if it is possible at all, every other is refused."""
    case, now = _settled(journey)
    for possibility in explain(icon(), case, now):
        for role in roles():
            accepted = suitable(icon(), case, possibility, role, now) is not None
            assert accepted == (possibility.possible and role in possibility.who), (role, possibility)


@thoroughly
@given(journeys())
def test_what_is_not_mentioned_is_refused(journey: Journey) -> None:
    case, now = _settled(journey)
    mentioned = {(each.action, each.strand) for each in explain(icon(), case, now)}
    for name, written in icon().actions.items():
        for strand in case.strands:
            if (name, strand) in mentioned:
                continue
            for answers in every_answering(icon(), written[0], now):
                event = ActionTaken(at=now, by=case.strands[strand].owner, action=name, answers=answers, strand=strand)
                assert not isinstance(advance(icon(), case, event, now), Step)


@thoroughly
@given(journeys(), st.sampled_from(ENDINGS))
def test_doing_what_is_asked_for_leads_from_anywhere_to_an_ending(journey: Journey, ending: str) -> None:
    """Nobody is ever stuck: the reasons given are all that is needed, and none of them goes round in a circle."""
    case, now = _settled(journey)
    if case.outcome is None:
        case = _obeyed(case, now, ending)
        assert case.outcome is not None


@pytest.mark.parametrize("goal", icon().steps)
def test_doing_what_is_asked_for_reaches_every_step(goal: str) -> None:
    case = _obeyed(referred().case, REFERRED_AT, goal)
    assert goal in {state.step for state in case.strands.values()}


def _settled(journey: Journey) -> tuple[Case, datetime]:
    now = journey.now + timedelta(seconds=1)
    steps = settle(icon(), journey.end, now)
    return (steps[-1].case if steps else journey.end), now


def _obeyed(case: Case, now: datetime, goal: str) -> Case:
    for _ in range(ENOUGH_DEEDS):
        if case.outcome is not None or any(state.step == goal for state in case.strands.values()):
            return case
        deed = next_deed(icon(), case, now, goal)
        assert deed is not None, [(each.action, each.reasons) for each in explain(icon(), case, now)]
        event, now = deed
        for step in settle(icon(), case, now):
            case = step.case
        if event is not None:
            outcome = advance(icon(), case, event, now)
            assert isinstance(outcome, Step), (event, outcome)
            case = outcome.case
    pytest.fail(f"after {ENOUGH_DEEDS} deeds the case is still at {case.strands[MAIN].step}")
