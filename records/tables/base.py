"""What all tables share: the metadata with its naming of constraints, and portable column types."""

from datetime import UTC, date, datetime
from typing import Any, Final

from pydantic import JsonValue
from sqlalchemy import JSON, BigInteger, Date, DateTime, Dialect, Integer, MetaData, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase

from pathway_model.recording import JsonObject

ID_LENGTH: Final = 64
NAME_LENGTH: Final = 60
"""As long as a name in a definition may be (`pathway_model.language.names.Name`)."""

KEY_LENGTH: Final = 255
"""Of ids that the pure core makes from names and numbers: notices, jobs, turns, requests."""

HASH_LENGTH: Final = 64
"""SHA-256 in hexadecimal."""

NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""Stands where nothing is due: the two databases sort a missing value differently, and not by an index."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Naive values are refused going in, and what comes out says UTC on either database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Convert to UTC.

        Raises:
            ValueError: The value says no time zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Read as UTC; SQLite keeps no zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Table(DeclarativeBase):
    """The base of all tables. There are no relationships: queries say their joins."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    # JSON, not JSONB: it keeps the order of keys and the form of numbers, which a case value needs.
    type_annotation_map: Final[dict[Any, Any]] = {
        str: String(KEY_LENGTH),
        date: Date(),
        datetime: UtcDateTime(),
        JsonObject: JSON(),
        JsonValue: JSON(),
        list[str]: JSON(),
        list[JsonValue]: JSON(),
        dict[str, str]: JSON(),
    }


Counter: Final = BigInteger().with_variant(Integer(), "sqlite")
"""A key that the database counts: SQLite counts only a plain INTEGER."""
