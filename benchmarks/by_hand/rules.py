"""ICoN as one would write it by hand: an `if` for each rule of scenario S1's way through it. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from benchmarks.by_hand.messages import Deed, Icon, Notice

COORDINATOR: Final = "duty_coordinator"
PRACTITIONER: Final = "mental_health_practitioner"
SUBSTANCES: Final = "substance_use_coordinator"
WORKING_WEEK: Final = 5
HANDOVERS: Final = {
    "mental_health_handover": ("mental_health", "mental_health_receiver"),
    "recovery_handover": ("substance_use", "recovery_receiver"),
}
STRANDS: Final = {"mental_health": PRACTITIONER, "substance_use": SUBSTANCES, "family": "keyworker"}
MOVES: Final = {  # action: (step before, step after, owner after)
    "complete_referral": ("referred", "joint_assessment", PRACTITIONER),
    "agree_plan": ("engagement", "stabilise", "keyworker"),
    "begin_therapy": ("stabilise", "therapy", "psychologist"),
    "finish_therapy": ("therapy", "life_goals_work", "keyworker"),
    "start_transition": ("life_goals_work", "plan_transition", "keyworker"),
    "request_handovers": ("plan_transition", "handing_over", "keyworker"),
    "end_overlap": ("overlap", "follow_up_due", "keyworker"),
    "offer_follow_up": ("follow_up_due", "follow_up_offered", "keyworker"),
    "book_follow_up": ("follow_up_offered", "follow_up_booked", "keyworker"),
    "record_outcome": ("follow_up_booked", "closed", "team_manager"),
}
ASKS: Final = {
    "complete_referral": {"reason", "substances"},
    "agree_assessment": {"findings"},
    "agree_plan": {"life_goals", "plan_agreed", "wellbeing"},
    "record_contact": {"attendance"},
    "record_review": {"wellbeing", "life_goals"},
    "request_handovers": {"receivers", "life_goals", "wellbeing"},
    "offer_follow_up": {"offer"},
    "book_follow_up": {"review_at"},
    "record_outcome": {"outcome"},
}
ACTIVITY: Final = ("record_contact", "record_review", "finish_")


def refusals(icon: Icon, deed: Deed, now: datetime) -> list[str]:
    """All reasons why this cannot be done now."""
    reasons = []
    what, by = deed.what, deed.by
    if icon.outcome is not None or (what == "refer") != (icon.step == "new"):
        reasons.append("It is not the time for this.")
    if deed.at > now:
        reasons.append("It has not happened yet.")
    if missing := ASKS.get(what, set()) - deed.answers.keys():
        reasons.append(f"Not answered: {', '.join(sorted(missing))}.")
    if what in MOVES:
        before, _, _ = MOVES[what]
        if icon.step != before:
            reasons.append(f"They are at {icon.step}.")
        elif by != icon.owner and not (what == "record_outcome" and by == "team_manager"):
            reasons.append(f"This is for {icon.owner}.")
    return reasons + _own_rules(icon, deed)


def _own_rules(icon: Icon, deed: Deed) -> list[str]:
    what, by, reasons = deed.what, deed.by, []
    if what == "agree_assessment" and (icon.step != "joint_assessment" or by not in {PRACTITIONER, SUBSTANCES}):
        reasons.append("The two assessors agree on the assessment.")
    if what == "agree_plan":
        reasons += [f"{asked} has not been asked." for asked in _unasked(icon, "share_with_gp", "share_with_family")]
        if deed.answers.get("plan_agreed") is not True:
            reasons.append("The plan has not been agreed.")
    if what == "request_handovers":
        reasons += [f"{asked} has not been asked." for asked in _unasked(icon, "share_at_handover")]
    if what == "start_transition":
        unfinished = [strand for strand, step in icon.strands.items() if step != "finished"]
        reasons += [f"{strand} is not finished." for strand in unfinished]
    for action, minimum in (("start_transition", "minimum_support"), ("end_overlap", "overlap")):
        if what == action and deed.at < icon.not_before.get(minimum, deed.at):
            reasons.append(f"Possible from {icon.not_before[minimum]:%d %B %Y}.")
    if what.startswith("finish_") and what != "finish_therapy":
        strand = what.removeprefix("finish_")
        if icon.strands.get(strand) != "in progress" or by != icon.strand_owners.get(strand):
            reasons.append(f"{strand} is not for {by} to finish.")
    if what.startswith("handover "):
        _, handover, answer = what.split()
        needed = {"receive": "requested", "accept": "received"}[answer]
        if icon.handovers.get(handover) != needed or by != HANDOVERS[handover][1]:
            reasons.append(f"{handover} is not {needed} by {by}.")
    return reasons


def _unasked(icon: Icon, *consents: str) -> list[str]:
    return [consent for consent in consents if not icon.consents.get(consent)]


def act(before: Icon, deed: Deed) -> tuple[Icon, tuple[Notice, ...]]:
    """The case after what was done, and whom to tell. It was not refused."""
    icon = _copy(before)
    icon.sequence += 1
    icon.answers |= {name: answer for name, answer in deed.answers.items() if deed.what != "consent"}
    told: list[tuple[str, str, str | None]] = []
    at, what = deed.at, deed.what
    if what == "refer":
        icon.step, icon.owner = "referred", COORDINATOR
        icon.contacts = {str(kind): name for name, kind in deed.answers.items()}
        icon.answers = {}
        icon.due |= {"acknowledgement": working_days(at, 2), "three_weeks": days(at, 21)}
    elif what == "acknowledge":
        del icon.due["acknowledgement"]
        told += [("acknowledgement", "person", None), ("acknowledgement", icon.contacts["referrer"], None)]
    elif what == "consent":
        consent, party, status = (str(deed.answers[name]) for name in ("consent", "party", "status"))
        icon.consents[consent] = {**icon.consents.get(consent, {}), party: status}
    elif what == "agree_assessment":
        icon.signed.append(deed.by)
        if {PRACTITIONER, SUBSTANCES} <= set(icon.signed):
            icon.step, icon.owner = "engagement", "keyworker"
            del icon.due["joint_assessment"], icon.due["three_weeks"]
            icon.due["engagement"] = working_days(at, 20)
    elif what.startswith("handover "):
        _handover(icon, deed)
    elif what.startswith("finish_") and what != "finish_therapy":
        icon.strands[what.removeprefix("finish_")] = "finished"
    elif what == "record_review":
        icon.due["review"] = days(at, 84)
        told += _family(icon)
    elif what in MOVES:
        _, icon.step, icon.owner = MOVES[what]
        told += _moved(icon, deed)
    if "no_activity" in icon.due and what.startswith(ACTIVITY):
        icon.due["no_activity"] = days(at, 28)
    notices = tuple(
        Notice(id=f"{icon.sequence}/{notice}/{to}", notice=notice, recipient=to, consent=consent)
        for notice, to, consent in told
    )
    return icon, notices


def _moved(icon: Icon, deed: Deed) -> list[tuple[str, str, str | None]]:
    at, gp = deed.at, icon.contacts.get("gp", "")
    match deed.what:
        case "complete_referral":
            icon.due["joint_assessment"] = working_days(at, 10)
            return [("invitation", "person", None)]
        case "agree_plan":
            del icon.due["engagement"]
            icon.strands, icon.strand_owners = dict.fromkeys(STRANDS, "in progress"), dict(STRANDS)
            icon.due |= {"no_activity": days(at, 28), "review": days(at, 84)}
            icon.not_before["minimum_support"] = days(at, 0)
            return [("plan_to_gp", gp, "share_with_gp")]
        case "begin_therapy":
            icon.due["no_activity"] = days(at, 28)
            return _family(icon)
        case "finish_therapy":
            icon.due["no_activity"] = days(at, 28)
        case "start_transition":
            del icon.due["no_activity"], icon.due["review"]
            icon.due["plan_transition"] = working_days(at, 10)
        case "request_handovers":
            del icon.due["plan_transition"]
            icon.handovers = dict.fromkeys(HANDOVERS, "requested")
            icon.due["handing_over"] = working_days(at, 20)
            for handover in HANDOVERS:
                icon.due |= {f"{handover} received": working_days(at, 2), f"{handover} decided": working_days(at, 5)}
            return [("moving_on", "person", None), ("moving_on", gp, "share_with_gp")]
        case "end_overlap":
            del icon.due["overlap"]
        case "offer_follow_up":
            del icon.due["follow_up_offer"]
            icon.due["follow_up_offered"] = days(at, 28)
            return [("follow_up_offer", "person", None)]
        case "book_follow_up":
            del icon.due["follow_up_offered"]
            icon.due["follow_up_booked"] = working_days(datetime.fromisoformat(str(deed.answers["review_at"])), 2)
            return [("follow_up_booked_for", "person", None)]
        case _:
            icon.due.clear()
            icon.outcome = "completed"
            return [("closing", icon.contacts["referrer"], None)]
    return []


def _handover(icon: Icon, deed: Deed) -> None:
    _, handover, answer = deed.what.split()
    if answer == "receive":
        icon.handovers[handover] = "received"
        del icon.due[f"{handover} received"]
        return
    icon.handovers[handover] = "accepted"
    del icon.due[f"{handover} decided"]
    strand, receiver = HANDOVERS[handover]
    icon.strand_owners[strand] = receiver
    icon.due["follow_up_offer"] = days(deed.at, 84)
    if set(icon.handovers.values()) == {"accepted"}:
        icon.step, icon.owner = "overlap", "keyworker"
        del icon.due["handing_over"]
        icon.due["overlap"] = days(deed.at, 42)
        icon.not_before["overlap"] = days(deed.at, 0)


def _family(icon: Icon) -> list[tuple[str, str, str | None]]:
    given = icon.consents.get("share_with_family", {})
    return [("family_news", to, "share_with_family") for to, status in given.items() if status == "given"]


def miss(before: Icon, now: datetime) -> Icon:
    """The case after its deadlines passed: each becomes a job of the owner."""
    icon = _copy(before)
    icon.sequence += 1
    passed = [name for name, due in icon.due.items() if due <= now]
    icon.missed += passed
    for name in passed:
        del icon.due[name]
    return icon


def _copy(icon: Icon) -> Icon:
    return replace(
        icon,
        signed=list(icon.signed),
        missed=list(icon.missed),
        consents=dict(icon.consents),
        answers=dict(icon.answers),
        strands=dict(icon.strands),
        strand_owners=dict(icon.strand_owners),
        handovers=dict(icon.handovers),
        due=dict(icon.due),
        not_before=dict(icon.not_before),
    )


def working_days(at: datetime, number: int) -> datetime:
    """At 17:00 of the n-th working day after."""
    day = at
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < WORKING_WEEK
    return day.replace(hour=17, minute=0, second=0)


def days(at: datetime, number: int) -> datetime:
    """At the end of the n-th day after."""
    return (at + timedelta(days=number)).replace(hour=23, minute=59, second=59)
