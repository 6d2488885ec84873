"""Published definitions: put on record once, found by digest or by name and version, never changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pathway_model.compiled import pathway_of
from pathway_model.language.definition import Definition
from pathway_model.language.names import Digest
from pathway_model.pathway import Pathway
from records.errors import DefinitionTakenError, NotOnRecordError
from records.tables.definitions import DefinitionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedDefinition:
    """One published version, without its content."""

    digest: Digest
    name: str
    version: int
    title: str
    published_at: datetime
    published_by: str | None


def publish(session: Session, definition: Definition, *, now: datetime, account: str | None = None) -> Digest:
    """Put a definition on record; the same one again changes nothing.

    Raises:
        DefinitionTakenError: This name and version are published with other content.
    """
    digest = definition.digest()
    if not _is_published(session, definition):
        row = DefinitionRow(
            digest=digest,
            name=definition.pathway,
            version=definition.version,
            title=definition.title,
            canonical=definition.canonical(),
            published_at=now,
            published_by=account,
        )
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:
            # Somebody published this version at the same moment: all is well if it is the same.
            _is_published(session, definition)
    return digest


def canonical_of(session: Session, digest: str) -> str:
    """The canonical document: what a case carries.

    Raises:
        NotOnRecordError: No such definition was published.
    """
    canonical = session.scalar(select(DefinitionRow.canonical).where(DefinitionRow.digest == digest))
    if canonical is None:
        raise NotOnRecordError("definition", digest)
    return canonical


def pathway(session: Session, digest: str) -> Pathway:
    """The compiled definition; compiled once per process.

    Raises:
        NotOnRecordError: No such definition was published.
    """
    return pathway_of(canonical_of(session, digest))


def find(session: Session, name: str, version: int | None = None) -> PublishedDefinition:
    """A version by name and number; without a number the newest.

    Raises:
        NotOnRecordError: No such definition was published.
    """
    query = select(DefinitionRow).where(DefinitionRow.name == name)
    if version is None:
        newest = select(func.max(DefinitionRow.version)).where(DefinitionRow.name == name)
        query = query.where(DefinitionRow.version == newest.scalar_subquery())
    else:
        query = query.where(DefinitionRow.version == version)
    row = session.scalar(query)
    if row is None:
        raise NotOnRecordError("definition", name if version is None else f"{name} {version}")
    return _published(row)


def published(session: Session) -> tuple[PublishedDefinition, ...]:
    """All of them, by name and version."""
    query = select(DefinitionRow).order_by(DefinitionRow.name, DefinitionRow.version)
    return tuple(_published(row) for row in session.scalars(query))


def _is_published(session: Session, definition: Definition) -> bool:
    query = select(DefinitionRow.digest).where(
        DefinitionRow.name == definition.pathway, DefinitionRow.version == definition.version
    )
    found = session.scalar(query)
    if found not in {None, definition.digest()}:
        raise DefinitionTakenError(definition.pathway, definition.version)
    return found is not None


def _published(row: DefinitionRow) -> PublishedDefinition:
    return PublishedDefinition(
        digest=Digest(row.digest),
        name=row.name,
        version=row.version,
        title=row.title,
        published_at=row.published_at,
        published_by=row.published_by,
    )
