"""One person, taken through ICoN to a handover by the use cases."""

from handrail.acting import Words, act_on, read_contact
from pathway_model.language.names import CaseId
from tests.use_cases.conftest import Desks
from use_cases.outcomes import Done
from use_cases.perform import Asked
from use_cases.refer import Referral, refer

NHS_NUMBER = "9999740375"

ROBIN = Referral(
    pathway="icon",
    name="Robin Ash",
    nhs_number=NHS_NUMBER,
    contacts=(read_contact("gp=Dr Lee <lee@example.org>"), read_contact("family_member=Sam Ash")),
    by="duty_coordinator",
    request="referral",
)

TO_HANDOVER = (
    ("duty_coordinator", Words(action="acknowledge")),
    (
        "duty_coordinator",
        Words(action="complete_referral", answers={"reason": "Secret reason", "substances": "alcohol"}),
    ),
    ("mental_health_practitioner", Words(action="agree_assessment", answers={"findings": "Secret findings"})),
    ("substance_use_coordinator", Words(action="agree_assessment")),
    ("keyworker", Words(action="consent", consent="share_with_gp", status="given")),
    ("keyworker", Words(action="consent", consent="share_with_family", status="refused")),
    (
        "keyworker",
        Words(action="agree_plan", answers={"life_goals": "Secret goals", "plan_agreed": "yes", "wellbeing": "7"}),
    ),
    ("keyworker", Words(action="risk", answers={"worry": "Secret worry"})),
    ("team_manager", Words(action="end_early", answers={"early_reason": "own_choice"})),
    ("keyworker", Words(action="consent", consent="share_at_handover", party="local_recovery", status="given")),
    ("keyworker", Words(action="consent", consent="share_at_handover", party="local_mental_health", status="refused")),
    (
        "keyworker",
        Words(
            action="request_handovers",
            answers={"receivers": "local_mental_health,local_recovery", "life_goals": "Work", "wellbeing": "9"},
        ),
    ),
)


async def refer_robin(at_desk: Desks) -> CaseId:
    """Refer one person; answer their case."""
    outcome = await refer(at_desk("duty_coordinator"), ROBIN)
    assert isinstance(outcome, Done), outcome
    return outcome.case


async def hand_over(at_desk: Desks) -> CaseId:
    """Take one person as far as two requested handovers; the recovery service may know, the other may not."""
    case = await refer_robin(at_desk)
    for role, words in TO_HANDOVER:
        outcome = await act_on(at_desk(role), Asked(case=case, by=role), words)
        assert isinstance(outcome, Done), (words, outcome)
    return case
