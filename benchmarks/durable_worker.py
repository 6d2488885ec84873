"""`python -m benchmarks.durable_worker`: the worker of one contender, as a process of its own, until it is killed.

All have the same limits, poll in the same way, and send notices to nobody.
"""

import argparse
import asyncio
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, Literal

import uvloop
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter
from temporalio.worker import PollerBehaviorAutoscaling, UnsandboxedWorkflowRunner, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from activities.mail import Message, Post
from benchmarks.by_hand.records import HandRecords
from benchmarks.by_hand.workflow import IconByHand
from pathway_model.language.definition import Channel
from records import definitions
from records.engine import open_engine, reading
from workers.worker import WorkerSettings, build_worker
from workflows.payloads import PayloadKeys, data_converter

Contender = Literal["handrail", "by hand", "plain"]
KEYS: Final = PayloadKeys(current="bench", keys={"bench": b"k" * 32})
CONVERTERS: Final[dict[str, DataConverter]] = {
    "handrail": data_converter(KEYS),
    "by hand": data_converter(KEYS),
    "plain": pydantic_data_converter,
}
"""`plain` has no codec: JSON that anybody can read."""


class Nowhere:
    """Takes every message."""

    async def send(self, message: Message) -> None:
        """Take a message."""


def main() -> None:
    """Serve, having said so."""
    parser = argparse.ArgumentParser()
    parser.add_argument("contender", choices=CONVERTERS)
    parser.add_argument("--temporal", required=True)
    parser.add_argument("--records", required=True, type=Path)
    given = parser.parse_args()
    work = _serve(given.contender, given.temporal, given.records)
    if given.contender == "plain":
        asyncio.run(work)
    else:
        uvloop.run(work)


async def _serve(contender: Contender, temporal: str, file: Path) -> None:
    client = await Client.connect(temporal, data_converter=CONVERTERS[contender])
    async with _worker(contender, client, file):
        print(json.dumps({"ready": os.getpid()}), flush=True)
        await asyncio.Event().wait()


def _worker(contender: Contender, client: Client, file: Path) -> Worker:
    settings = WorkerSettings(task_queue=contender)
    if contender == "handrail":
        engine = open_engine(f"sqlite:///{file}", busy_seconds=5)
        with reading(engine) as session:
            for published in definitions.published(session):
                definitions.pathway(session, published.digest)
        channels: tuple[Channel, ...] = ("email", "letter", "text message")
        posts: dict[Channel, Post] = dict.fromkeys(channels, Nowhere())
        return build_worker(client, engine, posts, settings)
    records = HandRecords(file)
    return Worker(
        client,
        task_queue=contender,
        workflows=[IconByHand],
        activities=[records.record, records.deliver],
        activity_executor=ThreadPoolExecutor(settings.activities_at_once),
        workflow_runner=SandboxedWorkflowRunner() if contender == "plain" else UnsandboxedWorkflowRunner(),
        max_concurrent_workflow_tasks=settings.cases_at_once,
        max_cached_workflows=settings.cases_cached,
        max_concurrent_activities=settings.activities_at_once,
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(maximum=20),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(maximum=20),
        graceful_shutdown_timeout=settings.shutdown,
    )


if __name__ == "__main__":
    main()
