"""`handrail up`: everything on one machine, started in order, kept running, stopped in reverse.

The data directory is locked, keys are made, the database is brought up to date, then come the Temporal server,
the mailbox and the worker, and last the demonstration people. Where it can be reached is written to
`running.json`, which is how the other commands find it.
"""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Coroutine
from dataclasses import dataclass

from handrail.connect import desk_for, workplace
from handrail.demonstration import show_people
from handrail.embedded.child import Child
from handrail.embedded.directory import DataDirectory, Running, hold
from handrail.embedded.keys import ensure_payload_keys
from handrail.embedded.mailbox import Mailbox
from handrail.embedded.ports import LOOPBACK, Ports, claim
from handrail.embedded.supervise import Say, supervised
from handrail.embedded.temporal_server import find_temporal, start_temporal
from handrail.settings import Settings
from use_cases.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What was asked for on the command line."""

    first_port: int
    demonstration: bool


async def up(settings: Settings, wishes: Wishes, say: Say) -> None:
    """Run everything until Ctrl-C or SIGTERM.

    Raises:
        HandrailError: It cannot start, or a part of it keeps dying.
    """
    if not settings.embedded:
        raise InputError(
            f"The settings name the Temporal profile {settings.temporal.profile}, so nothing is to be run here.",
            "Run `handrail worker` against it, or take the profile out of the settings.",
        )
    await _until_told_to_stop(_serve(settings, wishes, say), say)


async def _serve(settings: Settings, wishes: Wishes, say: Say) -> None:
    directory = DataDirectory(settings.data)
    find_temporal()
    directory.prepare()
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(hold(directory))
        ports = claim(wishes.first_port)
        ensure_payload_keys(directory.payload_keys)
        say("Bringing the database up to date")
        place = workplace(settings)
        stack.callback(place.close)
        place.prepare()
        say("Starting the Temporal server")
        server = await stack.enter_async_context(
            supervised(lambda: start_temporal(directory, ports, SEARCH_ATTRIBUTES), say)
        )
        mailbox = Mailbox(directory.mail, ports.smtp)
        mailbox.open()
        stack.callback(mailbox.close)
        running = Running(
            pid=os.getpid(),
            temporal=f"{LOOPBACK}:{ports.temporal}",
            temporal_ui=f"http://{LOOPBACK}:{ports.temporal_ui}",
            smtp_port=ports.smtp,
        )
        running.write(directory)
        say("Starting the worker")
        worker = await stack.enter_async_context(supervised(lambda: _start_worker(directory), say))
        stack.callback(say, "Stopping: what is being worked on is finished first")
        if wishes.demonstration:
            await show_people(settings, say)
        _welcome(directory, ports, wishes, say)
        done, _ = await asyncio.wait({server, worker}, return_when=asyncio.FIRST_COMPLETED)
        for given_up in done:
            given_up.result()
