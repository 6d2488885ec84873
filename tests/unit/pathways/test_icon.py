"""ICoN as it is shipped: it reads, it stays readable, and every scenario beside it comes out as written."""

from collections.abc import Iterator
from itertools import accumulate
from typing import Final

import pytest

from pathway_model.case import Case
from pathway_model.changes import JsonObject, case_from, changes, fold, value_of
from pathway_model.effects import SendNotice
from pathway_model.events import ActionTaken, ClockCameDue, HandoverAnswered, InterruptRaised
from pathway_model.ladders import schedule
from pathway_model.language.names import MAIN
from pathway_model.outcome import Step
from pathway_model.scenarios.expectations import Heard
from pathway_model.scenarios.runner import InMemory, cues_of, run
from tests.unit.pathways.files import PATHWAYS, icon, icon_scenario, reading_of, scenario_files

BEHAVIOURS: Final = {
    "I1": "a planned exit before six months is refused, with the date from which it is possible",
    "I2": "every transition to a local service is accepted by the receiver before ICoN lets go",
    "I3": "no case is completed without a follow-up review offered and its outcome recorded",
    "I4": "messages to family go out only with current consent",
    "I5": "the case is never without an owner",
    "I6": "phases run in order, and life goals are recorded and carried through",
}
NAMES: Final = [path.stem for path in scenario_files("icon")]
OUR_ROLES: Final = frozenset(icon().definition.agencies["icon"].roles)


def test_icon_reads_without_a_finding() -> None:
    """The definition and the fragments that it uses are sound."""
    assert reading_of("icon", 1).problems == ()


def test_icon_needs_fewer_than_250_lines() -> None:
    """A service manager reads it in one sitting."""
    assert len((PATHWAYS / "icon" / "1.yaml").read_text().splitlines()) < 250


@pytest.mark.parametrize("file", ["icon/1.yaml", "shared/standard-1.yaml"])
def test_no_line_nests_braces_more_than_twice(file: str) -> None:
    """One level of braces on a line, two where that truly reads better."""
    lines = (PATHWAYS / file).read_text().splitlines()
    deep = [line for line in lines if max(_depths(line), default=0) > 2]
    assert deep == []


def _depths(line: str) -> Iterator[int]:
    yield from accumulate({"{": 1, "}": -1}.get(character, 0) for character in line)


def test_every_number_of_days_is_marked_as_an_assumption() -> None:
    """The definition says at its head that its numbers are ours until a clinician agrees them."""
    notes = [note.assumption for note in icon().definition.notes if note.assumption is not None]
    assert any("ours" in note for note in notes)


@pytest.mark.parametrize("name", NAMES)
def test_scenario_comes_out_as_written(name: str) -> None:
    """The story, played on the core, shows what its designer expects after every line."""
    reading = icon_scenario(name)
    assert reading.problems == ()
    assert reading.scenario is not None
    assert reading.scenario.scenario == name
    report = run(icon(), reading.scenario, reading.lines)
    assert [str(difference) for difference in report.differences] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_line_asserts_step_owner_and_next_due(name: str) -> None:
    """No line of a shipped scenario only passes by."""
    scenario = icon_scenario(name).scenario
    assert scenario is not None
    silent = [
        str(line.at) for line in scenario.story if None in (line.expect.step, line.expect.owner, line.expect.next_due)
    ]
    assert silent == []


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_each_behaviour_is_shown_by_a_scenario(behaviour: str) -> None:
    """I1 to I6 of the service's description each have a story."""
    assert any(behaviour in shown for shown in _shown())


def test_scenarios_show_known_behaviours_only() -> None:
    """A mistyped behaviour would show nothing."""
    assert {behaviour for shown in _shown() for behaviour in shown} <= set(BEHAVIOURS)


def test_the_scenarios_enter_every_step_and_take_every_action() -> None:
    """Interrupts among them: no part of the definition is only hoped to work."""
    events = [step.event for name in NAMES for step in _steps(name)]
    entered = {strand.step for name in NAMES for step in _steps(name) for strand in step.case.strands.values()}
    assert entered == set(icon().steps)
    assert {event.action for event in events if isinstance(event, ActionTaken)} == set(icon().actions)
    assert {event.interrupt for event in events if isinstance(event, InterruptRaised)} == set(icon().interrupts)


def test_the_scenarios_climb_every_ladder_to_its_last_rung() -> None:
    """Every clock of ICoN is seen to warn, fall due and tell all whom it should."""
    climbed: dict[str, int] = {}
    left: set[str] = set()
    for name in NAMES:
        for step in _steps(name):
            if isinstance(step.event, ClockCameDue):
                turn = step.case.clocks[step.event.turn]
                rungs = len(schedule(turn, icon()))
                climbed[turn.clock] = max(climbed.get(turn.clock, 0), turn.fired)
                left = left - {turn.clock} if climbed[turn.clock] == rungs else left | {turn.clock}
    assert set(climbed) == set(icon().clocks)
    assert left == set()


def test_i1_planned_exit_before_six_months_is_refused_with_the_date() -> None:
    """S1, 27 February: refused, from the 28th."""
    heard = _heard("s1_from_referral_to_closing")
    refusals = [reason for one in heard if one.refusal for reason in one.refusal.reasons]
    early = [reason for reason in refusals if reason.name == "minimum_support"]
    assert early
    assert {str(reason.earliest) for reason in early} == {"2026-02-28 00:00:00+00:00"}


@pytest.mark.parametrize("name", NAMES)
def test_i2_icon_owns_until_the_receiver_of_the_case_accepts(name: str) -> None:
    """The case never has an owner outside ICoN before that owner's agency has accepted it."""
    accepted = False
    for step in _steps(name):
        event = step.event
        accepted = accepted or (isinstance(event, HandoverAnswered) and event.answer == "accept")
        owner = step.case.strands[MAIN].owner
        assert owner in OUR_ROLES or accepted
        if step.case.strands[MAIN].step == "overlap":
            states = [state.status for state in step.case.handovers.values() if state.status != "withdrawn"]
            assert set(states) == {"accepted"}


@pytest.mark.parametrize("name", NAMES)
def test_i3_completed_only_after_an_offer_and_its_outcome(name: str) -> None:
    """Whoever is closed as completed was offered a follow-up review, and what came of it is recorded."""
    case = _last_case(name)
    if case.outcome == "completed":
        assert case.facts["offer"]
        assert case.facts["outcome"]


def test_i4_nothing_goes_to_the_sister_without_her_consent() -> None:
    """S1: consent from 5 September to 10 November, and not a message outside that time."""
    told = [
        f"{step.event.at:%Y-%m-%d}"
        for step in _steps("s1_from_referral_to_closing")
        for effect in step.effects
        if isinstance(effect, SendNotice) and effect.recipient == "sister"
    ]
    assert told == ["2025-09-22"]


@pytest.mark.parametrize("name", NAMES)
def test_i5_every_strand_always_has_an_owner(name: str) -> None:
    """After every event, each open strand is owned by a role of the pathway."""
    for step in _steps(name):
        owners = {strand.owner for strand in step.case.strands.values()}
        assert owners <= set(icon().agency_of)


@pytest.mark.parametrize("name", NAMES)
def test_i5_no_waiting_case_is_without_a_clock(name: str) -> None:
    """As long as a case waits, something of it is due (or frozen by a pause that is itself due)."""
    for step in _steps(name):
        if step.case.outcome is None:
            assert any(turn.wake is not None or turn.state == "missed" for turn in step.case.clocks.values())


@pytest.mark.parametrize("name", NAMES)
def test_i6_phases_run_in_order(name: str) -> None:
    """No phase is skipped or returned to; only an ending may come early."""
    order = list(icon().definition.phases)
    seen = list(dict.fromkeys(icon().steps[step.case.strands[MAIN].step].phase for step in _steps(name)))
    on_the_way = [phase for phase in seen if phase != "endings"]
    assert on_the_way == order[: len(on_the_way)]


def test_i6_life_goals_are_asked_at_the_plan_each_review_and_the_handover() -> None:
    """S1: once at the plan, twice at reviews, once when the handovers are requested."""
    assert len(_last_case("s1_from_referral_to_closing").facts["life_goals"]) == 4


@pytest.mark.parametrize("name", NAMES)
def test_every_case_value_survives_its_json_form(name: str) -> None:
    """What a durable case carries and records keep is the case itself."""
    for step in _steps(name):
        assert case_from(value_of(step.case)) == step.case


@pytest.mark.parametrize("name", NAMES)
def test_folding_the_changes_rebuilds_the_case(name: str) -> None:
    """Each row's patch, folded in order, gives the case after it: nothing is decided again."""
    value: JsonObject = {}
    before: Case | None = None
    for step in _steps(name):
        value = fold(value, changes(before, step.case))
        before = step.case
        assert case_from(value) == step.case


def _shown() -> list[tuple[str, ...]]:
    return [reading.scenario.shows for name in NAMES if (reading := icon_scenario(name)).scenario is not None]


def _heard(name: str) -> list[Heard]:
    scenario = icon_scenario(name).scenario
    assert scenario is not None
    driver = InMemory(icon())
    return [driver.play(cue) for cue in cues_of(icon(), scenario)]


def _steps(name: str) -> list[Step]:
    return [step for heard in _heard(name) for step in heard.steps]


def _last_case(name: str) -> Case:
    case = _heard(name)[-1].case
    assert case is not None
    return case
