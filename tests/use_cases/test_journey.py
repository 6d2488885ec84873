"""One person from referral to closing, by the words of the command line, while half a year goes by."""

from datetime import timedelta

from handrail.acting import Words, act_on
from pathway_model.language.names import CaseId
from tests.use_cases.conftest import Desks
from tests.use_cases.in_process import InProcessCases
from tests.use_cases.journey import hand_over
from use_cases.list_cases import Caseload, list_cases
from use_cases.outcomes import Done, Refused
from use_cases.perform import Asked
from use_cases.see_case import see_case


async def test_a_person_is_taken_to_closing_through_a_decline_a_risk_and_a_correction(
    at_desk: Desks, cases: InProcessCases
) -> None:
    case = await hand_over(at_desk)
    await _do(at_desk, case, "duty_clinician", Words(action="respond_to_risk"))
    await _do(at_desk, case, "duty_clinician", Words(action="end_risk", answers={"safety_plan": "A number to ring"}))
    await _do(at_desk, case, "keyworker", Words(action="correct", answers={"wellbeing": "8"}))
    declined = Words(
        action="decline", handover="mental_health_handover", reason="no_room_now", alternative="local_recovery"
    )
    await _do(at_desk, case, "mental_health_receiver", declined)
    both = {"receivers": "local_mental_health,local_recovery"}
    await _do(at_desk, case, "keyworker", Words(action="request_again", answers=both))
    for role, handover in (("recovery", "recovery_handover"), ("mental_health", "mental_health_handover")):
        for answer in ("receive", "accept"):
            await _do(at_desk, case, f"{role}_receiver", Words(action=answer, handover=handover))
    early = await act_on(at_desk("keyworker"), Asked(case=case, by="keyworker"), Words(action="end_overlap"))
    assert isinstance(early, Refused)
    assert early.reasons[0].earliest is not None
    cases.now += timedelta(weeks=5)
    await _do(at_desk, case, "keyworker", Words(action="end_overlap"))
    await _do(at_desk, case, "keyworker", Words(action="offer_follow_up", answers={"offer": "phone"}))
    await _do(at_desk, case, "keyworker", Words(action="record_outcome", answers={"outcome": "attended"}))
    view = see_case(at_desk("team_manager"), case)
    assert view.outcome == "completed"
    assert [entry.action for entry in view.can_do if entry.kind == "action"] == []
    assert [line.case for line in list_cases(at_desk("team_manager"), Caseload(status="ended"))] == [case]
    wellbeing = next(answer for answer in view.answers if answer.fact == "wellbeing")
    assert [(given.said, given.correction) for given in wellbeing.given] == [("7", False), ("9", False), ("8", True)]


async def _do(at_desk: Desks, case: CaseId, role: str, words: Words) -> None:
    outcome = await act_on(at_desk(role), Asked(case=case, by=role), words)
    assert isinstance(outcome, Done), (words, outcome)
