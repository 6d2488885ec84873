"""Draws from the value of a case the rows that queries look for, and writes those that an event changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, insert, inspect, tuple_
from sqlalchemy.orm import Session

from pathway_model.case import Case
from pathway_model.summary import Summary
from records.tables.base import NEVER, Table
from records.tables.cases import CaseStatus
from records.tables.drawn import (
    CaseAgencyRow,
    CaseOwnerRow,
    ClockRow,
    ConsentRow,
    HandoverRow,
    StrandRow,
)

_Row = dict[str, Any]
_Rows = Mapping[tuple[Any, ...], _Row]
"""By primary key."""

_KEPT: Final = (HandoverRow,)
"""What is asked for anew begins a new row; what came of the request before stays on record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A case with all that its drawn rows follow from."""

    case: Case
    summary: Summary
    status: CaseStatus


def draw(session: Session, before: Standing | None, after: Standing) -> None:
    """Bring the drawn rows of a case from one standing to the next; `before` is none for its first event."""
    old = {} if before is None else _rows(before)
    for table, rows in _rows(after).items():
        _write(session, table, old.get(table, {}), rows)


def _write(session: Session, table: type[Table], old: _Rows, new: _Rows) -> None:
    gone = [key for key in old if key not in new and table not in _KEPT]
    changed = [key for key, row in new.items() if old.get(key) != row]
    if not gone and not changed:
        return
    # The bare table: these rows are never objects of the session, which would cost more than the statements.
    bare = Table.metadata.tables[table.__tablename__]
    key_columns = tuple_(*bare.primary_key)
    # Also where nothing should stand yet: a row left there by an earlier version gives way.
    session.execute(delete(bare).where(key_columns.in_([*gone, *changed])))
    if changed:
        session.execute(insert(bare), [dict(new[key]) for key in changed])


def _rows(standing: Standing) -> dict[type[Table], _Rows]:
    drawn: dict[type[Table], Iterator[_Row]] = {
        StrandRow: _strands(standing.case),
        ClockRow: _clocks(standing.case),
        HandoverRow: _handovers(standing.case),
        ConsentRow: _consents(standing.case),
        CaseOwnerRow: _owners(standing),
        CaseAgencyRow: _agencies(standing),
    }
    return {table: _by_key(table, rows) for table, rows in drawn.items()}


def _by_key(table: type[Table], rows: Iterator[_Row]) -> _Rows:
    names = [column.name for column in inspect(table).primary_key]
    return {tuple(row[name] for name in names): row for row in rows}


def _strands(case: Case) -> Iterator[_Row]:
    for name, strand in case.strands.items():
        yield {
            "case_id": case.id,
            "strand": name,
            "kind": strand.kind,
            "step": strand.step,
            "owner": strand.owner,
            "since": strand.since,
            "open": strand.open,
        }


def _clocks(case: Case) -> Iterator[_Row]:
    for name, turn in case.clocks.items():
        yield {
            "case_id": case.id,
            "turn": name,
            "clock": turn.clock,
            "strand": turn.strand,
            "number": turn.number,
            "started": turn.started,
            "due": turn.due,
            "state": turn.state,
            "fired": turn.fired,
            "wake": turn.wake,
            "frozen": turn.frozen,
        }


def _handovers(case: Case) -> Iterator[_Row]:
    for name, handover in case.handovers.items():
        yield {
            "case_id": case.id,
            "handover": name,
            "turn": handover.turn,
            "to_role": handover.to,
            "status": handover.status,
            "requested": handover.requested,
            "settled": handover.settled,
            "with_content": handover.with_content,
            "reason": handover.reason,
            "alternative": handover.alternative,
        }


def _consents(case: Case) -> Iterator[_Row]:
    for consent, parties in case.consents.items():
        for party, state in parties.items():
            yield {
                "case_id": case.id,
                "consent": consent,
                "party": party,
                "status": state.status,
                "at": state.at,
            }


def _owners(standing: Standing) -> Iterator[_Row]:
    for role in standing.summary.owner_roles:
        yield {
            "case_id": standing.case.id,
            "role": role,
            "status": standing.status,
            "next_due": standing.summary.next_due or NEVER,
        }


def _agencies(standing: Standing) -> Iterator[_Row]:
    for agency in standing.summary.agencies:
        yield {"case_id": standing.case.id, "agency": agency}
