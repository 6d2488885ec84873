"""What a viewer may see: the cases that an agency of theirs takes part in. Every case query takes a scope."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, select, true

from records.tables.cases import CaseRow
from records.tables.drawn import CaseAgencyRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A viewer's roles and agencies; without agencies nothing is visible.

    Attributes:
        everything: Only for what no person looks at: sweeps, activities, migrations.
    """

    roles: frozenset[str] = frozenset()
    agencies: frozenset[str] = frozenset()
    everything: bool = False


SYSTEM: Final = Scope(everything=True)
"""The scope of what runs without a viewer. Pages never use it."""


def visible(scope: Scope) -> ColumnElement[bool]:
    """The condition that a row of `cases` is in scope."""
    if scope.everything:
        return true()
    taking_part = select(CaseAgencyRow.case_id).where(
        CaseAgencyRow.case_id == CaseRow.id, CaseAgencyRow.agency.in_(sorted(scope.agencies))
    )
    return taking_part.exists()
