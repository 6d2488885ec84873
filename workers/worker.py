"""A worker: hosts the cases and the activities of one task queue, for as long as it is open.

Which code may take over running cases is decided by `patched()` and the replay of committed histories
(tests/replay), not by versions of workers. docs/adr/0035.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, UnsandboxedWorkflowRunner, Worker

from activities.mail import Post
from activities.notices import Notices
from activities.record import Records
from pathway_model.language.definition import Channel
from workflows.case import CaseWorkflow
from workflows.names import TASK_QUEUE


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings:
    """How much one worker does at a time.

    Attributes:
        cases_at_once: Workflow tasks. After a restart every case is replayed: few at once, or all time out.
        cases_cached: Cases kept in memory, some 100-300 KiB each; an uncached one is replayed when it wakes.
        activities_at_once: One thread each; more than the database has connections would only wait for one.
        shutdown: How long activities may take to finish when the worker is told to stop.
    """

    task_queue: str = TASK_QUEUE
    cases_at_once: int = 16
    cases_cached: int = 1000
    activities_at_once: int = 10
    shutdown: timedelta = timedelta(seconds=20)


def build_worker(
    client: Client, engine: Engine, posts: Mapping[Channel, Post], settings: WorkerSettings = WorkerSettings()
) -> Worker:
    """Make a worker that does not run yet: enter it with `async with`, or `run()` it.

    Args:
        client: Connected with the payload keys of the cases.
        engine: The records. Its waiting for locks must stay below `activities.contracts.ATTEMPT`.
        posts: Take what goes out, by channel.
        settings: How much it does at a time.
    """
    return Worker(
        client,
        task_queue=settings.task_queue,
        workflows=[CaseWorkflow],
        activities=[Records(engine).record_steps, Notices(engine, posts).deliver_notice],
        activity_executor=ThreadPoolExecutor(settings.activities_at_once, "activity"),
        # A third less CPU than the sandbox. What it would catch is caught before: by the bans on clocks and
        # chance, the import contracts, and the tests, which run the same cases inside the sandbox and replay them.
        workflow_runner=UnsandboxedWorkflowRunner(),
        max_concurrent_workflow_tasks=settings.cases_at_once,
        max_cached_workflows=settings.cases_cached,
        max_concurrent_activities=settings.activities_at_once,
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(maximum=20),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(maximum=20),
        graceful_shutdown_timeout=settings.shutdown,
    )
