"""What can be done with a case, by whom, what follows; and for the rest every reason why not yet."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from pathway_model.language.names import ANYONE, MAIN
from pathway_model.outcome import Reason
from use_cases.case_view import CaseView, HandoverView, PossibleView
from web.caseworker.presenters.words import from_now, local_day, role, roles, title


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that can be done: a button, and a hint of what follows.

    Attributes:
        beside: The line of work that it belongs to, where that is not the case as a whole.
        who: Who may do it.
    """

    href: str
    label: str
    hints: tuple[str, ...]
    beside: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One reason why something cannot be done yet."""

    sentence: str
    seen: str
    who: str
    earliest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotYet:
    """Something that cannot be done yet, with every reason."""

    label: str
    beside: str
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """How a handover stands, and the answers that the viewer can give."""

    title: str
    status: str
    tone: str
    to: str
    lines: tuple[str, ...]
    answers: tuple[Act, ...]


_ANSWERS = {
    "receive": ("Say that it has arrived", "The time to decide goes on; we stay responsible"),
    "accept": ("Accept", "From then on you are responsible for what is passed on"),
    "decline": ("Decline", "The sender stays responsible, and is told your reason"),
    "begin": ("Say that work has begun", ""),
    "complete": ("Say that it is complete", ""),
    "withdraw": ("Withdraw the request", "It is no longer asked of them"),
}
_TONES = {"accepted": "green", "completed": "green", "in progress": "green", "declined": "red", "withdrawn": "grey"}


def is_mine(view: CaseView, possible: PossibleView) -> bool:
    """Whether the viewer holds a role that may do it."""
    return bool(view.roles) and bool({*view.roles, ANYONE} & set(possible.who))


def mine(view: CaseView) -> tuple[Act, ...]:
    """What the viewer can do now: what moves the case first."""
    acts = [possible for possible in view.can_do if possible.kind == "action" and is_mine(view, possible)]
    ordered = sorted(acts, key=lambda possible: (possible.strand != MAIN, not _moves(possible)))
    return tuple(act(view, possible) for possible in ordered)


def others(view: CaseView) -> tuple[Act, ...]:
    """What only others can do now."""
    acts = (possible for possible in view.can_do if possible.kind == "action" and not is_mine(view, possible))
    return tuple(act(view, possible) for possible in acts)


def interrupts(view: CaseView) -> tuple[Act, ...]:
    """What the viewer can tell at any time."""
    return tuple(act(view, each) for each in view.can_do if each.kind == "interrupt" and is_mine(view, each))


def not_yet(view: CaseView) -> tuple[NotYet, ...]:
    """Everything else, with all that stands in the way."""
    return tuple(
        NotYet(
            label=possible.title,
            beside=_beside(view, possible),
            obstacles=tuple(obstacle(reason, view.seen_at) for reason in possible.reasons),
        )
        for possible in view.not_yet
    )


def act(view: CaseView, possible: PossibleView) -> Act:
    """One thing that can be done, and where its form is."""
    where = {"action": "actions", "interrupt": "interrupts", "handover": "handovers"}[possible.kind]
    strand = f"?{urlencode({'strand': possible.strand})}" if possible.kind == "action" and possible.strand else ""
    return Act(
        href=f"/cases/{view.case}/{where}/{quote(possible.action)}{strand}",
        label=possible.title,
        hints=possible.follows,
        beside=_beside(view, possible),
        who="anyone" if ANYONE in possible.who else roles(possible.who),
    )


def obstacle(reason: Reason, now: datetime) -> Obstacle:
    """A reason, with who can resolve it and from when."""
    earliest = f"{local_day(reason.earliest)} ({from_now(reason.earliest, now)})" if reason.earliest else ""
    return Obstacle(
        sentence=reason.sentence,
        seen=reason.evidence or "",
        who=roles(reason.who),
        earliest=earliest,
    )


def handover(view: CaseView, shown: HandoverView) -> Handover:
    """A handover with the answers that the viewer can give to it."""
    lines = [f"Asked on {local_day(shown.requested)} of the {role(shown.to)}"]
    if shown.settled:
        lines.append(f"Settled on {local_day(shown.settled)}")
    if shown.reason:
        lines.append(f"Reason: {title(shown.reason)}")
    if shown.alternative:
        lines.append(f"Could carry on instead: {shown.services.get(shown.alternative, shown.alternative)}")
    if not shown.with_content:
        lines.append("Sent without content: the person has not consented to sharing it")
    return Handover(
        title=shown.title,
        status=title(shown.status),
        tone=_TONES.get(shown.status, "blue"),
        to=title(shown.to),
        lines=tuple(lines),
        answers=tuple(_answers(view, shown)),
    )


def answer_title(answer: str) -> str:
    """What the button of an answer to a handover says."""
    return _ANSWERS[answer][0]


def answer_hint(answer: str) -> str:
    """What follows from an answer to a handover."""
    return _ANSWERS[answer][1]


def may_answer(view: CaseView, shown: HandoverView, answer: str) -> bool:
    """Whether it is the viewer's to answer so: a sender withdraws, the receiver does the rest."""
    sender = next((strand.owner for strand in view.strands if strand.strand == MAIN), "")
    return (sender if answer == "withdraw" else shown.to) in view.roles


def _answers(view: CaseView, shown: HandoverView) -> list[Act]:
    possible = next((each for each in view.can_do if each.kind == "handover" and each.action == shown.handover), None)
    if possible is None:
        return []
    return [
        Act(
            href=f"/cases/{view.case}/handovers/{quote(shown.handover)}/{answer}",
            label=answer_title(answer),
            hints=(answer_hint(answer),) if answer_hint(answer) else (),
            beside="",
            who="",
        )
        for answer in possible.answers
        if may_answer(view, shown, answer)
    ]


def _moves(possible: PossibleView) -> bool:
    return any(hint.startswith("Moves to") for hint in possible.follows)


def _beside(view: CaseView, possible: PossibleView) -> str:
    if possible.strand is None or possible.strand == MAIN or possible.kind != "action":
        return ""
    return next((strand.title for strand in view.strands if strand.strand == possible.strand), title(possible.strand))
