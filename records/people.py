"""People and how to reach them safely: the only home of identity, with the search for somebody known already."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pathway_model.language.definition import Channel
from records.errors import NhsNumberTakenError, NotOnRecordError
from records.nhs_numbers import standard_nhs_number
from records.scope import Scope, visible
from records.tables.cases import CaseRow
from records.tables.people import ContactWayRow, PersonRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A safe way to reach somebody."""

    channel: Channel
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A human being. Of the ways to reach them, the first is the one they chose; only safe ones are kept."""

    id: str
    name: str
    birth_date: date | None = None
    nhs_number: str | None = None
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelyDuplicate:
    """Somebody on record who may be the same human being."""

    person: str
    same: Literal["NHS number", "name and birth date"]


def add(session: Session, person: Person, *, now: datetime) -> None:
    """Put a person on record.

    Raises:
        BadNhsNumberError: The NHS number is not valid.
        NhsNumberTakenError: Somebody else has it.
    """
    number = _own_number(session, person)
    row = PersonRow(
        id=person.id,
        nhs_number=number,
        name=person.name,
        name_key=name_key(person.name),
        birth_date=person.birth_date,
        added_at=now,
    )
    _insert(session, row)
    set_ways(session, person.id, person.ways)


def change(session: Session, person: Person) -> None:
    """Correct who a person is and how to reach them.

    Raises:
        NotOnRecordError: There is no such person.
        BadNhsNumberError: The NHS number is not valid.
        NhsNumberTakenError: Somebody else has it.
    """
    row = session.get(PersonRow, person.id)
    if row is None:
        raise NotOnRecordError("person", person.id)
    row.nhs_number = _own_number(session, person)
    row.name, row.name_key, row.birth_date = person.name, name_key(person.name), person.birth_date
    session.flush()
    set_ways(session, person.id, person.ways)


def find(session: Session, scope: Scope, person: str) -> Person:
    """A person who has a case in scope.

    Raises:
        NotOnRecordError: There is no such person, or no case of theirs is in scope.
    """
    query = select(PersonRow).where(PersonRow.id == person)
    if not scope.everything:
        has_case = select(CaseRow.id).where(CaseRow.person_id == PersonRow.id, visible(scope))
        query = query.where(has_case.exists())
    row = session.scalar(query)
    if row is None:
        raise NotOnRecordError("person", person)
    return Person(
        id=row.id,
        name=row.name,
        birth_date=row.birth_date,
        nhs_number=row.nhs_number,
        ways=ways_of(session, row.id),
    )


def likely_duplicates(
    session: Session, *, name: str, birth_date: date | None = None, nhs_number: str | None = None
) -> tuple[LikelyDuplicate, ...]:
    """Who on record may be the same person: by NHS number, else by name and birth date.

    Looks beyond any scope, because whoever asks for help at a second door must be found: it answers ids only.

    Raises:
        BadNhsNumberError: The NHS number is not valid.
    """
    found: dict[str, LikelyDuplicate] = {}
    if nhs_number is not None:
        same_number = PersonRow.nhs_number == standard_nhs_number(nhs_number)
        for person in session.scalars(select(PersonRow.id).where(same_number)):
            found[person] = LikelyDuplicate(person=person, same="NHS number")
    if birth_date is not None:
        query = select(PersonRow.id).where(PersonRow.name_key == name_key(name), PersonRow.birth_date == birth_date)
        for person in session.scalars(query.order_by(PersonRow.added_at, PersonRow.id)):
            found.setdefault(person, LikelyDuplicate(person=person, same="name and birth date"))
    return tuple(found.values())


def set_ways(session: Session, person: str, ways: Sequence[Way]) -> None:
    """Replace the ways to reach a person; the first is the one they chose."""
    session.execute(delete(ContactWayRow).where(ContactWayRow.person_id == person))
    session.add_all(
        ContactWayRow(person_id=person, position=position, channel=way.channel, address=way.address)
        for position, way in enumerate(ways)
    )
    session.flush()


def ways_of(session: Session, person: str) -> tuple[Way, ...]:
    """The ways to reach a person, in the order of their choice."""
    query = select(ContactWayRow).where(ContactWayRow.person_id == person).order_by(ContactWayRow.position)
    return tuple(Way(channel=row.channel, address=row.address) for row in session.scalars(query))


def name_key(name: str) -> str:
    """A name as it is compared: lower case, without accents and punctuation; a hyphen parts two names."""
    decomposed = unicodedata.normalize("NFKD", name.replace("-", " ").casefold())
    kept = "".join(letter for letter in decomposed if letter.isalnum() or letter.isspace())
    return " ".join(kept.split())


def _insert(session: Session, row: PersonRow) -> None:
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        # Somebody put the same person on record at the same moment, through another door.
        _refuse_taken(session, row.id, row.nhs_number)
        raise


def _own_number(session: Session, person: Person) -> str | None:
    if person.nhs_number is None:
        return None
    number = standard_nhs_number(person.nhs_number)
    _refuse_taken(session, person.id, number)
    return number


def _refuse_taken(session: Session, person: str, number: str | None) -> None:
    query = select(PersonRow.id).where(PersonRow.nhs_number == number, PersonRow.id != person)
    taken_by = session.scalar(query)
    if taken_by is not None:
        raise NhsNumberTakenError(taken_by)
