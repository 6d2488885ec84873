"""Who on record may be the person that somebody is about to refer: looked for before a second record is made.

It looks beyond what the viewer may see, because whoever asks for help at a second door must be found; but a person
none of whose cases the viewer may see stays unnamed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy.orm import Session

from records import cases, people
from records.engine import writing
from use_cases.access import sight
from use_cases.auditing import note_look
from use_cases.desk import Desk
from use_cases.known import pathway_of, scope_of
from use_cases.plain_words import in_plain_words


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCase:
    """A case of somebody on record that the viewer may see."""

    case: str
    pathway: str
    ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """Somebody on record who may be the same.

    Attributes:
        name: None when the viewer may not know who it is.
        same: What is the same.
    """

    name: str | None
    born: date | None
    same: Literal["NHS number", "name and birth date"]
    cases: tuple[KnownCase, ...]


def known_people(desk: Desk, *, name: str, born: date | None, nhs_number: str | None) -> tuple[KnownPerson, ...]:
    """Likely duplicates; the look is audited.

    Raises:
        InputError: The NHS number is not valid.
        NotRecordedError: The records cannot be reached.
    """
    with in_plain_words(), writing(desk.records) as session:
        found = tuple(_known(session, desk, name=name, born=born, nhs_number=nhs_number))
        note_look(session, desk, "known_people")
    return found


def _known(
    session: Session, desk: Desk, *, name: str, born: date | None, nhs_number: str | None
) -> Iterator[KnownPerson]:
    for likely in people.likely_duplicates(session, name=name, birth_date=born, nhs_number=nhs_number):
        theirs = tuple(_cases(session, desk, likely.person))
        person = people.find(session, scope_of(desk.viewer), likely.person) if theirs else None
        yield KnownPerson(
            name=person.name if person else None,
            born=person.birth_date if person else None,
            same=likely.same,
            cases=theirs,
        )


def _cases(session: Session, desk: Desk, person: str) -> Iterator[KnownCase]:
    for record in cases.of_person(session, scope_of(desk.viewer), person):
        if record.case is None:
            continue
        seen = sight(desk.viewer, pathway_of(session, record.id), record.case)
        if seen is not None and seen.identity:
            yield KnownCase(case=record.id, pathway=record.pathway, ended=record.status == "ended")
