"""Published definitions: immutable, found by digest."""

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import HASH_LENGTH, ID_LENGTH, NAME_LENGTH, Table


class DefinitionRow(Table):
    """One published version. `canonical` is what is digested and what each case carries."""

    __tablename__ = "definitions"
    __table_args__ = (UniqueConstraint("name", "version"),)

    digest: Mapped[str] = mapped_column(String(HASH_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    version: Mapped[int]
    title: Mapped[str]
    canonical: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]
    published_by: Mapped[str | None] = mapped_column(String(ID_LENGTH))
