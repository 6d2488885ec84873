"""The rows of a case, by plain SQL on the bare driver: nothing of the records' own code is used to judge them."""

import json
import sqlite3
from collections.abc import Mapping, Set
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import make_url

Row = Mapping[str, Any]

_QUERIES: Final = {
    "events": "SELECT * FROM case_events WHERE case_id = '{}' ORDER BY epoch, sequence",
    "cases": "SELECT * FROM cases WHERE id = '{}'",
    "facts": "SELECT * FROM facts WHERE case_id = '{}'",
    "staged": "SELECT * FROM staged_answers WHERE case_id = '{}'",
    "notices": "SELECT * FROM notices WHERE case_id = '{}'",
    "deliveries": "SELECT * FROM deliveries WHERE case_id = '{}'",
    "clocks": "SELECT * FROM clocks WHERE case_id = '{}'",
    "strands": "SELECT * FROM strands WHERE case_id = '{}'",
    "jobs": "SELECT * FROM jobs WHERE case_id = '{}'",
}
_JSON: Final = frozenset({"event", "changes", "effects", "answers", "value", "steps", "owner_roles", "agencies"})
_INSTANTS: Final = {"at", "entered", "wake", "due", "started", "since"}


@dataclass(frozen=True)
class Tables:
    """Rows by table."""

    events: list[Row]
    cases: list[Row]
    facts: list[Row]
    staged: list[Row]
    notices: list[Row]
    deliveries: list[Row]
    clocks: list[Row]
    strands: list[Row]
    jobs: list[Row]


def tables_of(database: str, case: str) -> Tables:
    """Every row of a case. JSON is read, and instants are said as in JSON."""
    assert case.isalnum(), "it is put into statements"
    statements = {table: query.format(case) for table, query in _QUERIES.items()}
    address = make_url(database)
    is_sqlite = address.get_backend_name() == "sqlite"
    if is_sqlite:
        with closing(sqlite3.connect(str(address.database), timeout=60)) as file:
            file.row_factory = sqlite3.Row
            found = {table: file.execute(query).fetchall() for table, query in statements.items()}
    else:
        host = str(address.query["host"])
        with psycopg.connect(
            host=host, user=address.username, dbname=address.database, row_factory=dict_row
        ) as connection:
            found = {table: connection.execute(query.encode()).fetchall() for table, query in statements.items()}
    # PostgreSQL's driver reads JSON itself.
    json_columns = _JSON if is_sqlite else frozenset()
    return Tables(**{table: [_read(dict(row), json_columns) for row in rows] for table, rows in found.items()})


def _read(row: Row, json_columns: Set[str]) -> Row:
    return {name: _plain(name, value, json_columns) for name, value in row.items()}


def _plain(name: str, value: Any, json_columns: Set[str]) -> Any:  # noqa: ANN401 - whatever stands in a column
    # SQLite gives a number back as one.
    if name in json_columns and isinstance(value, str):
        return json.loads(value)
    if name not in _INSTANTS or value is None:
        return value
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    instant = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    return instant.isoformat().replace("+00:00", "Z")
