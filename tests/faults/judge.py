"""The judge: compares what people were told, Temporal's history, the rows and the raw mail of one case.

Independent of what it judges: it folds, hashes and counts by itself, from the descriptions in the design. Each
finding is a sentence; none means that nothing was lost, doubled or made up.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.faults.clocks_judged import clock_findings
from tests.faults.histories import History, Json
from tests.faults.notices_judged import notice_findings
from tests.faults.tables import Row, Tables

_STEP = ("sequence", "entered", "event", "changes", "effects")


@dataclass(frozen=True)
class Evidence:
    """All that is known of a case.

    Attributes:
        acknowledged: The number of its event, by the id of each request that was answered so.
        refused: Ids of the requests that were refused, and never accepted afterwards.
        value: What the durable case answers when asked where it stands.
        mails: Raw messages that the mail server took.
        now: The case's time at which it was looked at.
    """

    case: str
    acknowledged: Mapping[str, int]
    refused: frozenset[str]
    history: History
    tables: Tables
    value: Json
    mails: tuple[bytes, ...]
    now: datetime


def findings(evidence: Evidence) -> list[str]:
    """Everything that is wrong."""
    folded = list(_folded(evidence.tables))
    return [
        *_sequence_findings(evidence.tables),
        *_chain_findings(evidence.tables),
        *_history_findings(evidence.history, evidence.tables),
        *_request_findings(evidence),
        *_answer_findings(evidence.tables),
        *_standing_findings(evidence, folded[-1] if folded else {}),
        *clock_findings(evidence.tables, folded, evidence.now),
        *notice_findings(evidence.case, evidence.tables, evidence.mails),
    ]


def _folded(tables: Tables) -> Iterator[Json]:
    """The case after each event: RFC 7386 patches, one on the other."""
    value: Json = {}
    for row in tables.events:
        value = _merged(value, row["changes"])
        yield value


def _merged(value: object, patch: Mapping[str, Any]) -> Json:
    merged = dict(value) if isinstance(value, dict) else {}
    for key, changed in patch.items():
        if changed is None:
            merged.pop(key, None)
        else:
            merged[key] = _merged(merged.get(key), changed) if isinstance(changed, dict) else changed
    return merged


def _sequence_findings(tables: Tables) -> Iterator[str]:
    sequences = [row["sequence"] for row in tables.events]
    if sequences != list(range(1, len(sequences) + 1)):
        yield f"the sequence has a gap or a repetition: {sequences}"
    for request, count in Counter(row["request_id"] for row in tables.events if row["request_id"]).items():
        if count > 1:
            yield f"request {request} is recorded {count} times"


def _chain_findings(tables: Tables) -> Iterator[str]:
    previous = None
    for row in tables.events:
        content = {
            "case": row["case_id"],
            "epoch": row["epoch"],
            "digest": row["digest"],
            "interpreter": row["interpreter"],
            "request": row["request_id"],
            "account": row["account_id"],
            **{name: row[name] for name in _STEP},
        }
        if row["row_digest"] != _sha256(content):
            yield f"the digest of event {row['sequence']} is not of its content"
        if row["previous"] != previous or row["hash"] != _sha256([previous, row["row_digest"], row["answers"]]):
            yield f"the chain is broken at event {row['sequence']}"
        previous = row["hash"]
    (case,) = tables.cases
    if case["head"] != previous:
        yield "the head of the case is not its last event's hash"


def _history_findings(history: History, tables: Tables) -> Iterator[str]:
    """Rows and completed recordings must be the same steps."""
    recorded: dict[int, Json] = {}
    for asked in history.recordings():
        if asked.end == "open":
            yield f"a recording of run {asked.run} is still open"
        if asked.end != "completed":
            continue
        for step in asked.input["steps"]:
            if recorded.setdefault(step["sequence"], step) != step:
                yield f"two different steps {step['sequence']} were accepted in history"
    rows = {row["sequence"]: row for row in tables.events}
    for sequence in sorted(recorded.keys() - rows.keys()):
        yield f"step {sequence} stands in history and not in the rows"
    for sequence in sorted(rows.keys() - recorded.keys()):
        yield f"step {sequence} stands in the rows and was never accepted in history"
    for sequence in sorted(rows.keys() & recorded.keys()):
        row, step = rows[sequence], recorded[sequence]
        expected = {
            **{name: step[name] for name in _STEP},
            "request_id": step["request"],
            "account_id": step["account"],
        }
        for name, value in expected.items():
            if row[name] != value:
                yield f"step {sequence} has another {name} in the rows than in history: {row[name]} and {value}"


def _request_findings(evidence: Evidence) -> Iterator[str]:
    rows = {row["request_id"]: row for row in evidence.tables.events if row["request_id"]}
    accepted = evidence.history.accepted
    for request, sequence in evidence.acknowledged.items():
        if request not in rows or rows[request]["sequence"] != sequence:
            yield f"request {request} was acknowledged as {sequence}, and is not recorded so"
    for request in evidence.refused & rows.keys():
        yield f"request {request} was refused, and is recorded"
    succeeded = [update for update in accepted if update.sequence is not None]
    for update in accepted:
        if not update.is_answered:
            yield f"request {update.request['id']} was accepted and never answered"
    for update in succeeded:
        row: Row | None = rows.get(update.request["id"])
        if row is None or row["sequence"] != update.sequence:
            yield f"request {update.request['id']} succeeded in history as {update.sequence}, and is not recorded so"
    for request, row in rows.items():
        if not any(update.request["id"] == request and update.request["event"] == row["event"] for update in succeeded):
            yield f"request {request} is recorded, and history has accepted no such event under this id"


def _answer_findings(tables: Tables) -> Iterator[str]:
    """The words of personal answers stand with the event that they were given in, and nowhere else."""
    words = {
        (fact["sequence"], fact["fact"]): _sha256([fact["salt"], fact["value"]])
        for fact in tables.facts
        if fact["personal"]
    }
    claimed = {(row["sequence"], name): digest for row in tables.events for name, digest in row["answers"].items()}
    if words != claimed:
        yield f"the words of personal answers are not those of the events: {sorted(words.keys() ^ claimed.keys())}"
    recorded = {row["request_id"] for row in tables.events}
    for staged in tables.staged:
        if staged["request_id"] in recorded:
            yield f"the answer {staged['fact']} of request {staged['request_id']} was recorded and is still staged"


def _standing_findings(evidence: Evidence, folded: Json) -> Iterator[str]:
    tables = evidence.tables
    (case,) = tables.cases
    if case["value"] != folded:
        yield "the recorded case is not what its events fold to"
    if evidence.value != folded:
        yield f"the durable case is not what its events fold to: {_difference(evidence.value, folded)}"
    clocks = {row["turn"]: (row["clock"], row["fired"], row["wake"]) for row in tables.clocks}
    expected = {
        key: (turn["clock"], turn.get("fired", 0), turn.get("wake")) for key, turn in folded.get("clocks", {}).items()
    }
    if clocks != expected:
        yield f"the drawn clocks are not those of the case: {clocks} and {expected}"
    strands = {row["strand"]: (row["step"], row["owner"], bool(row["open"])) for row in tables.strands}
    standing = {
        name: (strand["step"], strand["owner"], strand.get("open", True))
        for name, strand in folded.get("strands", {}).items()
    }
    if strands != standing:
        yield f"the drawn strands are not those of the case: {strands} and {standing}"
    jobs = {row["id"] for row in tables.jobs if row["status"] == "open"}
    if jobs != set(folded.get("jobs", {})):
        yield f"the open jobs are not those of the case: {sorted(jobs)} and {sorted(folded.get('jobs', {}))}"


def _difference(one: Json, other: Json) -> list[str]:
    return sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))


def _sha256(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
