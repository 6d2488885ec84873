"""A child process of `handrail up`: apart from the terminal, ended by its own number, never left behind."""

import asyncio
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

GRACE: Final = 30.0
"""Seconds that a child has to end by itself before it is killed."""

TAIL: Final = 2000

OWNER_ONLY: Final = 0o600
NOT_FOR_OTHERS: Final = 0o077
"""Of what a child writes; the data directory may have been made by somebody else, open to all."""


class Child:
    """One running process, its output in a file of its own."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, log: Path) -> None:
        self.name = name
        self.log = log
        self._process = process

    @classmethod
    async def start(
        cls, name: str, command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
    ) -> "Child":
        """Start a process.

        It gets a session of its own, so that Ctrl-C in the terminal reaches only `handrail up`, which ends
        its children in the right order; and it dies with `handrail up`, where the machine has setpriv.
        """
        # The kernel sends this when the starting thread ends: children are started from the main thread.
        guard = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
        _make_private(log)
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *guard,
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=None if environment is None else {**os.environ, **environment},
                start_new_session=True,
                umask=NOT_FOR_OTHERS,
            )
        return cls(name, process, log)

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        """Whether it has ended."""
        return self._process.returncode is not None

    async def wait(self) -> int:
        """Wait until it ends; answer its exit code, negative for a signal."""
        return await self._process.wait()

    async def stop(self, grace: float = GRACE) -> None:
        """Ask it to end, and wait; kill it when it does not."""
        if self.ended:
            return
        self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), grace)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    def last_words(self) -> str:
        """The end of its output."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-TAIL:].strip() if self.log.exists() else ""


def _make_private(log: Path) -> None:
    log.touch(mode=OWNER_ONLY)
