"""People and those around them: the only home of identity."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pathway_model.language.definition import Channel
from records.tables.base import ID_LENGTH, NAME_LENGTH, Counter, Table


class PersonRow(Table):
    """A human being. `name_key` is the name as it is compared: lower case, no accents, no punctuation."""

    __tablename__ = "people"
    __table_args__ = (Index(None, "name_key", "birth_date"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    nhs_number: Mapped[str | None] = mapped_column(String(10), unique=True)
    name: Mapped[str]
    name_key: Mapped[str]
    birth_date: Mapped[date | None]
    added_at: Mapped[datetime]


class ContactRow(Table):
    """Somebody else in a case: a referrer, a GP, family. Outside records there is only the opaque id."""

    __tablename__ = "contacts"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("cases.id"), index=True)
    kind: Mapped[str] = mapped_column(String(NAME_LENGTH))
    name: Mapped[str]
    added_at: Mapped[datetime]


class ContactWayRow(Table):
    """A safe way to reach a person or a contact; the lowest position is the one they chose."""

    __tablename__ = "contact_ways"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (contact_id IS NULL)", name="of_one"),
        UniqueConstraint("person_id", "position"),
        UniqueConstraint("contact_id", "position"),
    )

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    person_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), ForeignKey("people.id"))
    contact_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), ForeignKey("contacts.id"))
    position: Mapped[int]
    channel: Mapped[Channel] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(1000))
