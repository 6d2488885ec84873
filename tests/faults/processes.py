"""Processes that tests start, talk to, and kill; and the one way in which they wait."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

from tests.servers import DIE_WITH_PARENT, READY_WITHIN

ROOT: Final = Path(__file__).parents[2]
PATIENCE: Final = 150.0
"""Seconds. A bound on a hang: an attempt that was killed is missed after 15 s, a notice's after a minute."""

POLL_EVERY: Final = 0.05


async def eventually(holds: Callable[[], Awaitable[bool]], what: str) -> None:
    """Look again and again until something holds."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not await holds():  # noqa: ASYNC110 - databases, servers and processes tell nobody
                await asyncio.sleep(POLL_EVERY)
    except TimeoutError:
        message = f"waited in vain until {what}"
        raise AssertionError(message) from None


class Process:
    """A Python process of the tests' own, which says lines and is sent bytes."""

    def __init__(self, module: str, arguments: Sequence[str], log: Path) -> None:
        """Start it. From the main thread: it ends with the thread that started it."""
        heard, tell = os.pipe()
        hear, self._send = os.pipe()
        pipes = ["--tell", str(tell), "--hear", str(hear)]
        with log.open("ab") as written:
            self._process = subprocess.Popen(
                [*DIE_WITH_PARENT, sys.executable, "-m", module, *arguments, *pipes],
                cwd=ROOT,
                stdout=written,
                stderr=written,
                pass_fds=(tell, hear),
            )
        os.close(tell)
        os.close(hear)
        os.set_blocking(heard, False)
        self._heard = heard
        self._said = b""
        self._log = log

    async def says(self, *lines: str) -> None:
        """Wait until it has said each of these lines, in whichever order."""

        async def said() -> bool:
            self._listen()
            return set(lines) <= set(self._said.decode().splitlines())

        await eventually(said, f"the process says {lines}; it said {self._said!r}; {self._log} has more")

    def go_on(self) -> None:
        """Let it go on from where it stopped."""
        os.write(self._send, b".")

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        code = self._process.wait(READY_WITHIN)
        assert code == -signal.SIGKILL, f"the process had already ended, with {code}; {self._log} says why"
        self._close()

    def close(self) -> None:
        """End it if it runs."""
        if self._heard >= 0:
            self._process.kill()
            self._process.wait(READY_WITHIN)
            self._close()

    def _listen(self) -> None:
        try:
            while chunk := os.read(self._heard, 4096):
                self._said += chunk
        except BlockingIOError:
            return
        code = self._process.wait(READY_WITHIN)
        raise AssertionError(f"the process ended by itself, with {code}:\n{self._log.read_text()[-3000:]}")

    def _close(self) -> None:
        os.close(self._heard)
        os.close(self._send)
        self._heard = -1
