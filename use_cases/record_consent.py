"""Record what the person said about sharing: asked, given, refused, withdrawn; for one agency or contact."""

from collections.abc import Mapping

from pathway_model.case import ConsentStatus
from pathway_model.events import ConsentRecorded
from pathway_model.pathway import in_words
from use_cases.access import acting_role, check_holds
from use_cases.desk import Desk
from use_cases.errors import InputError, NotFoundError
from use_cases.given import did_you_mean
from use_cases.known import Known
from use_cases.outcomes import Outcome
from use_cases.perform import Asked, Deed, perform


async def record_consent(
    desk: Desk, asked: Asked, consent: str, status: ConsentStatus, *, party: str | None = None
) -> Outcome:
    """Record consent, in any step.

    Args:
        desk: Who acts.
        asked: Which case, in which role, when.
        consent: Its name in the definition.
        status: What the person said.
        party: An agency, the name or id of a contact, or a kind of contact of which the case has one; may be left
            out where only one can be meant.

    Raises:
        HandrailError: As `perform`; NotAllowedError also for an agency that does not hold the case, InputError also
            when it is not clear whom it is about.
    """

    def deed(known: Known) -> Deed:
        check_holds(desk.viewer, known.pathway, known.sight)
        event = ConsentRecorded(
            at=asked.happened or desk.now,
            by=acting_role(desk.viewer, known.pathway, asked.by),
            consent=consent,
            party=_party(known, consent, party),
            status=status,
        )
        return Deed(event=event)

    return await perform(desk, asked, deed)


def _party(known: Known, consent: str, party: str | None) -> str:
    """The agency or contact id that is meant.

    Raises:
        NotFoundError: There is no such consent.
        InputError: None, or more than one, can be meant.
    """
    written = known.pathway.definition.consents.get(consent)
    if written is None:
        names = known.pathway.definition.consents
        raise NotFoundError(f"There is no consent `{consent}`{did_you_mean(consent, names)}")
    contacts = {str(contact): kind for contact, kind in known.case.contacts.items() if kind in written.with_}
    agencies = [name for name in written.with_ if name in known.pathway.definition.agencies]
    possible = [*agencies, *contacts]
    meant = [name for name in possible if party in {None, name, contacts.get(name), known.names.get(name)}]
    if len(meant) == 1:
        return meant[0]
    if not possible:
        kinds = " or ".join(kind.replace("_", " ") for kind in written.with_)
        raise InputError(f"The case has no {kinds} yet.", "Add the contact first.")
    which = ", ".join(_called(known, name, contacts) for name in possible)
    raise InputError(f"Whom is the consent `{consent}` about?", f"Say one of: {which}.")


def _called(known: Known, party: str, kinds: Mapping[str, str]) -> str:
    """A party as it may be written: an agency by its name in the definition, a contact by name and kind."""
    return f"{known.names.get(party, party)} ({in_words(kinds[party]).lower()})" if party in kinds else party
