"""The processes of a benchmark: a Temporal server and workers, each ended with it; and what they have used."""

import asyncio
import json
import os
import shutil
import sys
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections.abc import Mapping
from pathlib import Path

from temporalio.client import Client
from temporalio.service import RPCError

from handrail.embedded.ports import LOOPBACK
from handrail.embedded.temporal_server import DYNAMIC_CONFIGURATION, PRAGMAS, find_temporal
from tests.servers import DIE_WITH_PARENT, free_port

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


class Server:
    """Temporal as `handrail up` runs it, on a file of its own, without pages."""

    def __init__(self, directory: Path, attributes: Mapping[str, str]) -> None:
        self.address = f"{LOOPBACK}:{free_port()}"
        self._directory = directory
        self._attributes = attributes
        self.process: Process | None = None

    async def start(self) -> None:
        """Start, and wait until it serves."""
        port = self.address.rpartition(":")[2]
        command = [find_temporal(), "server", "start-dev", "--headless", "--ip", LOOPBACK, "--port", port]
        command += ["--log-level", "error", "--db-filename", str(self._directory / "temporal.db")]
        for pragma in PRAGMAS:
            command += ["--sqlite-pragma", pragma]
        for key, value in DYNAMIC_CONFIGURATION.items():
            command += ["--dynamic-config-value", f"{key}={value}"]
        for name, kind in self._attributes.items():
            command += ["--search-attribute", f"{name}={kind}"]
        with (self._directory / "temporal.log").open("wb") as log:
            home = {"PATH": os.environ["PATH"], "HOME": str(self._directory)}
            self.process = await create_subprocess_exec(*DIE_WITH_PARENT, *command, stdout=log, stderr=log, env=home)
        async with asyncio.timeout(60):
            while not await self._serves():  # noqa: ASYNC110 - another process: there is no event to wait for
                await asyncio.sleep(0.05)

    async def _serves(self) -> bool:
        try:
            await (await Client.connect(self.address)).count_workflows()
        except (RuntimeError, RPCError):
            return False
        return True


async def start_worker(contender: str, temporal: str, records: Path, log: Path) -> Process:
    """Start the worker of a contender, and wait until it serves."""
    arguments = ["-m", "benchmarks.durable_worker", contender, "--temporal", temporal, "--records", str(records)]
    with log.open("ab") as words:
        worker = await create_subprocess_exec(*DIE_WITH_PARENT, sys.executable, *arguments, stdout=PIPE, stderr=words)
    assert worker.stdout is not None
    async with asyncio.timeout(60):
        assert json.loads(await worker.stdout.readline()) == {"ready": worker.pid}, f"see {log}"
    return worker


async def end(process: Process | None) -> None:
    """End a process at once."""
    if process is not None and process.returncode is None:
        process.kill()
        await process.wait()


def cpu_seconds(process: Process) -> float:
    """User and system time that a process has used so far, its threads included."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_kib(process: Process) -> float:
    """What a process has in memory."""
    return int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * PAGE / 1024


def remove(directory: Path) -> None:
    """Take away what a benchmark kept."""
    shutil.rmtree(directory, ignore_errors=True)
