"""See a case: where the person is in every strand, what is due, what can be done now, and why the rest cannot.

Everything is explained from the recorded case value, by the code that the durable case itself decides with.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from pydantic import JsonValue
from sqlalchemy.orm import Session

from pathway_model.advance import proceed
from pathway_model.case import Case, Turn
from pathway_model.clocks import beyond_limits
from pathway_model.events import EVENT, JobDone
from pathway_model.language.definition import Fact
from pathway_model.language.names import PERSON, CaseId
from pathway_model.pathway import Pathway, in_words
from records import accounts, contacts, facts, jobs, notices, people
from records.case_events import rows_of
from records.contacts import Contact
from records.engine import writing
from records.errors import NotOnRecordError
from records.scope import Scope
from use_cases.auditing import note_look
from use_cases.case_view import (
    AnswerView,
    CaseView,
    ConsentView,
    ContactView,
    DueView,
    EventView,
    GivenView,
    HandoverView,
    JobView,
    NoticeView,
    PersonView,
    StrandView,
)
from use_cases.desk import Desk
from use_cases.follows import is_paused, phases, rungs
from use_cases.known import Known, know, scope_of, with_names
from use_cases.plain_words import in_plain_words
from use_cases.possible import possibilities, questions
from use_cases.telling import tell, title_of_step, title_of_strand


def see_case(desk: Desk, case: CaseId) -> CaseView:
    """Everything that the viewer may see of a case; the look is audited.

    Raises:
        NotFoundError: There is no such case for this viewer.
        NotRecordedError: The records cannot be reached.
    """
    with in_plain_words(), writing(desk.records) as session:
        known = know(session, desk.viewer, case)
        note_look(session, desk, "see_case", case=case, person=known.record.person)
        return _view(session, desk, known)


def _view(session: Session, desk: Desk, known: Known) -> CaseView:
    case, pathway, whole = known.case, known.pathway, known.sight.whole
    scope = scope_of(desk.viewer)
    # One whose adding the case refused is on record, and no part of the case.
    around = tuple(one for one in contacts.of_case(session, scope, case.id) if one.id in case.contacts)
    roles = None if whole else desk.viewer.roles(pathway)
    possible = possibilities(pathway, case, max(desk.now, case.now), roles)
    return CaseView(
        case=case.id,
        pathway=pathway.definition.pathway,
        version=pathway.definition.version,
        title=pathway.definition.title,
        whole=whole,
        seen_at=desk.now,
        roles=desk.viewer.roles(pathway),
        contact_kinds=tuple(pathway.definition.contacts),
        opened=case.opened,
        events=case.sequence,
        phase=pathway.phase_of(case.strands["main"].step),
        phases=tuple(phases(pathway, case)),
        paused=is_paused(pathway, case),
        outcome=case.outcome,
        blocked=known.record.blocked,
        person=_person(session, scope, known) if known.sight.identity else None,
        strands=tuple(_strands(pathway, case)),
        due=tuple(_due(pathway, case, desk.now)) if whole else (),
        can_do=tuple(view for view in possible if not view.reasons),
        not_yet=tuple(
            replace(view, reasons=with_names(view.reasons, known.names)) for view in possible if view.reasons
        ),
        answers=tuple(_answers(session, known)),
        handovers=tuple(_handovers(desk, known)),
        consents=tuple(_consents(pathway, case, around)) if whole else (),
        contacts=tuple(_contacts(around)) if whole else (),
        jobs=tuple(_jobs(session, scope, desk, known)),
        notices=tuple(_notices(session, scope, known, around)) if whole else (),
        timeline=tuple(_timeline(session, known)) if whole else (),
    )


def _person(session: Session, scope: Scope, known: Known) -> PersonView:
    person = people.find(session, scope, known.record.person)
    return PersonView(name=person.name, nhs_number=person.nhs_number, born=person.birth_date)


def _strands(pathway: Pathway, case: Case) -> Iterator[StrandView]:
    for name, state in case.strands.items():
        yield StrandView(
            strand=name,
            title=title_of_strand(pathway, case, name),
            step=state.step,
            step_title=title_of_step(pathway, case, name),
            owner=state.owner,
            agency=pathway.agency_of.get(state.owner),
            since=state.since,
            open=state.open,
        )


def _due(pathway: Pathway, case: Case, now: datetime) -> Iterator[DueView]:
    beyond = beyond_limits(pathway, case)
    for name, turn in sorted(case.clocks.items(), key=lambda item: (item[1].due, item[0])):
        clock = pathway.clocks[turn.clock].model
        yield DueView(
            clock=name,
            title=in_words(turn.clock),
            kind="minimum" if clock.at_least else "review" if clock.every else "deadline",
            strand=turn.strand,
            started=turn.started,
            due=turn.due,
            overdue=_overdue(turn, now) and clock.at_least is None,
            hard_limit=clock.hard_limit,
            beyond_limit=name in beyond,
            frozen=turn.frozen,
            rungs=tuple(rungs(pathway, case, turn)),
        )


def _overdue(turn: Turn, now: datetime) -> bool:
    return turn.frozen is None and turn.state != "reached" and turn.due < now


def _answers(session: Session, known: Known) -> Iterator[AnswerView]:
    asked = known.pathway.definition.facts
    given: dict[str, list[GivenView]] = {}
    for answer in facts.history(session, known.case.id):
        if answer.fact in asked and known.sight.shows(asked[answer.fact].category):
            entry = GivenView(
                value=answer.value,
                said=_said(asked[answer.fact], answer.value),
                happened=answer.at,
                correction=answer.correction,
            )
            given.setdefault(answer.fact, []).append(entry)
    for fact, entries in given.items():
        (question,) = questions(known.pathway, [fact], known.case)
        yield AnswerView(fact=fact, ask=asked[fact].ask, given=tuple(entries), question=question)


def _said(fact: Fact, value: JsonValue) -> str:
    titles = fact.answer if isinstance(fact.answer, dict) else {}
    match value:
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(titles.get(str(one), in_words(str(one))) for one in value)
        case str():
            return titles.get(value, value)
        case _:
            return str(value)


def _handovers(desk: Desk, known: Known) -> Iterator[HandoverView]:
    agencies = desk.viewer.agencies(known.pathway)
    services = {name: agency.title for name, agency in known.pathway.definition.agencies.items()}
    for name, state in known.case.handovers.items():
        written = known.pathway.handovers[name]
        if known.sight.whole or known.pathway.agency_of.get(state.to) in agencies:
            yield HandoverView(
                handover=name,
                title=written.title or in_words(name),
                status=state.status,
                to=state.to,
                requested=state.requested,
                settled=state.settled,
                with_content=state.with_content,
                reason=state.reason,
                alternative=state.alternative,
                may_decline_for=written.may_decline_for,
                never_for=written.never_for.reasons if written.never_for else (),
                services=services,
            )


def _consents(pathway: Pathway, case: Case, around: tuple[Contact, ...]) -> Iterator[ConsentView]:
    for name, consent in pathway.definition.consents.items():
        parties = {agency: described.title for agency, described in pathway.definition.agencies.items()}
        parties |= {contact.id: f"{contact.name} ({in_words(contact.kind).lower()})" for contact in around}
        kinds = {contact.id: contact.kind for contact in around}
        for party, called in parties.items():
            if kinds.get(party, party) in consent.with_:  # type: ignore[call-overload]
                state = case.consents.get(name, {}).get(party)
                yield ConsentView(
                    consent=name,
                    purpose=consent.purpose,
                    party=party,
                    party_name=called,
                    status=state.status if state else "not asked",
                    at=state.at if state else None,
                )


def _contacts(around: tuple[Contact, ...]) -> Iterator[ContactView]:
    for contact in around:
        yield ContactView(contact=contact.id, kind=contact.kind, name=contact.name)


def _jobs(session: Session, scope: Scope, desk: Desk, known: Known) -> Iterator[JobView]:
    roles = desk.viewer.roles(known.pathway)
    for job in jobs.of_case(session, scope, known.case.id):
        if job.closed is None and (known.sight.whole or job.role in roles):
            yield JobView(
                job=job.id,
                role=job.role,
                about=job.about,
                sentence=job.sentence,
                since=job.since,
                closable=_closable(known, desk.now, job.id, job.role),
            )


def _closable(known: Known, now: datetime, job: str, role: str) -> bool:
    now = max(now, known.case.now)
    return proceed(known.pathway, known.case, JobDone(at=now, by=role, job=job), now).refusal is None


def _notices(session: Session, scope: Scope, known: Known, around: tuple[Contact, ...]) -> Iterator[NoticeView]:
    names = {PERSON: "the person", **{str(contact.id): contact.name for contact in around}}
    sent = notices.sent_of_case(session, scope, known.case.id)
    for notice in notices.of_case(session, scope, known.case.id):
        words = sent.get(notice.id)
        yield NoticeView(
            notice=notice.notice,
            recipient=notice.recipient,
            recipient_name=names.get(notice.recipient, notice.recipient),
            status=notice.status,
            reason=notice.reason,
            queued=notice.queued_at,
            settled=notice.settled_at,
            channel=words.channel if words else None,
            address=words.address if words else None,
            text=words.body if words else None,
        )


def _timeline(session: Session, known: Known) -> Iterator[EventView]:
    names: dict[str, str] = {}
    for row in rows_of(session, known.case.id):
        yield EventView(
            sequence=row.sequence,
            happened=row.at,
            entered=row.entered,
            by=row.by,
            account=_account(session, row.account_id, names),
            what=tell(known.pathway, EVENT.validate_python(row.event), known.names),
            kind=row.kind,
        )


def _account(session: Session, account: str | None, names: dict[str, str]) -> str | None:
    if account is not None and account not in names:
        try:
            names[account] = accounts.find(session, account).name
        except NotOnRecordError:
            names[account] = account
    return names.get(account) if account else None
