"""`handrail up`: everything on one machine, started in order, kept running, stopped in reverse.

The data directory is locked, keys are made, the database is brought up to date, then come the Temporal server,
the mailbox, the worker and the pages, and last the demonstration people. Where it can be reached is written to
`running.json`, by which the other commands find it.
"""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from handrail.connect import now, open_desk, payload_keys
from handrail.demonstration import show_people
from handrail.embedded.answering import answering
from handrail.embedded.child import Child
from handrail.embedded.directory import DataDirectory, Running, hold
from handrail.embedded.keys import ensure_payload_keys
from handrail.embedded.mailbox import Mailbox
from handrail.embedded.ports import LOOPBACK, Ports, claim
from handrail.embedded.supervise import Say, supervised
from handrail.embedded.temporal_server import find_temporal, start_temporal
from handrail.settings import Settings
from handrail.welcome import welcome
from use_cases.accounts import EVERYBODY, open_demonstration_accounts
from use_cases.change_password import give_first_passwords
from use_cases.database import migrate_database, open_cases, opened
from use_cases.definitions import publish_folder
from use_cases.errors import InputError
from workflows.names import SEARCH_ATTRIBUTES

PAGES_WITHIN: Final = 60.0
"""Seconds in which the pages must answer; two, where nothing else keeps the machine busy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What was asked for on the command line.

    Attributes:
        when_running: Is told the addresses instead of having them said in words.
    """

    first_port: int
    demonstration: bool
    settings_file: Path | None = None
    when_running: Callable[[Running], None] | None = None


async def up(settings: Settings, wishes: Wishes, say: Say) -> None:
    """Run everything until Ctrl-C or SIGTERM.

    Raises:
        HandrailError: It cannot start, or a part of it keeps dying.
    """
    if not settings.embedded:
        raise InputError(
            f"The settings name the Temporal profile {settings.temporal.profile}: nothing is to be run here.",
            "Run `handrail worker` against it, or take the profile out of the settings.",
        )
    await _until_told_to_stop(_serve(settings, wishes, say), say)


async def _until_told_to_stop(serving: Coroutine[None, None, None], say: Say) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    work = asyncio.create_task(serving)
    waiting = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({work, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            say("Stopping: what is being worked on is finished first")
            work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work
    finally:
        waiting.cancel()
    if stop.is_set():
        say("Stopped. Everything is kept; `handrail up` goes on from here.")


async def _serve(settings: Settings, wishes: Wishes, say: Say) -> None:
    directory = DataDirectory(settings.data)
    find_temporal()
    directory.prepare()
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(hold(directory))
        ports = claim(wishes.first_port)
        if settings.payload_keys is None:
            ensure_payload_keys(directory.payload_keys, directory.temporal_database)
        payload_keys(settings)  # Says what is wrong with them before anything is begun.
        say("Bringing the database up to date")
        _prepare_records(settings, directory)
        _say_what_does_not_run(settings, directory, say)
        say("Starting the Temporal server")
        server = await stack.enter_async_context(
            supervised(lambda: start_temporal(directory, ports, SEARCH_ATTRIBUTES), say)
        )
        mailbox = Mailbox(directory.mail, ports.smtp)
        mailbox.open()
        stack.callback(mailbox.close)
        running = _tell_others(directory, ports)
        say("Starting the worker")
        worker = await stack.enter_async_context(
            supervised(lambda: _start_worker(directory, wishes.settings_file), say)
        )
        say("Starting the pages")
        pages = await stack.enter_async_context(
            supervised(lambda: _start_pages(directory, ports, wishes.settings_file), say)
        )
        if wishes.demonstration:
            async with open_desk(settings, account=EVERYBODY) as desk:
                await show_people(desk, say)
        await answering("The pages", ports.first, PAGES_WITHIN)
        if wishes.when_running is None:
            welcome(directory, ports, _first_passwords(settings, directory), say)
        else:
            wishes.when_running(running)
        done, _ = await asyncio.wait({server, worker, pages}, return_when=asyncio.FIRST_COMPLETED)
        for given_up in done:
            given_up.result()


def _prepare_records(settings: Settings, directory: DataDirectory) -> None:
    with opened(settings.database_url or directory.database_url) as records:
        migrate_database(records)
        began = now()
        definitions = publish_folder(records, settings.pathways, began)
        open_demonstration_accounts(records, definitions, began)


def _say_what_does_not_run(settings: Settings, directory: DataDirectory, say: Say) -> None:
    if directory.temporal_database.exists():
        return
    with opened(settings.database_url or directory.database_url) as records:
        waiting = open_cases(records)
    if waiting:
        say(f"WARNING: {directory.temporal_database} is missing, and {waiting} open cases were running in it.")
        say("  They are safe in the records, and do not run: no clock of theirs comes due, nobody can act on them.")
        say("  Stop, and bring the file back from the backup, together with its -wal and -shm.")


def _tell_others(directory: DataDirectory, ports: Ports) -> Running:
    running = Running(
        pid=os.getpid(),
        temporal=f"{LOOPBACK}:{ports.temporal}",
        temporal_ui=f"http://{LOOPBACK}:{ports.temporal_ui}",
        smtp_port=ports.smtp,
    )
    running.write(directory)
    return running


def _first_passwords(settings: Settings, directory: DataDirectory) -> dict[str, str]:
    with opened(settings.database_url or directory.database_url) as records:
        return give_first_passwords(records, now())


async def _start_worker(directory: DataDirectory, settings_file: Path | None) -> Child:
    command = _handrail(directory, settings_file, "worker")
    return await Child.start("The worker", command, directory.logs / "worker.log")


async def _start_pages(directory: DataDirectory, ports: Ports, settings_file: Path | None) -> Child:
    command = [*_handrail(directory, settings_file, "web"), "--port", str(ports.first)]
    return await Child.start("The server of the pages", command, directory.logs / "web.log")


def _handrail(directory: DataDirectory, settings_file: Path | None, command: str) -> list[str]:
    named = [] if settings_file is None else ["--settings", str(settings_file)]
    return [sys.executable, "-m", "handrail", *named, command, "--data", str(directory.root.absolute())]
