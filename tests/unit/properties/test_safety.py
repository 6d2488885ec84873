"""What no journey, however odd, may lead to: the promises that a pathway makes to a person."""

from collections.abc import Iterator
from datetime import datetime

from hypothesis import given

from pathway_model.calendar import add_months, local_day
from pathway_model.case import Case, StrandState
from pathway_model.effects import EndCase, OpenLinkedCase, SendNotice
from pathway_model.events import ActionTaken, ClockCameDue, ConsentRecorded, HandoverAnswered, InterruptRaised
from pathway_model.language.names import MAIN
from pathway_model.outcome import Step
from pathway_model.pathway import THROUGHOUT, Place
from pathway_model.requirements import ACCEPTED, PENDING
from tests.unit.pathways.files import icon
from tests.unit.properties.journeys import Journey, journeys
from tests.unit.properties.profile import thoroughly


@thoroughly
@given(journeys())
def test_a_case_is_never_without_an_owner(journey: Journey) -> None:
    """Each strand has a role of the definition; the main one is there from first to last."""
    for step in journey.steps:
        assert MAIN in step.case.strands
        for state in step.case.strands.values():
            assert state.owner in icon().agency_of


@thoroughly
@given(journeys())
def test_the_case_changes_agency_only_when_a_receiver_accepts(journey: Journey) -> None:
    for before, step in _pairs(journey):
        for key, state in step.case.strands.items():
            earlier = before.strands.get(key)
            if earlier is not None and icon().agency_of[earlier.owner] != icon().agency_of[state.owner]:
                assert isinstance(step.event, HandoverAnswered)
                assert step.event.answer == "accept"
                assert icon().handovers[step.event.handover].passes in {key, "case"}


@thoroughly
@given(journeys())
def test_every_step_that_waits_is_covered_by_a_clock(journey: Journey) -> None:
    """A deadline in force there runs or has been missed; while all is paused, the pause's own clock runs."""
    for step in journey.steps:
        for key, state in step.case.strands.items():
            if state.open and icon().steps[state.step].ends is None:
                assert _covered(step.case, key, state), (key, state, step.case.clocks)


@thoroughly
@given(journeys())
def test_a_missed_clock_is_always_somebodys_job(journey: Journey) -> None:
    """Rungs are still to come, or the ladder has ended at a role that is not the owner of what is late."""
    for step in journey.steps:
        for key, turn in step.case.clocks.items():
            if turn.state == "missed" and turn.wake is None:
                told = [job.role for job in step.case.jobs.values() if job.about == key]
                assert set(told) - {step.case.strands[turn.strand].owner}, (key, turn, step.case.jobs)


@thoroughly
@given(journeys())
def test_clocks_come_due_in_order_and_never_late(journey: Journey) -> None:
    """Those that are settled together carry the instants that were due, in their order, none later than entered."""
    settled: list[tuple[datetime, datetime]] = []
    for step in journey.steps:
        if not isinstance(step.event, ClockCameDue):
            settled = []
            continue
        assert step.event.at <= step.entered
        if settled and settled[-1][1] == step.entered:
            assert settled[-1][0] <= step.event.at
        settled.append((step.event.at, step.entered))


@thoroughly
@given(journeys())
def test_six_months_are_kept_unless_somebody_takes_the_exception(journey: Journey) -> None:
    began: datetime | None = None
    for before, step in _pairs(journey):
        was, is_now = _phase(before), _phase(step.case)
        if was != "intervention" and is_now == "intervention":
            began = step.event.at
        if was == "intervention" and is_now == "transition":
            assert isinstance(step.event, ActionTaken)
            assert began is not None
            early = local_day(step.event.at) < add_months(local_day(began), 6)
            assert not early or step.event.action == "end_early"


@thoroughly
@given(journeys())
def test_a_phase_is_left_with_its_strands_finished_and_its_handovers_answered(journey: Journey) -> None:
    """Unless the action says that it ends strands, or an interrupt ends the case."""
    for before, step in _pairs(journey):
        was = _phase(before)
        event = step.event
        if was == _phase(step.case) or (isinstance(event, ActionTaken) and _ends_strands(event.action)):
            continue
        if step.case.outcome in {None, "completed"}:
            unfinished = [state for state in before.strands.values() if icon().steps[state.step].phase == was]
            assert all(state.kind == MAIN or icon().steps[state.step].ends == "strand" for state in unfinished)
            for name in icon().handovers_of.get(was or "", ()):
                assert name not in before.handovers or before.handovers[name].status not in PENDING


@thoroughly
@given(journeys())
def test_whom_a_ladder_tells_is_somebody(journey: Journey) -> None:
    """Where all roles of a rung are empty the next ones are told at once, until somebody is there or none is left."""
    for step in journey.steps:
        for key, turn in step.case.clocks.items():
            if turn.state == "missed" and turn.wake is not None:
                told = {job.role for job in step.case.jobs.values() if job.about == key}
                assert told - {*step.case.nobody_in}, (key, turn)


@thoroughly
@given(journeys())
def test_nobody_is_completed_without_an_outcome_of_the_follow_up(journey: Journey) -> None:
    """Nor while an interrupt is open: whoever is at risk, away or moving is not done with."""
    for before, step in _pairs(journey):
        if step.case.outcome == "completed" and before.outcome is None:
            assert step.case.facts["offer"]
            assert step.case.facts["outcome"]
            assert not [state for state in before.strands.values() if state.kind in icon().interrupts]


@thoroughly
@given(journeys())
def test_family_hear_only_with_consent_given_at_the_time(journey: Journey) -> None:
    """Followed from the events alone, not from what the case believes."""
    consented: set[tuple[str, str]] = set()
    family = {contact for contact, kind in journey.end.contacts.items() if kind == "family_member"}
    for step in journey.steps:
        if isinstance(step.event, ConsentRecorded):
            key = (step.event.consent, step.event.party)
            (consented.add if step.event.status == "given" else consented.discard)(key)
        for effect in step.effects:
            if isinstance(effect, SendNotice) and effect.recipient in family:
                assert ("share_with_family", effect.recipient) in consented


@thoroughly
@given(journeys())
def test_after_the_end_nothing_moves(journey: Journey) -> None:
    """What is said afterwards is kept, receivers carry on, a new referral opens a linked case: no more than that."""
    for before, step in _pairs(journey):
        if before.outcome is None:
            ends = [effect for effect in step.effects if isinstance(effect, EndCase)]
            assert bool(ends) == (step.case.outcome is not None)
            continue
        assert (step.case.outcome, step.case.strands) == (before.outcome, before.strands)
        assert step.case.clocks == {}
        for name, handover in step.case.handovers.items():
            earlier = before.handovers[name]
            assert handover == earlier or {handover.status, earlier.status} <= {*ACCEPTED}
        assert not any(isinstance(effect, SendNotice | EndCase) for effect in step.effects)
        linked = any(isinstance(effect, OpenLinkedCase) for effect in step.effects)
        assert linked == isinstance(step.event, InterruptRaised)


@thoroughly
@given(journeys())
def test_after_a_death_nothing_outward_is_sent(journey: Journey) -> None:
    dead = False
    for step in journey.steps:
        dead = dead or (isinstance(step.event, InterruptRaised) and step.event.interrupt == "died")
        assert not (dead and any(isinstance(effect, SendNotice) for effect in step.effects))


@thoroughly
@given(journeys())
def test_a_reason_that_is_never_allowed_moves_nothing_and_is_looked_into(journey: Journey) -> None:
    for before, step in _pairs(journey):
        event = step.event
        if not isinstance(event, HandoverAnswered) or event.answer != "decline":
            continue
        never = icon().handovers[event.handover].never_for
        if never is not None and event.reason in never.reasons:
            assert (step.case.strands, step.case.handovers) == (before.strands, before.handovers)
            assert step.case.counts["exclusions"] == before.counts.get("exclusions", 0) + 1
            told = {job.role for job in step.case.jobs.values() if job.about == f"refused reason {event.handover}"}
            assert told == set(never.job_for)


@thoroughly
@given(journeys())
def test_ending_an_interrupt_leaves_every_other_strand_where_it_was(journey: Journey) -> None:
    """Only what leaves by itself may have waited for it: a handover that was accepted in a pause."""
    for before, step in _pairs(journey):
        if isinstance(step.event, ActionTaken) and step.event.action in {"end_risk", "end_pause"}:
            for key, state in step.case.strands.items():
                assert before.strands[key] == state or icon().steps[before.strands[key].step].by_itself


def test_every_ladder_ends_at_another_role_than_the_owners() -> None:
    """Whoever owns the steps where a clock is in force, its last rung tells somebody else as well."""
    for clock in icon().clocks.values():
        if clock.model.at_least is None:
            last = [role for role, times in clock.model.escalate.items() if times]
            owners = {step.owner for step in icon().steps.values() if clock.place in step.places}
            assert set(last) - owners - {"owner"}, clock.name


def _pairs(journey: Journey) -> Iterator[tuple[Case, Step]]:
    before = journey.opened.case
    for step in journey.steps[1:]:
        yield before, step
        before = step.case


def _phase(case: Case) -> str | None:
    return icon().phase_of(case.strands[MAIN].step)


def _ends_strands(action: str) -> bool:
    return any(written.model.ends_strands for written in icon().actions[action])


def _covered(case: Case, key: str, state: StrandState) -> bool:
    """A clock covers the strand it is written in; those of a phase or throughout cover all that is done there."""
    step = icon().steps[state.step]
    paused = any(other.step == "paused" for other in case.strands.values() if other.open)
    for turn in case.clocks.values():
        clock = icon().clocks[turn.clock]
        own = clock.place in step.places and turn.strand == key
        around = clock.place in {Place("phase", step.phase or ""), THROUGHOUT} or clock.place.kind == "handover"
        runs = paused if turn.frozen is not None else turn.state in {"running", "missed"}
        if clock.model.at_least is None and (own or around) and runs:
            return True
    return False
