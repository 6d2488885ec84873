"""What holds of every step as a value: it can be kept, sent, taken again and rebuilt."""

import json
from collections import Counter

from hypothesis import given

from pathway_model.advance import advance
from pathway_model.changes import case_from, changes, fold, value_of
from pathway_model.effects import EFFECT, CloseJob
from pathway_model.events import EVENT
from pathway_model.outcome import Step
from tests.unit.pathways.files import icon
from tests.unit.properties.journeys import Journey, journeys
from tests.unit.properties.profile import thoroughly


@thoroughly
@given(journeys())
def test_folding_the_recorded_changes_rebuilds_every_case(journey: Journey) -> None:
    """Through JSON, as a database keeps them."""
    value = changes(None, journey.opened.case)
    before = journey.opened.case
    for step in journey.steps[1:]:
        patch = json.loads(json.dumps(changes(before, step.case), allow_nan=False))
        value = fold(value, patch)
        assert value == value_of(step.case)
        assert case_from(value) == step.case
        before = step.case


@thoroughly
@given(journeys())
def test_a_case_from_a_database_goes_on_as_the_one_in_memory(journey: Journey) -> None:
    """Whatever order a database keeps names in: the same step, its effects in the same order."""
    for attempt in journey.attempts:
        kept = json.dumps(value_of(attempt.before), sort_keys=True)
        outcome = advance(icon(), case_from(json.loads(kept)), attempt.event, attempt.now)
        assert outcome == attempt.outcome


@thoroughly
@given(journeys())
def test_events_effects_and_cases_survive_their_json_forms(journey: Journey) -> None:
    for step in journey.steps:
        assert EVENT.validate_json(EVENT.dump_json(step.event)) == step.event
        for effect in step.effects:
            assert EFFECT.validate_json(EFFECT.dump_json(effect)) == effect
    end = journey.end
    assert case_from(json.loads(json.dumps(value_of(end), allow_nan=False))) == end


@thoroughly
@given(journeys())
def test_each_accepted_event_counts_one_and_a_refused_one_leaves_nothing(journey: Journey) -> None:
    """The case that was given is never changed: a refusal cannot show, and an accepted event can be taken again."""
    for attempt in journey.attempts:
        seen = value_of(attempt.before)
        again = advance(icon(), attempt.before, attempt.event, attempt.now)
        assert again == attempt.outcome
        assert value_of(attempt.before) == seen
        if isinstance(attempt.outcome, Step):
            assert attempt.after.sequence == attempt.before.sequence + 1
            assert attempt.after.now == attempt.outcome.entered == attempt.now
        else:
            assert attempt.outcome.reasons
            assert all(reason.sentence for reason in attempt.outcome.reasons)


@thoroughly
@given(journeys())
def test_no_effect_of_a_case_has_the_id_of_another(journey: Journey) -> None:
    """A job is closed by the id that it was opened with, once; all else has an id of its own."""
    effects = [effect for step in journey.steps for effect in step.effects]
    made = Counter(effect.id for effect in effects if not isinstance(effect, CloseJob))
    closed = Counter(effect.id for effect in effects if isinstance(effect, CloseJob))
    assert [key for key, times in (*made.items(), *closed.items()) if times > 1] == []
    assert set(closed) <= set(made)
    opened = {effect.id for effect in effects if effect.kind == "open job"}
    assert set(journey.end.jobs) == opened - set(closed)
