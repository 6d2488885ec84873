"""The demonstration people: made up, and taken part-way through ICoN by the same acts as everybody.

Each act has a request id of its own, so showing them again on the same data directory changes nothing. Time is never
pretended: what began some days ago is entered late, as a real service would, and its clocks say so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from handrail.acting import Words, act_on, read_contact
from handrail.embedded.supervise import Say
from pathway_model.language.names import CaseId
from use_cases.desk import Desk
from use_cases.outcomes import Done, Outcome
from use_cases.perform import Asked
from use_cases.refer import Referral, Way, refer

PATHWAY: Final = "icon"

_ACKNOWLEDGED: Final = ("duty_coordinator: acknowledge",)
_ASSESSING: Final = (
    *_ACKNOWLEDGED,
    "duty_coordinator: complete_referral reason=Referred_by_the_hostel substances=alcohol,other",
)
_SIGNED_ONCE: Final = (*_ASSESSING, "mental_health_practitioner: agree_assessment findings=Low_mood_and_drinking_daily")
_ENGAGED: Final = (*_SIGNED_ONCE, "substance_use_coordinator: agree_assessment")
_SUPPORTED: Final = (
    *_ENGAGED,
    "keyworker: consent share_with_gp given",
    "keyworker: consent share_with_family given",
    "keyworker: agree_plan life_goals=Back_to_the_allotment plan_agreed=yes wellbeing=7",
)
_IN_THERAPY: Final = (*_SUPPORTED, "keyworker: begin_therapy")
_READY: Final = (
    *_IN_THERAPY,
    "psychologist: finish_therapy",
    "mental_health_practitioner: finish_mental_health",
    "substance_use_coordinator: finish_substance_use",
    "keyworker: finish_family",
)
_HANDING_OVER: Final = (
    *_SUPPORTED,
    "team_manager: end_early early_reason=own_choice",
    "keyworker: consent share_at_handover local_mental_health given",
    "keyworker: consent share_at_handover local_recovery given",
    "keyworker: request_handovers receivers=local_mental_health,local_recovery life_goals=A_job wellbeing=12",
    "mental_health_receiver: receive mental_health_handover",
)
_OVERLAPPING: Final = (
    *_HANDING_OVER,
    "mental_health_receiver: accept mental_health_handover",
    "recovery_receiver: accept recovery_handover",
)
_OFFERED: Final = (
    *_SUPPORTED,
    "team_manager: end_early early_reason=own_choice",
    "team_manager: move_on_alone why_nobody=own_choice",
    "keyworker: offer_follow_up offer=phone",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One made-up person, and how far they have come.

    Attributes:
        days_ago: When they were referred; what is entered late follows in the same order.
        acts: `role: act name=value …`; an underscore stands for a space.
    """

    name: str
    nhs_number: str
    days_ago: int = 0
    acts: tuple[str, ...] = ()


PEOPLE: Final = (
    Story(name="Ash Bramley", nhs_number="9999740375"),
    Story(name="Blake Corrie", nhs_number="9999819567", days_ago=9),
    Story(name="Cass Dunmore", nhs_number="9999898750", acts=_ASSESSING),
    Story(name="Drew Ellery", nhs_number="9990057133", days_ago=1, acts=_SIGNED_ONCE),
    Story(name="Eden Farrow", nhs_number="9990136327", acts=_ENGAGED),
    Story(name="Frankie Garth", nhs_number="9990215510", days_ago=30, acts=_SUPPORTED),
    Story(
        name="Gale Hartley",
        nhs_number="9990294704",
        acts=(
            *_IN_THERAPY,
            "psychologist: record_contact attendance=not_there",
            "keyworker: risk worry=Not_seen_today",
        ),
    ),
    Story(
        name="Harper Innes",
        nhs_number="9990373892",
        acts=(
            *_SUPPORTED,
            "keyworker: pause pause_reason=psychiatric_ward pause_contact=Ward_3 expected_end=2030-01-31",
        ),
    ),
    Story(name="Indra Jessop", nhs_number="9990400032", acts=_READY),
    Story(name="Jude Kinder", nhs_number="9990400040", acts=_HANDING_OVER),
    Story(name="Kit Lorne", nhs_number="9990400059", acts=_OVERLAPPING),
    Story(name="Lane Marsh", nhs_number="9990400067", acts=_OFFERED),
    Story(
        name="Morgan Nash",
        nhs_number="9990400075",
        acts=(*_OFFERED, "keyworker: record_outcome outcome=attended"),
    ),
)


async def show_people(desk: Desk, say: Say) -> None:
    """Refer the demonstration people and take each as far as their story goes; once, however often it is called."""
    for number, story in enumerate(PEOPLE, start=1):
        say(f"Demonstration people: {number} of {len(PEOPLE)}")
        await _show(desk, number, story)


async def _show(desk: Desk, number: int, story: Story) -> None:
    outcome = await refer(desk, _referral(desk, number, story))
    if not isinstance(outcome, Done):
        return
    case = outcome.case
    for place, (asked, words) in enumerate(_acts(desk, case, number, story), start=1):
        if not isinstance(await _act(desk, asked, words, place), Done):
            # Somebody has worked with this person since; the story is theirs now.
            return


async def _act(desk: Desk, asked: Asked, words: Words, place: int) -> Outcome:
    return await act_on(desk, replace(asked, request=f"{asked.request}-{place}"), words)


def _referral(desk: Desk, number: int, story: Story) -> Referral:
    mail = f"{story.name.split()[0].lower()}@example.org"
    return Referral(
        pathway=PATHWAY,
        name=story.name,
        nhs_number=story.nhs_number,
        ways=(Way(channel="email", address=mail),),
        contacts=(
            read_contact("referrer=Hostel team <hostel@example.org>"),
            read_contact(f"gp=Dr Lee <surgery-{number}@example.org>"),
            read_contact(f"family_member=Family of {story.name.split()[0]} <family-{number}@example.org>"),
        ),
        by="referrer",
        happened=_happened(desk, story),
        request=f"demonstration-{number}",
    )


def _acts(desk: Desk, case: CaseId, number: int, story: Story) -> Iterator[tuple[Asked, Words]]:
    for text in story.acts:
        role, _, rest = text.partition(": ")
        asked = Asked(case=case, by=role, happened=_happened(desk, story), request=f"demonstration-{number}")
        yield asked, _words(rest)


def _happened(desk: Desk, story: Story) -> datetime | None:
    """When a story that began earlier happened; none for what happens now."""
    return desk.now - timedelta(days=story.days_ago) if story.days_ago else None


def _words(text: str) -> Words:
    """An act as it would stand on the command line."""
    action, *rest = text.split()
    answers = dict(pair.split("=", 1) for pair in rest if "=" in pair)
    bare = [word for word in rest if "=" not in word]
    if action == "consent":
        return Words(action=action, consent=bare[0], party=bare[1] if len(bare) > 2 else None, status=bare[-1])  # noqa: PLR2004 - a party in the middle
    if bare:
        return Words(action=action, handover=bare[0])
    return Words(action=action, answers={name: _said(value) for name, value in answers.items()})


def _said(value: str) -> str:
    """Sentences begin with a capital letter and have spaces; choices are names."""
    return value.replace("_", " ") if value[:1].isupper() else value
