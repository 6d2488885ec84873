"""Ways through ICoN: what people do, one after the other, each possible at once after the one before."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final, Literal

from pathway_model.case import ANSWERED, ConsentStatus, Value
from pathway_model.compiled import compile_pathway
from pathway_model.events import ActionTaken, ConsentRecorded, HandoverAnswered, InterruptRaised
from pathway_model.pathway import Pathway
from use_cases.definitions import read_definition
from workflows.messages import SentEvent

Doing = tuple[str, Callable[[datetime, str], SentEvent]]
"""What it is called, and its event: of when, and of the case that it is about."""

_ICON: Final = Path(__file__).parents[2] / "pathways" / "icon" / "1.yaml"


@cache
def icon() -> Pathway:
    """ICoN, as its file has it."""
    read = read_definition(_ICON)
    assert read.definition is not None, read.problems
    return compile_pathway(read.definition)


def act(by: str, action: str, **answers: Value) -> Doing:
    """Somebody takes an action."""
    return action, lambda at, _: ActionTaken(at=at, by=by, action=action, answers=answers)


def consent(consent: str, party: str, status: ConsentStatus) -> Doing:
    """The keyworker records what the person said; a contact is named by its kind."""

    def event(at: datetime, case: str) -> ConsentRecorded:
        who = f"{case}-{party}" if party in icon().definition.contacts else party
        return ConsentRecorded(at=at, by="keyworker", consent=consent, party=who, status=status)

    return f"{consent}-{status}", event


def answer(by: str, handover: str, answer: Literal["receive", "accept"]) -> Doing:
    """A receiver answers."""
    return f"{handover}-{answer}", lambda at, _: HandoverAnswered(at=at, by=by, handover=handover, answer=answer)


def interrupt(by: str, interrupt: str, **answers: Value) -> Doing:
    """Something happens that every step accepts."""
    return interrupt, lambda at, _: InterruptRaised(at=at, by=by, interrupt=interrupt, answers=answers)


def returned(by: str) -> Doing:
    """The person is back since an hour."""
    back = timedelta(hours=1)
    return "end_pause", lambda at, _: ActionTaken(at=at, by=by, action="end_pause", answers={"returned": at - back})


_ASSESSED: Final = (
    act("duty_coordinator", "acknowledge"),
    act("duty_coordinator", "complete_referral", reason=ANSWERED, substances=("alcohol", "other")),
    act("mental_health_practitioner", "agree_assessment", findings=ANSWERED),
    act("substance_use_coordinator", "agree_assessment", findings=ANSWERED),
)
_PLANNED: Final = (
    consent("share_with_gp", "gp", "given"),
    consent("share_with_family", "family_member", "given"),
    act("keyworker", "agree_plan", life_goals=ANSWERED, plan_agreed=True, wellbeing=7),
)

JOURNEYS: Final[Mapping[str, tuple[Doing, ...]]] = {
    "to the overlap": (
        *_ASSESSED,
        *_PLANNED,
        act("keyworker", "begin_therapy"),
        act("psychologist", "record_contact", attendance="on_time"),
        consent("share_with_family", "family_member", "withdrawn"),
        act("team_manager", "end_early", early_reason="own_choice"),
        consent("share_at_handover", "local_mental_health", "given"),
        consent("share_at_handover", "local_recovery", "given"),
        act(
            "keyworker",
            "request_handovers",
            receivers=("local_mental_health", "local_recovery"),
            life_goals=ANSWERED,
            wellbeing=12,
        ),
        answer("mental_health_receiver", "mental_health_handover", "accept"),
        answer("recovery_receiver", "recovery_handover", "accept"),
    ),
    "a worry and a ward": (
        *_ASSESSED[:2],
        interrupt("keyworker", "risk", worry=ANSWERED),
        act("duty_clinician", "respond_to_risk"),
        act("duty_clinician", "end_risk", safety_plan=ANSWERED),
        *_ASSESSED[2:],
        act("keyworker", "record_contact", attendance="not_there"),
        act("keyworker", "record_attempt", attempt="phone"),
        *_PLANNED,
        interrupt(
            "keyworker",
            "pause",
            pause_reason="psychiatric_ward",
            pause_contact=ANSWERED,
            expected_end=datetime(2030, 1, 1).date(),  # noqa: DTZ001 - a date
        ),
        returned("keyworker"),
        act("keyworker", "begin_therapy"),
    ),
    "a death": (
        *_ASSESSED[:2],
        interrupt("keyworker", "risk", worry=ANSWERED),
        act("mental_health_practitioner", "agree_assessment", findings=ANSWERED),
        interrupt("team_manager", "died"),
    ),
}
