"""A case as its viewer knows it: the recorded value, the definition that it runs on, and how much may be seen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from pathway_model.case import Case
from pathway_model.events import EVENT, CaseEvent
from pathway_model.language.names import CaseId
from pathway_model.outcome import Reason
from pathway_model.pathway import Pathway
from records import cases, contacts, definitions
from records.case_events import rows_of
from records.cases import CaseRecord
from records.engine import reading
from records.errors import NotOnRecordError
from records.scope import SYSTEM, Scope
from use_cases.access import Sight, Viewer, sight
from use_cases.desk import Desk
from use_cases.errors import ConflictError, NotFoundError
from use_cases.plain_words import in_plain_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What somebody who may see a case has before them.

    Attributes:
        names: Of the contacts, by id; none for a viewer who does not see the whole case.
    """

    record: CaseRecord
    case: Case
    pathway: Pathway
    sight: Sight
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """What a request did."""

    sequence: int
    event: CaseEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What a case's definition calls the things that can be done."""

    title: str
    actions: tuple[str, ...]
    interrupts: tuple[str, ...]
    handovers: tuple[str, ...]


def scope_of(viewer: Viewer) -> Scope:
    """The scope of the viewer's queries."""
    held = viewer.memberships
    return Scope(
        roles=frozenset(membership.role for membership in held),
        agencies=frozenset(membership.agency for membership in held),
    )


def know(session: Session, viewer: Viewer, case: CaseId) -> Known:
    """A case, if the viewer may see it.

    Raises:
        NotFoundError: There is none, or it does not exist for this viewer.
        ConflictError: Its referral has not been recorded yet.
        records.errors.RecordsError: It could not be read.
    """
    try:
        record = cases.find(session, scope_of(viewer), case)
    except NotOnRecordError:
        raise no_case(case) from None
    if record.case is None:
        raise ConflictError(
            f"The referral of case {case} has not been recorded yet.", "Send the referral again; it acts once."
        )
    pathway = definitions.pathway(session, record.digest)
    seen = sight(viewer, pathway, record.case)
    if seen is None:
        raise no_case(case)
    around = contacts.of_case(session, scope_of(viewer), case) if seen.whole else ()
    names = {str(contact.id): contact.name for contact in around}
    return Known(record=record, case=record.case, pathway=pathway, sight=seen, names=names)


def no_case(case: CaseId) -> NotFoundError:
    """The one answer for a case that is not there and for one that is not for the viewer."""
    return NotFoundError(
        f"There is no case {case!r}, or you may not see it.", "`handrail case` lists those you may see."
    )


def pathway_of(session: Session, case: CaseId) -> Pathway:
    """The pathway of a case that the caller has been shown to see."""
    return definitions.pathway(session, cases.find(session, SYSTEM, case).digest)


def with_names(reasons: Iterable[Reason], names: Mapping[str, str]) -> tuple[Reason, ...]:
    """Reasons as people read them: a contact by name instead of by id."""
    return tuple(
        replace(reason, sentence=_named(reason.sentence, names), evidence=_named(reason.evidence or "", names) or None)
        for reason in reasons
    )


def _named(text: str, names: Mapping[str, str]) -> str:
    for contact, name in names.items():
        text = text.replace(contact, name)
    return text


def acted_before(session: Session, case: CaseId, request: str) -> Acted | None:
    """What a request did, if it has acted."""
    for row in rows_of(session, case):
        if row.request_id == request:
            return Acted(sequence=row.sequence, event=EVENT.validate_python(row.event))
    return None


def names_of(desk: Desk, case: CaseId) -> Names:
    """What can be done is called so in this case's definition.

    Raises:
        NotFoundError: There is no such case for this viewer.
    """
    with in_plain_words(), reading(desk.records) as session:
        pathway = know(session, desk.viewer, case).pathway
    return Names(
        title=pathway.definition.title,
        actions=tuple(pathway.actions),
        interrupts=tuple(pathway.interrupts),
        handovers=tuple(pathway.handovers),
    )
