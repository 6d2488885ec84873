"""The case page: where the person is, what is due, whose it is, what was agreed, sent and done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote

from pathway_model.language.names import MAIN
from use_cases.case_view import AnswerView, CaseView, ConsentView, DueView, EventView, JobView, NoticeView, StrandView
from web.caseworker.presenters import doing
from web.caseworker.presenters.doing import Act, Handover, NotYet
from web.caseworker.presenters.words import (
    age,
    day,
    days_away,
    deadline,
    from_now,
    local_day,
    moment,
    nhs_number,
    role,
    roles,
    title,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A phase of the pathway in the bar at the top."""

    title: str
    state: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one strand stands, and whose it is."""

    strand: str
    step: str
    owner: str
    since: str
    finished: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something that is due, and what follows if it is missed."""

    title: str
    when: str
    away: str
    tag: str
    tone: str
    follows: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something to do that no step covers; `href` where the viewer can say that it is done."""

    sentence: str
    role: str
    since: str
    mine: bool
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What the person said about one agency or contact, and what can be recorded."""

    party: str
    purpose: str
    status: str
    tone: str
    since: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """A question with its answer in force, the earlier ones, and where it is corrected."""

    ask: str
    said: str
    when: str
    earlier: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice as it was sent, or why it was not."""

    title: str
    to: str
    status: str
    tone: str
    when: str
    text: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the timeline."""

    sequence: int
    what: str
    by: str
    when: str
    late: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """Everything on the page."""

    case: str
    name: str
    caption: str
    whole: bool
    ended: str
    blocked: bool
    paused: bool
    details: tuple[tuple[str, str], ...]
    stages: tuple[Stage, ...]
    places: tuple[Place, ...]
    due: tuple[Due, ...]
    acts: tuple[Act, ...]
    others: tuple[Act, ...]
    not_yet: tuple[NotYet, ...]
    interrupts: tuple[Act, ...]
    jobs: tuple[Job, ...]
    handovers: tuple[Handover, ...]
    consents: tuple[Consent, ...]
    contacts: tuple[tuple[str, str], ...]
    add_contact: str
    answers: tuple[AnswerLine, ...]
    notices: tuple[Notice, ...]
    timeline: tuple[Entry, ...]
    events: int
    live: str


_STAGES: Final = {"done": "been through", "here": "now", "ahead": "still to come"}
_CONSENTS: Final = {"given": "green", "refused": "red", "withdrawn": "red", "asked": "yellow"}
_NOTICES: Final = {"delivered": "green", "queued": "blue", "withheld": "grey", "not delivered": "red"}
_EVENTS: Final = {"clock came due": "late", "notice not delivered": "late", "interrupt raised": "alert"}


def case_page(view: CaseView) -> CasePage:
    """What the viewer sees of a case."""
    open_ = view.outcome is None
    base = f"/cases/{view.case}"
    can_act = open_ and bool(view.roles) and view.whole
    return CasePage(
        case=view.case,
        name=view.person.name if view.person else "Somebody you may not know yet",
        caption=view.title,
        whole=view.whole,
        ended=title(view.outcome) if view.outcome else "",
        blocked=view.blocked is not None,
        paused=view.paused,
        details=tuple(_details(view)),
        stages=tuple(Stage(title=each.title, state=each.state, said=_STAGES[each.state]) for each in view.phases),
        places=tuple(_place(strand) for strand in view.strands if strand.open or strand.strand == MAIN),
        due=tuple(_due(each, view.seen_at) for each in sorted(view.due, key=_pressing)),
        acts=doing.mine(view),
        others=doing.others(view),
        not_yet=doing.not_yet(view),
        interrupts=doing.interrupts(view),
        jobs=tuple(sorted((_job(view, job) for job in view.jobs), key=lambda job: not job.mine)),
        handovers=tuple(doing.handover(view, each) for each in view.handovers),
        consents=tuple(_consent(base, each, can_act) for each in view.consents),
        contacts=tuple((each.name, title(role(each.kind))) for each in view.contacts),
        add_contact=f"{base}/contacts" if can_act and view.contact_kinds else "",
        answers=tuple(_answer(base, each, can_act) for each in view.answers),
        notices=tuple(_notice(each) for each in reversed(view.notices)),
        timeline=tuple(entry(each) for each in reversed(view.timeline)),
        events=view.events,
        live=f"{base}/live?since={view.events}" if open_ else "",
    )


def entry(event: EventView) -> Entry:
    """One event, with when it was entered where that was on a later day."""
    late = ""
    if days_away(event.entered, event.happened) > 0:
        late = f"Entered late, on {moment(event.entered)}"
    by = event.account or ("Handrail, by itself" if event.by in {"clock", "records"} else title(event.by))
    by = f"{by} ({role(event.by)})" if event.account and event.by and title(event.by) != by else by
    return Entry(
        sequence=event.sequence,
        what=event.what,
        by=by,
        when=moment(event.happened),
        late=late,
        tone=_EVENTS.get(event.kind, "done"),
    )


def _details(view: CaseView) -> list[tuple[str, str]]:
    found = []
    if view.person and view.person.nhs_number:
        found.append(("NHS number", nhs_number(view.person.nhs_number)))
    if view.person and view.person.born:
        found.append(("Date of birth", f"{day(view.person.born)} ({age(view.person.born, view.seen_at)} years)"))
    main = next((strand for strand in view.strands if strand.strand == MAIN), None)
    if main is not None:
        found.append(("Owned by", title(main.owner)))
    found.append(("Referred", local_day(view.opened)))
    found.append(("Pathway", f"{view.title}, version {view.version}"))
    return found


def _place(strand: StrandView) -> Place:
    return Place(
        strand=strand.title,
        step=strand.step_title,
        owner=title(strand.owner),
        since=local_day(strand.since),
        finished=not strand.open,
    )


def _pressing(due: DueView) -> tuple[bool, datetime]:
    """What is late or due first; what is merely possible from some day on comes last."""
    return due.kind == "minimum", due.due


def _due(due: DueView, now: datetime) -> Due:
    tag, tone = _tag(due, now)
    return Due(
        title=due.title,
        when="Held by the pause" if due.frozen else deadline(due.due),
        away="" if due.frozen else from_now(due.due, now),
        tag=tag,
        tone=tone,
        follows=tuple(_follows(due, now)),
    )


def _tag(due: DueView, now: datetime) -> tuple[str, str]:
    if due.frozen:
        return "Held", "blue"
    if due.kind == "minimum":
        return ("Reached", "green") if due.due <= now else ("Not before", "grey")
    if due.overdue:
        return "Overdue", "red"
    if days_away(due.due, now) == 0:
        return "Due today", "orange"
    return "", ""


def _follows(due: DueView, now: datetime) -> list[str]:
    told = []
    if due.frozen:
        told.append(f"Held since {local_day(due.frozen)}; what is left of it goes on after the pause")
    if due.kind == "minimum" and due.due > now:
        told.append("It cannot be passed before then, except where the pathway says so")
    for rung in due.rungs:
        who = roles(rung.roles, "and")
        if rung.kind == "warn":
            told.append(f"The {who} is reminded on {moment(rung.at)}")
        elif rung.at <= due.due:
            told.append(f"If it is missed, the {who} is told at once")
        else:
            told.append(f"If it is still open on {moment(rung.at)}, the {who} is told")
    if due.overdue and not due.rungs:
        told.append("Everybody who is to be told has been told")
    if due.hard_limit:
        told.append("This is a hard limit: whatever falls due after it is flagged")
    if due.beyond_limit:
        told.append("It falls due after a hard limit that still runs: keeping to it would be too late")
    return told


def _job(view: CaseView, job: JobView) -> Job:
    mine = job.role in view.roles
    href = f"/cases/{view.case}/jobs/{quote(job.job, safe='')}" if mine and job.closable else ""
    return Job(sentence=job.sentence, role=title(job.role), since=local_day(job.since), mine=mine, href=href)


def _consent(base: str, consent: ConsentView, can_act: bool) -> Consent:
    href = f"{base}/consents/{quote(consent.consent)}/{quote(consent.party)}" if can_act else ""
    return Consent(
        party=consent.party_name,
        purpose=consent.purpose,
        status=title(consent.status),
        tone=_CONSENTS.get(consent.status, "grey"),
        since=local_day(consent.at) if consent.at else "",
        href=href,
    )


def _answer(base: str, answer: AnswerView, can_act: bool) -> AnswerLine:
    *earlier, latest = answer.given
    return AnswerLine(
        ask=answer.ask,
        said=latest.said,
        when=f"{local_day(latest.happened)}{' (a correction)' if latest.correction else ''}",
        earlier=tuple(f"{each.said} ({local_day(each.happened)})" for each in reversed(earlier)),
        href=f"{base}/answers/{quote(answer.fact)}" if can_act else "",
    )


def _notice(notice: NoticeView) -> Notice:
    what = notice.notice.split("-", 2)[1] if notice.notice.count("-") > 1 else notice.notice
    settled = notice.settled or notice.queued
    return Notice(
        title=title(what),
        to=notice.recipient_name,
        status=title(notice.status) + (f": {notice.reason}" if notice.reason else ""),
        tone=_NOTICES.get(notice.status, "grey"),
        when=moment(settled),
        text=notice.text or "",
        by=f"{title(notice.channel)} to {notice.address}" if notice.channel and notice.address else "",
    )
