"""Every notice that was queued is delivered at least once and recorded exactly once, counted from the raw mail."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes

from tests.faults.tables import Row, Tables


def notice_findings(case: str, tables: Tables, mails: tuple[bytes, ...]) -> Iterator[str]:
    """What is wrong with the notices of a case."""
    asked = Counter(
        effect["id"] for row in tables.events for effect in row["effects"] if effect["kind"].endswith(" notice")
    )
    kept = Counter(row["id"] for row in tables.notices)
    if asked != kept or any(count > 1 for count in asked.values()):
        yield f"the notices on record are not those that the events asked for: {kept - asked} and {asked - kept}"
    sent = _sent(mails)
    for notice in tables.notices:
        yield from _fate_findings(notice, tables, sent)
    known = {_message_id(case, row["id"]) for row in tables.notices if row["status"] == "delivered"}
    for message, addresses in sent.items():
        if any(f"@{case}." in address for address in addresses) and message not in known:
            yield f"message {message} went out to {addresses}, and no delivery of it is on record"


def _fate_findings(notice: Row, tables: Tables, sent: dict[str, list[str]]) -> Iterator[str]:
    name = notice["id"]
    outcomes = [row for row in tables.deliveries if row["notice_id"] == name]
    effects = [effect for row in tables.events for effect in row["effects"] if effect["id"] == name]
    told = [row for row in tables.events if row["kind"] == "notice not delivered" and row["event"]["notice"] == name]
    if any(effect["kind"] == "withhold notice" for effect in effects):
        if outcomes or notice["status"] != "withheld":
            yield f"notice {name} was withheld from the start, and something came of it"
        return
    if notice["status"] == "queued":
        yield f"notice {name} is still queued"
        return
    if len(outcomes) != 1 or outcomes[0]["outcome"] != notice["status"]:
        yield f"notice {name} is {notice['status']}, and on record as {[row['outcome'] for row in outcomes]}"
    messages = sent.get(_message_id(notice["case_id"], name), [])
    if notice["status"] == "delivered":
        if not messages or set(messages) != {outcomes[0]["address"]}:
            yield f"notice {name} is on record as delivered to {outcomes[0]['address']}, and the mail says {messages}"
    elif messages:
        yield f"notice {name} is {notice['status']}, and went out to {messages}"
    is_heard_of = notice["status"] != "delivered" and notice["reason"] != "notices stopped"
    if [row["event"]["reason"] for row in told] != ([notice["reason"]] if is_heard_of else []):
        yield f"notice {name} is {notice['status']} ({notice['reason']}), and the case heard of it {len(told)} times"


def _sent(mails: tuple[bytes, ...]) -> dict[str, list[str]]:
    sent: dict[str, list[str]] = {}
    for raw in mails:
        mail = message_from_bytes(raw)
        sent.setdefault(str(mail["Message-ID"]).strip(), []).append(str(mail["To"]))
    return sent


def _message_id(case: str, notice: str) -> str:
    return f"<{hashlib.sha256(f'{case}/{notice}'.encode()).hexdigest()[:40]}@handrail.invalid>"
