"""The runner: what differs is found and said; the trace says the same whoever plays."""

import json
from typing import Any, Final

import pytest

from pathway_model.advance import open_case, proceed, settle
from pathway_model.case import Case
from pathway_model.changes import JsonObject, case_from, value_of
from pathway_model.clocks import next_wake
from pathway_model.events import EVENT, Referred
from pathway_model.language.names import CaseId
from pathway_model.outcome import Refusal, Step
from pathway_model.scenarios.expectations import Heard
from pathway_model.scenarios.reading import ScenarioReading, read_scenario
from pathway_model.scenarios.runner import cues_of, report, run
from pathway_model.scenarios.scenario import Expectation, Scenario
from pathway_model.scenarios.script import Cue
from tests.unit.pathways.files import icon, icon_scenario

S1: Final = "s1_from_referral_to_closing"
RIGHT: Final = """\
scenario: a_short_one
pathway: icon 1
title: Somebody pauses, and is declined
people: {person: 9999740375, referrer: referrer, sister: family_member}
story:
  - at: Thu 21 Aug 2025 10:00
    who: referrer
    does: refer
  - at: Tue 26 Aug 2025 18:00
    who: keyworker
    consents: {share_with_family: {sister: given}}
  - at: Tue 26 Aug 2025 19:00
    who: duty_coordinator
    does: complete_referral
    answers: {reason: answered, substances: [alcohol]}
    expect: {refused: [acknowledge], step: referred}
  - at: Wed 27 Aug 2025 10:00
    who: duty_coordinator
    does: pause
    answers: {pause_reason: away, pause_contact: answered, expected_end: Mon 8 Sep 2025}
  - at: Wed 27 Aug 2025 11:00
    who: duty_coordinator
    does: moved_away
"""


def _right() -> ScenarioReading:
    reading = read_scenario(RIGHT, "story.yaml", icon())
    assert reading.problems == ()
    return reading


def _scenario(reading: ScenarioReading) -> Scenario:
    assert reading.scenario is not None
    return reading.scenario


def _expecting(line: int, expected: dict[str, Any]) -> list[str]:
    """The differences of the short story when a line expects something."""
    reading = _right()
    scenario = _scenario(reading)
    story = list(scenario.story)
    expectation = Expectation.model_validate(expected)
    story[line] = story[line].model_copy(update={"expect": expectation})
    changed = scenario.model_copy(update={"story": tuple(story)})
    return [str(difference) for difference in run(icon(), changed, reading.lines).differences]


WRONG: Final[list[tuple[int, dict[str, Any], str]]] = [
    (0, {"step": "engagement"}, "expected step engagement, was referred"),
    (0, {"owner": "keyworker"}, "expected owner keyworker, was duty_coordinator"),
    (0, {"next_due": "nothing"}, "expected next_due nothing, was acknowledgement_due Tue 26 Aug 2025 17:00"),
    (0, {"next_due": {"acknowledgement_due": "Wed 27 Aug 2025"}}, "expected next_due acknowledgement_due Wed 27"),
    (0, {"next_due": {"three_week_limit": "Thu 11 Sep 2025"}}, "expected next_due three_week_limit"),
    (0, {"due": {"acknowledgement_due": "Tue 26 Aug 2025 16:00"}}, "expected due acknowledgement_due Tue 26"),
    (0, {"due": {"review_due": "Tue 26 Aug 2025"}}, "was nothing"),
    (0, {"possible_from": {"minimum_support": "Sat 28 Feb 2026"}}, "expected possible_from minimum_support"),
    (0, {"overdue": "acknowledgement_due"}, "expected overdue acknowledgement_due missed, was running"),
    (0, {"frozen": "acknowledgement_due"}, "expected frozen acknowledgement_due frozen, was running"),
    (0, {"no_longer_due": "acknowledgement_due"}, "expected no_longer_due acknowledgement_due no open turn"),
    (0, {"refused": "reason"}, "expected refused reason, was nothing"),
    (2, {}, "expected refused nothing, was acknowledge because: The person and the referrer know"),
    (2, {"refused": ["acknowledge", "reason"]}, "expected refused acknowledge, reason, was acknowledge"),
    (2, {"refused": "acknowledge", "earliest": "Wed 27 Aug 2025"}, "expected earliest Wed 27 Aug 2025, was nothing"),
    (0, {"sent": {"invitation": "person"}}, "expected sent invitation person, was nothing"),
    (4, {"told": {"team_manager": "Wed 27 Aug 2025 11:00"}}, "expected told team_manager"),
    (1, {"told": {"duty_coordinator": "Tue 26 Aug 2025 16:59"}}, "was Tue 26 Aug 2025 17:00"),
    (1, {"not_told": "duty_coordinator"}, "expected not_told duty_coordinator no job, was acknowledgement_due#1"),
    (1, {"jobs": {"duty_coordinator": "risk"}}, "expected jobs duty_coordinator risk, was acknowledgement_due"),
    (1, {"no_jobs": "duty_coordinator"}, "expected no_jobs duty_coordinator no job left"),
    (0, {"counts": {"exclusions": 1}}, "expected count exclusions 1, was 0"),
    (3, {"strands": {"pause": "ended"}}, "expected strand pause ended, was paused"),
    (0, {"strands": {"pause": "paused"}}, "expected strand pause paused, was ended"),
    (3, {"strand_owners": {"pause": "keyworker"}}, "expected owner of pause keyworker, was duty_coordinator"),
    (4, {"handovers": {"new_area_handover": "accepted"}}, "handover new_area_handover accepted, was requested"),
    (0, {"handovers": {"recovery_handover": "requested"}}, "was never requested"),
    (1, {"consents": {"share_with_family": {"sister": "refused"}}}, "share_with_family sister refused, was given"),
    (0, {"consents": {"share_with_family": {"sister": "given"}}}, "was not asked"),
    (0, {"paused": "yes"}, "expected paused yes, was no"),
    (3, {"paused": "no"}, "expected paused no, was yes"),
    (0, {"outcome": "died"}, "expected outcome died, was nothing"),
    (0, {"linked_case": "yes"}, "expected linked_case yes, was no"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected", "said"), WRONG)
def test_a_wrong_expectation_is_found(line: int, expected: dict[str, Any], said: str) -> None:
    """Every key of an expectation can fail, and says what was seen instead."""
    found = [each for each in _expecting(line, expected) if said in each]
    assert len(found) == 1, _expecting(line, expected)


def test_notices_that_should_not_have_gone_are_found() -> None:
    """`not_sent` and `sent: nothing` look at what really went out."""
    reading = icon_scenario(S1)
    scenario = _scenario(reading)
    story = list(scenario.story)
    told = Expectation.model_validate({"sent": "nothing", "not_sent": {"acknowledgement": "referrer"}})
    story[1] = story[1].model_copy(update={"expect": told})
    changed = scenario.model_copy(update={"story": tuple(story)})
    assert [str(each.unlike.what) for each in run(icon(), changed, reading.lines).differences] == [
        "sent",
        "not_sent acknowledgement",
    ]


def test_every_key_of_an_expectation_is_proven_to_fail() -> None:
    """A key that nobody looked at would promise what it does not hold."""
    tried = {key for _, expected, _ in WRONG for key in expected} | {"not_sent"}
    assert tried == set(Expectation.model_fields)


def test_a_story_that_comes_out_as_expected_has_no_differences() -> None:
    """And says so."""
    reading = _right()
    assert run(icon(), _scenario(reading), reading.lines).passed


def test_a_difference_names_line_date_and_reason() -> None:
    """It can be mended without running anything again."""
    (difference,) = _expecting(2, {"refused": "acknowledge", "step": "engagement"})
    assert difference == (
        "line 12, Tue 26 Aug 2025 19:00: expected step engagement, was referred "
        "because: The person and the referrer know that the referral has arrived"
    )


def test_a_story_that_does_not_fit_its_pathway_is_not_played() -> None:
    """Whoever skips reading hears of it."""
    scenario = _scenario(_right())
    story = (scenario.story[0], scenario.story[2].model_copy(update={"does": "dance"}))
    with pytest.raises(ValueError, match="dance"):
        run(icon(), scenario.model_copy(update={"story": story}))


class ByJson:
    """Plays like a durable case: everything crosses as JSON, under another case id, woken a little late."""

    def __init__(self) -> None:
        self.value: JsonObject | None = None

    def play(self, cue: Cue) -> Heard:
        steps: list[Step] = []
        refusal: Refusal | None = None
        while (case := self._case()) is not None and (wake := next_wake(case)) is not None and wake <= cue.at:
            steps += self._kept(settle(icon(), case, wake))
        for event in cue.events:
            case = self._case()
            if case is None:
                assert isinstance(event, Referred)
                opened = open_case(icon(), CaseId("another"), event, cue.at)
                assert isinstance(opened, Step)
                steps += self._kept((opened,))
            else:
                progress = proceed(icon(), case, EVENT.validate_json(EVENT.dump_json(event)), cue.at)
                steps += self._kept(progress.steps)
                refusal = progress.refusal
        return Heard(steps=tuple(steps), refusal=refusal, case=self._case())

    def _case(self) -> Case | None:
        return None if self.value is None else case_from(json.loads(json.dumps(self.value)))

    def _kept(self, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        if steps:
            self.value = value_of(steps[-1].case)
        return steps


@pytest.mark.parametrize("name", [S1, "s2_lost_handover", "risk_at_night"])
def test_two_drivers_leave_the_same_trace(name: str) -> None:
    """Case ids and JSON make no difference; the durable case is held against the same text."""
    reading = icon_scenario(name)
    scenario = _scenario(reading)
    driver = ByJson()
    other = report(icon(), scenario, [driver.play(cue) for cue in cues_of(icon(), scenario)], reading.lines)
    mine = run(icon(), scenario, reading.lines)
    assert other.passed
    assert other.trace.canonical() == mine.trace.canonical()


def test_the_trace_has_refusals_in_their_place() -> None:
    """A refused action leaves no event, and is seen all the same."""
    reading = icon_scenario(S1)
    lines = [json.loads(line) for line in run(icon(), _scenario(reading)).trace.canonical().splitlines()]
    refused = [line["refused"][0]["name"] for line in lines if "refused" in line]
    assert refused == [
        "share_with_family",
        "minimum_support",
        "minimum_support",
        "share_at_handover",
        "four_week_overlap",
    ]
