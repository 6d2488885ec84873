"""Add somebody outside to a case: a referrer, a GP, a member of the family. Who they are stays in the records."""

from dataclasses import dataclass, replace

from pathway_model.events import ContactAdded
from pathway_model.language.names import CaseId, ContactId
from records import contacts
from records.contacts import Contact
from records.engine import reading, writing
from records.people import Way
from use_cases.access import acting_role, check_holds
from use_cases.desk import Desk
from use_cases.errors import InputError
from use_cases.given import check_mail, check_name, did_you_mean
from use_cases.ids import id_from
from use_cases.known import Known, know
from use_cases.outcomes import Outcome
from use_cases.perform import Asked, Deed, new_request, perform
from use_cases.plain_words import in_plain_words


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDetails:
    """Who it is, and a safe way to reach them."""

    kind: str
    name: str
    email: str | None = None

    def check(self) -> None:
        """Make sure that they can be kept.

        Raises:
            InputError: The name or the address cannot be.
        """
        check_name(self.name)
        if self.email:
            check_mail(self.email)

    def ways(self) -> tuple[Way, ...]:
        """The ways to reach them, the chosen one first."""
        return (Way(channel="email", address=self.email),) if self.email else ()


async def add_contact(desk: Desk, asked: Asked, details: ContactDetails) -> Outcome:
    """Add a contact to a case.

    Raises:
        HandrailError: As `perform`; NotAllowedError also for an agency that does not hold the case, InputError also
            for a kind that the pathway does not know.
    """
    details.check()
    request = asked.request or new_request()
    contact = ContactId(id_from(desk.viewer.account, asked.case, request, "contact"))
    with in_plain_words(), reading(desk.records) as session:
        known = know(session, desk.viewer, asked.case)
    # Before anything of the contact is on record.
    check_holds(desk.viewer, known.pathway, known.sight)
    acting_role(desk.viewer, known.pathway, asked.by)
    kinds = known.pathway.definition.contacts
    if details.kind not in kinds:
        raise InputError(
            f"There is no kind of contact `{details.kind}`{did_you_mean(details.kind, kinds)}",
            f"The pathway knows: {', '.join(kinds) or 'none'}.",
        )
    with in_plain_words(), writing(desk.records) as session:
        contacts.add(session, contact_record(asked.case, contact, details), now=desk.now)

    def deed(known: Known) -> Deed:
        event = ContactAdded(
            at=asked.happened or desk.now,
            by=acting_role(desk.viewer, known.pathway, asked.by),
            contact=contact,
            contact_kind=details.kind,
        )
        return Deed(event=event)

    return await perform(desk, replace(asked, request=request), deed)


def contact_record(case: CaseId, contact: ContactId, details: ContactDetails) -> Contact:
    """The contact as it is kept."""
    return Contact(id=contact, case=case, kind=details.kind, name=details.name, ways=details.ways())
