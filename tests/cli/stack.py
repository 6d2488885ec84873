"""`handrail up` on a directory and ports of its own, and the other commands against it, each as a real process."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from queue import Empty, Queue

import pytest
from pydantic import JsonValue

from handrail import cli

HANDRAIL = (sys.executable, "-m", "handrail")
WITHIN = 120.0
"""Seconds. A bound on a hang, not an expectation."""

# Not even a killed test run leaves one behind.
DIE_WITH_PARENT = ("setpriv", "--pdeathsig", "TERM")


@dataclass(frozen=True)
class Ran:
    """What came of one command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> JsonValue:
        """What it printed for programs."""
        value: JsonValue = json.loads(self.out)
        return value


def environment(**more: str) -> dict[str, str]:
    """Whoever runs the tests may have settings of their own; they are not for us."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HANDRAIL_", "TEMPORAL_"))}
    return kept | more


def run(*arguments: str, **more: str) -> Ran:
    """Run one command to its end."""
    done = subprocess.run(
        [*HANDRAIL, *arguments], capture_output=True, text=True, timeout=WITHIN, env=environment(**more), check=False
    )
    return Ran(code=done.returncode, out=done.stdout, err=done.stderr)


def run_here(*arguments: str, **more: str) -> Ran:
    """Run one command to its end in this process: no program has to be loaded for it."""
    out, err = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name in os.environ.keys() - environment().keys():
            patch.delenv(name)
        for name, value in more.items():
            patch.setenv(name, value)
        code = cli.run(arguments)
    return Ran(code=code, out=out.getvalue(), err=err.getvalue())


def free_ports() -> int:
    """The first of four ports in a row that are free, below those that the kernel gives to outgoing connections."""
    # Tests that run beside each other begin at different places.
    for step in range(3000):
        first = 20_000 + (os.getpid() * 40 + step * 4) % 12_000
        if all(_free(port) for port in range(first, first + 4)):
            return first
    message = "no ports are free"
    raise LookupError(message)


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Up:
    """One `handrail up`, told by what it prints."""

    def __init__(self, data: Path, *arguments: str, port: int | None = None) -> None:
        self.data = data
        self.port = port or free_ports()
        self.said: list[str] = []
        self._lines: Queue[str | None] = Queue()
        command = [*HANDRAIL, "up", "--data", str(data), "--port", str(self.port), *arguments]
        self.process = subprocess.Popen(
            [*DIE_WITH_PARENT, *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment(PYTHONUNBUFFERED="1"),
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def until(self, text: str) -> str:
        """Wait until it says this; answer the line."""
        while True:
            try:
                line = self._lines.get(timeout=WITHIN)
            except Empty:
                line = None
            assert line is not None, f"it never said {text!r}, but:\n" + "".join(self.said)
            if text in line:
                return line

    def children(self) -> dict[str, int]:
        """Its processes by what they are: `temporal`, `worker`."""
        found = {}
        for pid in _children(self.process.pid):
            line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            if "start-dev" in line:
                found["temporal"] = pid
            elif " worker" in line:
                found["worker"] = pid
        return found

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop, and wait; answer its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(WITHIN)
        self._listener.join(WITHIN)
        return code

    def handrail(self, *arguments: str) -> Ran:
        """Run a command against it, in this process."""
        return run_here(*arguments, "--data", str(self.data))

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.said.append(line)
                self._lines.put(line)
        self._lines.put(None)


def alive(pid: int) -> bool:
    """Whether a process still runs; one that ended and waits to be noticed does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
