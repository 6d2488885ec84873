"""What Temporal has written down of a case, over all of its runs: read from the raw events, decoded by the codec."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from temporalio.api.common.v1 import Payloads
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client
from temporalio.converter import PayloadCodec

from pathway_model.language.names import CaseId

Json = dict[str, Any]

_ENDS: Final = {
    EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED: "completed",
    EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED: "failed",
    EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT: "timed out",
    EventType.EVENT_TYPE_ACTIVITY_TASK_CANCELED: "cancelled",
}


@dataclass
class Asked:
    """One activity that a run asked for, and how it ended; `open` if it did not."""

    activity: str
    input: Json
    run: int
    end: str = "open"


@dataclass
class Accepted:
    """One update that was accepted: the request, and what was answered, if anything."""

    request: Json
    run: int
    sequence: int | None = None
    failure: str | None = None

    @property
    def is_answered(self) -> bool:
        """Whether it has been answered."""
        return self.sequence is not None or self.failure is not None


@dataclass
class History:
    """All runs of a case, the first one first."""

    runs: int = 0
    asked: list[Asked] = field(default_factory=list)
    accepted: list[Accepted] = field(default_factory=list)

    def recordings(self) -> list[Asked]:
        """What the records were asked to record."""
        return [each for each in self.asked if each.activity == "record_steps"]


async def history_of(client: Client, case: CaseId) -> History:
    """Read a case's history from its newest run back to its first."""
    runs: list[Sequence[HistoryEvent]] = []
    run: str | None = None
    while run != "":
        handle = client.get_workflow_handle(f"case-{case}", run_id=run)
        events = (await handle.fetch_history()).events
        runs.insert(0, events)
        run = events[0].workflow_execution_started_event_attributes.continued_execution_run_id
    codec = client.data_converter.payload_codec
    assert codec is not None
    history = History(runs=len(runs))
    for number, events in enumerate(runs, start=1):
        await _read_run(history, number, events, codec)
    return history


async def _read_run(history: History, run: int, events: Sequence[HistoryEvent], codec: PayloadCodec) -> None:
    asked: dict[int, Asked] = {}
    accepted: dict[int, Accepted] = {}
    for event in events:
        match event.event_type:
            case EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
                scheduled = event.activity_task_scheduled_event_attributes
                asked[event.event_id] = Asked(scheduled.activity_type.name, await _decoded(codec, scheduled.input), run)
            case kind if kind in _ENDS:
                asked[_scheduled(event)].end = _ENDS[kind]
            case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
                taken = event.workflow_execution_update_accepted_event_attributes.accepted_request
                accepted[event.event_id] = Accepted(await _decoded(codec, taken.input.args), run)
            case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED:
                completed = event.workflow_execution_update_completed_event_attributes
                update = accepted[completed.accepted_event_id]
                if completed.outcome.HasField("success"):
                    update.sequence = (await _decoded(codec, completed.outcome.success))["sequence"]
                else:
                    update.failure = completed.outcome.failure.application_failure_info.type
            case _:
                pass
    history.asked += asked.values()
    history.accepted += accepted.values()


def _scheduled(event: HistoryEvent) -> int:
    for name in ("completed", "failed", "timed_out", "canceled"):
        attributes = f"activity_task_{name}_event_attributes"
        if event.HasField(attributes):  # type: ignore[arg-type]
            number: int = getattr(event, attributes).scheduled_event_id
            return number
    raise AssertionError(event)


async def _decoded(codec: PayloadCodec, payloads: Payloads) -> Json:
    (payload,) = await codec.decode(payloads.payloads)
    value: Json = json.loads(payload.data)
    assert isinstance(value, Mapping)
    return value
