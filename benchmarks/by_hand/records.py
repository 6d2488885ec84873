"""The records of the hand-written case: bare SQLite, one transaction a step, with a hash chain and an outbox."""

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from temporalio import activity
from temporalio.exceptions import ApplicationError

from benchmarks.by_hand.messages import Deliver, Icon, Record

PERSONAL = {"reason", "findings", "life_goals"}
SCHEMA = """
CREATE TABLE cases (id TEXT PRIMARY KEY, sequence INT, head TEXT, step TEXT, owner TEXT, next_due TEXT, outcome TEXT,
    value TEXT);
CREATE INDEX cases_due ON cases (outcome, next_due);
CREATE TABLE events (case_id TEXT REFERENCES cases, sequence INT, request TEXT, account TEXT, what TEXT, at TEXT,
    entered TEXT, event TEXT, value TEXT, digest TEXT, previous TEXT, hash TEXT,
    PRIMARY KEY (case_id, sequence), UNIQUE (case_id, request));
CREATE TABLE strands (case_id TEXT REFERENCES cases, strand TEXT, step TEXT, owner TEXT, PRIMARY KEY (case_id, strand));
CREATE TABLE due (case_id TEXT REFERENCES cases, name TEXT, due TEXT, PRIMARY KEY (case_id, name));
CREATE INDEX due_due ON due (due);
CREATE TABLE consents (case_id TEXT REFERENCES cases, consent TEXT, party TEXT, status TEXT,
    PRIMARY KEY (case_id, consent, party));
CREATE TABLE facts (case_id TEXT REFERENCES cases, sequence INT, fact TEXT, value TEXT,
    PRIMARY KEY (case_id, sequence, fact));
CREATE TABLE staged (case_id TEXT REFERENCES cases, request TEXT, fact TEXT, value TEXT,
    PRIMARY KEY (case_id, request, fact));
CREATE TABLE notices (case_id TEXT REFERENCES cases, id TEXT, notice TEXT, recipient TEXT, consent TEXT, status TEXT,
    PRIMARY KEY (case_id, id));
CREATE TABLE deliveries (case_id TEXT, notice TEXT, at TEXT, address TEXT, body TEXT);
CREATE TABLE ways (case_id TEXT REFERENCES cases, who TEXT, address TEXT, PRIMARY KEY (case_id, who));
"""


class HandRecords:
    """One SQLite file; writers take turns, as the engine's do."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._local = threading.local()
        self._turn = threading.Lock()

    def create(self) -> None:
        """Make the tables."""
        self._connection().executescript(SCHEMA)

    def add(self, case: str, who: list[str]) -> None:
        """Put a new case on record, with ways to reach everybody."""
        with self._writing() as connection:
            connection.execute("INSERT INTO cases (id, sequence, value) VALUES (?, 0, '{}')", (case,))
            rows = [(case, one, f"{one}@example.org") for one in who]
            connection.executemany("INSERT INTO ways VALUES (?, ?, ?)", rows)

    def stage(self, case: str, request: str, words: dict[str, str]) -> None:
        """Keep personal answers for the step that the request will make."""
        with self._writing() as connection:
            rows = [(case, request, fact, word) for fact, word in words.items()]
            connection.executemany("INSERT INTO staged VALUES (?, ?, ?, ?)", rows)

    def audit(self, case: str) -> tuple[int, int]:
        """Steps on record and notices delivered, the chain having been checked."""
        connection = self._connection()
        head = None
        rows = connection.execute(
            "SELECT digest, previous, hash FROM events WHERE case_id = ? ORDER BY sequence", (case,)
        ).fetchall()
        for digest, previous, hashed in rows:
            assert previous == head
            assert hashed == _hash(head, digest)
            head = hashed
        query = "SELECT count(*) FROM notices WHERE case_id = ? AND status = 'delivered'"
        return len(rows), connection.execute(query, (case,)).fetchone()[0]

    @activity.defn(name="record_by_hand")
    def record(self, record: Record) -> None:
        """Record a step; the same step again changes nothing."""
        case, icon, deed = record.case, record.icon, record.deed
        event, value = _json(asdict(deed)), _json(asdict(icon))
        digest = hashlib.sha256(_json([case, icon.sequence, event, value]).encode()).hexdigest()
        with self._writing() as connection:
            row = connection.execute("SELECT sequence, head, value FROM cases WHERE id = ?", (case,)).fetchone()
            sequence, head, before = row
            if icon.sequence <= sequence:
                query = "SELECT digest FROM events WHERE case_id = ? AND sequence = ?"
                if connection.execute(query, (case, icon.sequence)).fetchone() != (digest,):
                    raise ApplicationError("another step stands at its place", non_retryable=True)
                return
            if icon.sequence != sequence + 1:
                raise ApplicationError("the step before is missing", non_retryable=True)
            hashed = _hash(head, digest)
            connection.execute(
                "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (case, icon.sequence, deed.id, deed.account, deed.what, deed.at.isoformat(), record.entered.isoformat(),
                 event, value, digest, head, hashed),
            )  # fmt: skip
            due = min(icon.due.values(), default=None)
            connection.execute(
                "UPDATE cases SET sequence = ?, head = ?, step = ?, owner = ?, next_due = ?, outcome = ?, value = ? "
                "WHERE id = ?",
                (icon.sequence, hashed, icon.step, icon.owner, due and due.isoformat(), icon.outcome, value, case),
            )
            _draw(connection, case, icon, json.loads(before), json.loads(value))
            _facts(connection, record)
            rows = [(case, one.id, one.notice, one.recipient, one.consent, "queued") for one in record.notices]
            connection.executemany("INSERT INTO notices VALUES (?, ?, ?, ?, ?, ?)", rows)

    @activity.defn(name="deliver_by_hand")
    def deliver(self, deliver: Deliver) -> None:
        """Deliver a notice, if consent still stands; recorded once."""
        key = (deliver.case, deliver.notice)
        with self._writing() as connection:
            query = "SELECT notice, recipient, consent, status FROM notices WHERE case_id = ? AND id = ?"
            notice, recipient, consent, status = connection.execute(query, key).fetchone()
            if status != "queued":
                return
            query = "SELECT status FROM consents WHERE case_id = ? AND consent = ? AND party = ?"
            given = connection.execute(query, (deliver.case, consent, recipient)).fetchone()
            if consent is not None and given != ("given",):
                connection.execute("UPDATE notices SET status = 'withheld' WHERE case_id = ? AND id = ?", key)
                return
            query = "SELECT address FROM ways WHERE case_id = ? AND who = ?"
            (address,) = connection.execute(query, (deliver.case, recipient)).fetchone()
        # Here it would be sent; nobody is there to take it, as with the engine in this benchmark.
        with self._writing() as connection:
            connection.execute("UPDATE notices SET status = 'delivered' WHERE case_id = ? AND id = ?", key)
            row = (*key, datetime.now(UTC).isoformat(), address, notice)
            connection.execute("INSERT INTO deliveries VALUES (?, ?, ?, ?, ?)", row)

    def _connection(self) -> sqlite3.Connection:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = sqlite3.connect(self._file, timeout=5, isolation_level=None)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
        assert isinstance(connection, sqlite3.Connection)
        return connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._turn:
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def _draw(
    connection: sqlite3.Connection, case: str, icon: Icon, before: dict[str, object], after: dict[str, object]
) -> None:
    """Write the rows that queries look for, where they changed."""
    if any(before.get(name) != after[name] for name in ("strands", "strand_owners")):
        connection.execute("DELETE FROM strands WHERE case_id = ?", (case,))
        strands = [(case, name, step, icon.strand_owners[name]) for name, step in icon.strands.items()]
        connection.executemany("INSERT INTO strands VALUES (?, ?, ?, ?)", strands)
    if before.get("due") != after["due"]:
        connection.execute("DELETE FROM due WHERE case_id = ?", (case,))
        due = [(case, name, at.isoformat()) for name, at in icon.due.items()]
        connection.executemany("INSERT INTO due VALUES (?, ?, ?)", due)
    if before.get("consents") != after["consents"]:
        connection.execute("DELETE FROM consents WHERE case_id = ?", (case,))
        consents = [
            (case, consent, party, status)
            for consent, parties in icon.consents.items()
            for party, status in parties.items()
        ]
        connection.executemany("INSERT INTO consents VALUES (?, ?, ?, ?)", consents)


def _facts(connection: sqlite3.Connection, record: Record) -> None:
    case, deed = record.case, record.deed
    if deed.what in {"refer", "consent"}:
        return
    query = "DELETE FROM staged WHERE case_id = ? AND request = ? RETURNING fact, value"
    words = dict(connection.execute(query, (case, deed.id)).fetchall()) if PERSONAL & deed.answers.keys() else {}
    rows = [(case, record.icon.sequence, fact, words.get(fact) or _json(value)) for fact, value in deed.answers.items()]
    connection.executemany("INSERT INTO facts VALUES (?, ?, ?, ?)", rows)


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True, default=datetime.isoformat)


def _hash(head: str | None, digest: str) -> str:
    return hashlib.sha256(f"{head}{digest}".encode()).hexdigest()
