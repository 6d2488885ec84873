"""No clock lost: judged from the value of the case after each event, and from nothing else."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.faults.tables import Row, Tables

Json = dict[str, Any]
_LATE = timedelta(seconds=1)
"""An instant that is due is still on time, so that its clock wakes a second later."""


def clock_findings(tables: Tables, folded: list[Json], now: datetime) -> Iterator[str]:
    """What is wrong with the clocks of a case.

    Args:
        tables: Its rows.
        folded: The case after each event.
        now: The case's time at which it was looked at.
    """
    before: Json = {}
    for row, after in zip(tables.events, folded, strict=True):
        yield from _event_findings(row, before.get("clocks", {}), after.get("clocks", {}))
        before = after
    for key, turn in before.get("clocks", {}).items():
        if "wake" in turn and _instant(turn["wake"]) <= now:
            yield f"clock {key} should have woken at {turn['wake']}, and has not"


def _event_findings(row: Row, before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[str]:
    entered = _instant(row["entered"])
    due = {key: _instant(turn["wake"]) for key, turn in before.items() if "wake" in turn}
    overdue = {key: wake for key, wake in due.items() if wake <= entered}
    if row["kind"] != "clock came due":
        for key, wake in overdue.items():
            yield f"event {row['sequence']} was entered at {entered}, before clock {key} of {wake} had come due"
        for key in before.keys() & after.keys():
            if _fired(after[key]) != _fired(before[key]) and row["kind"] != "staffing changed":
                yield f"event {row['sequence']} fired a rung of clock {key} without being its clock"
        return
    key = row["event"]["turn"]
    if key not in overdue:
        yield f"event {row['sequence']}: clock {key} fired before it was due"
        return
    if _instant(row["at"]) not in (overdue[key], overdue[key] - _LATE):
        yield f"event {row['sequence']}: clock {key} was due at {overdue[key]} and not at {row['at']}"
    if overdue[key] > min(overdue.values()):
        yield f"event {row['sequence']}: clock {key} fired before another that was due earlier"
    # Rungs with nobody in their roles are passed over at once, so that one event may fire several.
    if key in after and _fired(after[key]) <= _fired(before[key]):
        yield f"event {row['sequence']} is of clock {key}, and none of its rungs fired"


def _fired(turn: Json) -> int:
    fired: int = turn.get("fired", 0)
    return fired


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
