"""A case as its viewer knows it: the recorded value, the definition that it runs on, and how much may be seen."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from pathway_model.case import Case
from pathway_model.events import EVENT, CaseEvent
from pathway_model.language.names import CaseId
from pathway_model.pathway import Pathway
from records import cases, definitions
from records.case_events import rows_of
from records.cases import CaseRecord
from records.engine import reading
from records.scope import Scope
from use_cases.access import Sight, Viewer, sight
from use_cases.desk import Desk
from use_cases.errors import ConflictError, NotFoundError
from use_cases.plain_words import in_plain_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What somebody who may see a case has before them."""

    record: CaseRecord
    case: Case
    pathway: Pathway
    sight: Sight


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
    record = cases.find(session, scope_of(viewer), case)
    if record.case is None:
        raise ConflictError(
            f"The referral of case {case} has not been recorded yet.", "Send the referral again; it acts once."
        )
    pathway = definitions.pathway(session, record.digest)
    seen = sight(viewer, pathway, record.case)
    if seen is None:
        raise NotFoundError(f"There is no case {case}, or you may not see it.")
    return Known(record=record, case=record.case, pathway=pathway, sight=seen)


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
