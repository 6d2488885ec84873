"""All tables in one place, for migrations: importing this module makes the metadata complete."""

from typing import Final

from sqlalchemy import MetaData

from records.tables import cases, definitions, drawn, notices, people, sign_ins, staff
from records.tables.base import Table

SUBJECTS: Final = (cases, definitions, drawn, notices, people, sign_ins, staff)
METADATA: Final[MetaData] = Table.metadata
