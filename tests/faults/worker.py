"""`python -m tests.faults.worker`: production's worker, which stops at points that a test names, to be killed there.

A point is `<where>:<what>`; what is a request id, or `<case>/<kind of event>`, or a mail's address. Where:

before   the record activity has begun, nothing is done
during   everything is written, and not committed: the transaction is open
after    committed, and nobody has been told
sent     a mail server has taken the message, and nothing is recorded of it

Each point stops one attempt only. The worker says `ready` and each point that it stopped at, a line each, and goes on
when it is sent a byte.
"""

import argparse
import asyncio
import contextlib
import os
import threading
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import uvloop
from sqlalchemy import Connection, Engine, event
from temporalio import client as temporal
from temporalio import worker as hosting

from activities.contracts import RecordSteps
from activities.mail import MailSettings, Message, SmtpPost
from records.engine import open_engine
from workers.serving import BUSY_SECONDS
from workers.worker import build_worker
from workflows.payloads import data_converter, read_keys

_recording: ContextVar[tuple[str, ...]] = ContextVar("recording", default=())


class Stops:
    """The points at which this worker stops."""

    def __init__(self, points: list[str], tell: int, hear: int) -> None:
        self._points = points
        self._tell = tell
        self._hear = hear
        self._lock = threading.Lock()

    def say(self, line: str) -> None:
        """Tell the test."""
        os.write(self._tell, f"{line}\n".encode())

    def stop_at(self, where: str, things: tuple[str, ...]) -> None:
        """Block this thread here if a test wants it, until it says to go on."""
        with self._lock:
            point = next((f"{where}:{thing}" for thing in things if f"{where}:{thing}" in self._points), None)
            if point is None:
                return
            self._points.remove(point)
        self.say(point)
        os.read(self._hear, 1)


class Stopping(temporal.Interceptor, hosting.Interceptor):
    """Stands around every activity."""

    def __init__(self, stops: Stops) -> None:
        self._stops = stops

    def intercept_activity(self, next: hosting.ActivityInboundInterceptor) -> hosting.ActivityInboundInterceptor:  # noqa: A002 - Temporal's name
        """Stand around activities."""
        return _Around(next, self._stops)


class _Around(hosting.ActivityInboundInterceptor):
    def __init__(self, following: hosting.ActivityInboundInterceptor, stops: Stops) -> None:
        super().__init__(following)
        self._stops = stops

    async def execute_activity(self, input: hosting.ExecuteActivityInput) -> Any:  # noqa: A002, ANN401 - Temporal's
        things = _things(input.args[0])
        await asyncio.to_thread(self._stops.stop_at, "before", things)
        _recording.set(things)
        answer = await super().execute_activity(input)
        await asyncio.to_thread(self._stops.stop_at, "after", things)
        return answer


def _things(argument: object) -> tuple[str, ...]:
    if not isinstance(argument, RecordSteps):
        return ()
    requests = (step.request for step in argument.steps if step.request is not None)
    return (*requests, *(f"{argument.case}/{step.event.kind}" for step in argument.steps))


class StoppingPost:
    """Hands messages to the mail server."""

    def __init__(self, post: SmtpPost, stops: Stops) -> None:
        self._post = post
        self._stops = stops

    async def send(self, message: Message) -> None:
        """Send a message."""
        await self._post.send(message)
        await asyncio.to_thread(self._stops.stop_at, "sent", (message.to,))


def _stop_before_commit(engine: Engine, stop_at: Callable[[str, tuple[str, ...]], None]) -> None:
    @event.listens_for(engine, "commit")
    def _stop(_connection: Connection) -> None:
        stop_at("during", _recording.get())


async def _serve(given: argparse.Namespace) -> None:
    stops = Stops(given.stop, given.tell, given.hear)
    engine = open_engine(given.database, busy_seconds=BUSY_SECONDS)
    _stop_before_commit(engine, stops.stop_at)
    post = SmtpPost(MailSettings(host="127.0.0.1", port=given.smtp_port, security="none"))
    keys = read_keys(given.keys.read_text(encoding="utf-8"))
    client = await temporal.Client.connect(
        given.temporal, data_converter=data_converter(keys), interceptors=[Stopping(stops)]
    )
    async with build_worker(client, engine, {"email": StoppingPost(post, stops)}):
        stops.say("ready")
        await asyncio.Event().wait()


def main() -> None:
    """Run until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--temporal", required=True)
    parser.add_argument("--keys", required=True, type=Path)
    parser.add_argument("--database", required=True)
    parser.add_argument("--smtp-port", required=True, type=int)
    parser.add_argument("--stop", action="append", default=[])
    parser.add_argument("--tell", required=True, type=int)
    parser.add_argument("--hear", required=True, type=int)
    with contextlib.suppress(KeyboardInterrupt):
        uvloop.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()
