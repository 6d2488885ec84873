"""Refer somebody: the person and their case are put on record, then the case is begun under the same id.

Every id follows from the request's: a referral whose reply was lost is sent again, and finds what it made.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from pathway_model.advance import open_case
from pathway_model.events import Referred
from pathway_model.language.names import CaseId, ContactId
from pathway_model.outcome import Refusal
from pathway_model.pathway import Pathway
from records import cases, contacts, definitions, people
from records.engine import reading, writing
from records.errors import NotOnRecordError
from records.nhs_numbers import standard_nhs_number
from records.people import Person, Way
from records.scope import SYSTEM
from records.staging import stage
from use_cases.access import acting_role
from use_cases.add_contact import ContactDetails, contact_record
from use_cases.auditing import note_change
from use_cases.desk import Desk
from use_cases.errors import ConflictError, InputError, NotAllowedError, NotFoundError, RequestReusedError
from use_cases.given import Given, check_mail, check_name, did_you_mean, read_answers
from use_cases.ids import id_from
from use_cases.known import scope_of
from use_cases.outcomes import Done, Outcome, Refused
from use_cases.perform import new_request, repeated
from use_cases.plain_words import in_plain_words
from workflows.messages import CaseStart, Request

__all__ = ["Referral", "Way", "has_begun", "refer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """Who is referred, to which pathway, by whom.

    Attributes:
        pathway: Its name; the newest published version is taken.
        by: A role, or a kind of contact (a referrer); left out: the role of whoever enters it.
        ways: Safe ways to reach the person, the one they chose first.
        happened: When; left out: now.
        request: Chosen by the caller so that sending it again acts once; left out: a new one.
    """

    pathway: str
    name: str
    nhs_number: str | None = None
    born: date | None = None
    ways: tuple[Way, ...] = ()
    contacts: tuple[ContactDetails, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    by: str | None = None
    happened: datetime | None = None
    request: str | None = None


async def refer(desk: Desk, referral: Referral) -> Outcome:
    """Refer somebody, and begin their case.

    Raises:
        NotFoundError: There is no such pathway.
        NotAllowedError: The viewer has no role in it.
        InputError: Something cannot be understood; a wrong NHS number among others.
        RequestReusedError: The same request has referred somebody else, or with other words.
        ConflictError: The person has an open case on this pathway.
        AwayError: Temporal, its workers or the records do not answer; send the same request again.
    """
    check_name(referral.name)
    for way in referral.ways:
        if way.channel == "email":
            check_mail(way.address)
    for contact in referral.contacts:
        contact.check()
    request = referral.request or new_request()
    case = own = CaseId(id_from(desk.viewer.account, request, "case"))
    with in_plain_words(), reading(desk.records) as session:
        begun = case_on_record(session, case)
        if begun is not None:
            _refuse_other_content(session, begun.person, referral)
        elif (begun := _left_starting(session, referral)) is not None:
            case = begun.id
        digest = begun.digest if begun else _newest(session, referral.pathway)
        canonical, pathway = definitions.canonical_of(session, digest), definitions.pathway(session, digest)
    given = read_answers(pathway.definition.facts, referral.answers)
    event = _event(desk, pathway, own, referral, given)
    before = repeated(desk, case, request, event)
    if before is not None:
        if given.words:
            # The event says only that something was answered: the words are compared where they are kept.
            with in_plain_words(), writing(desk.records) as session:
                stage(session, case, request, dict(given.words), now=desk.now)
        return before
    opened = open_case(pathway, case, event, desk.now)
    if isinstance(opened, Refusal):
        return Refused(case=None, request=request, reasons=opened.reasons)
    with in_plain_words(), writing(desk.records) as session:
        _put_on_record(session, desk, referral, case, digest, own)
        if given.words:
            stage(session, case, request, dict(given.words), now=desk.now)
        note_change(session, desk, "referred", case=case, subject=referral.pathway, request=request)
    start = CaseStart(case=case, definition=canonical)
    answer = await desk.cases.begin(start, Request(id=request, event=event, account=desk.viewer.account))
    if isinstance(answer, Refusal):
        return Refused(case=case, request=request, reasons=answer.reasons)
    return Done(case=case, request=request, sequence=answer.sequence)


def has_begun(desk: Desk, request: str) -> bool:
    """Whether a referral under this request id has begun a case."""
    with in_plain_words(), reading(desk.records) as session:
        case = case_on_record(session, CaseId(id_from(desk.viewer.account, request, "case")))
    return case is not None and case.case is not None


def _newest(session: Session, pathway: str) -> str:
    try:
        return definitions.find(session, pathway).digest
    except NotOnRecordError:
        known = tuple(dict.fromkeys(each.name for each in definitions.published(session)))
        raise NotFoundError(
            f"There is no pathway `{pathway}`{did_you_mean(pathway, known)}",
            f"Known here: {', '.join(known) or 'none'}.",
        ) from None


def case_on_record(session: Session, case: CaseId) -> cases.CaseRecord | None:
    """The case, whether or not it has begun."""
    try:
        return cases.find(session, SYSTEM, case)
    except NotOnRecordError:
        return None


def _left_starting(session: Session, referral: Referral) -> cases.CaseRecord | None:
    """The case of an earlier referral of this person that never came to be recorded: this one goes on with it.

    Whoever sent that one may be gone, and its request id with them. Does it act after all, the later of the two is
    refused by the case itself.
    """
    if referral.nhs_number is None:
        return None
    for same in people.likely_duplicates(session, name=referral.name, nhs_number=referral.nhs_number):
        for other in cases.of_person(session, SYSTEM, same.person):
            if other.pathway == referral.pathway and other.status == "starting":
                _refuse_another_person(session, same.person, referral)
                return other
    return None


def _event(desk: Desk, pathway: Pathway, own: CaseId, referral: Referral, given: Given) -> Referred:
    kinds = pathway.definition.contacts
    for contact in referral.contacts:
        if contact.kind not in kinds:
            raise InputError(
                f"There is no kind of contact `{contact.kind}`{did_you_mean(contact.kind, kinds)}",
                f"The pathway knows: {', '.join(kinds) or 'none'}.",
            )
    return Referred(
        at=referral.happened or desk.now,
        by=_referred_by(desk, pathway, referral),
        answers=given.answers,
        contacts={_contact_id(own, number): contact.kind for number, contact in enumerate(referral.contacts)},
    )


def _contact_id(own: CaseId, number: int) -> ContactId:
    """The id of the contact that was named at this place of a referral, by the case id that its request makes."""
    return ContactId(id_from(own, str(number), "contact"))


def _referred_by(desk: Desk, pathway: Pathway, referral: Referral) -> str:
    if not desk.viewer.roles(pathway):
        raise NotAllowedError(f"{desk.viewer.name} has no role in {pathway.definition.title}.")
    if referral.by in pathway.definition.contacts:
        return referral.by
    return acting_role(desk.viewer, pathway, referral.by)


def _put_on_record(session: Session, desk: Desk, referral: Referral, case: CaseId, digest: str, own: CaseId) -> None:
    known = case_on_record(session, case)
    if known is None:
        person = _person(session, desk, referral, case)
        cases.add(session, case, person=person, digest=digest, now=desk.now)
    for number, details in enumerate(referral.contacts):
        contact = contact_record(case, _contact_id(own, number), details)
        contacts.add(session, contact, now=desk.now)


def _person(session: Session, desk: Desk, referral: Referral, case: CaseId) -> str:
    """The person's id: of the one with this NHS number, or of somebody new."""
    if referral.nhs_number is not None:
        for same in people.likely_duplicates(session, name=referral.name, nhs_number=referral.nhs_number):
            _refuse_another_person(session, same.person, referral)
            _refuse_second_case(session, desk, same.person, referral.pathway)
            return same.person
    person = Person(
        id=id_from(case, "person"),
        name=referral.name.strip(),
        birth_date=referral.born,
        nhs_number=referral.nhs_number,
        ways=referral.ways,
    )
    people.add(session, person, now=desk.now)
    return person.id


def _refuse_other_content(session: Session, person: str, referral: Referral) -> None:
    """A request that referred somebody refers nobody else: their case must not be taken for the other's."""
    known = people.find(session, SYSTEM, person)
    if referral.nhs_number is not None:
        same = known.nhs_number == standard_nhs_number(referral.nhs_number)
    else:
        same = people.name_key(known.name) == people.name_key(referral.name)
    if not same:
        raise RequestReusedError(
            "This request id has referred somebody else.", "Choose another request id, or leave it out."
        )


def _refuse_another_person(session: Session, person: str, referral: Referral) -> None:
    """A mistyped number must not put two people into one record."""
    known = people.find(session, SYSTEM, person)
    same_name = people.name_key(known.name) == people.name_key(referral.name)
    if not same_name and (referral.born is None or referral.born != known.birth_date):
        raise ConflictError(
            "Somebody on record with this NHS number has another name and date of birth.",
            "Check the number, the name and the date of birth.",
        )


def _refuse_second_case(session: Session, desk: Desk, person: str, pathway: str) -> None:
    for other in cases.of_person(session, SYSTEM, person):
        if other.pathway == pathway and other.status != "ended":
            visible = cases.of_person(session, scope_of(desk.viewer), person)
            which = f" ({other.id})" if other.id in {record.id for record in visible} else ""
            raise ConflictError(
                f"This person has an open case on this pathway already{which}.",
                "Add to that case: a re-referral is an event of its own there.",
            )
