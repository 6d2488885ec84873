"""The data directory: where an embedded Handrail keeps everything, and the lock that only one may hold."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from use_cases.errors import ConflictError, UnfitError

PRIVATE: Final = 0o700


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """Paths of what is kept, below one directory."""

    root: Path

    @property
    def database(self) -> Path:
        """Handrail's records: the only home of identity."""
        return self.root / "handrail.db"

    @property
    def database_url(self) -> str:
        """SQLAlchemy's address of `database`."""
        return f"sqlite+pysqlite:///{self.database.absolute()}"

    @property
    def temporal_database(self) -> Path:
        """The Temporal server's own file."""
        return self.root / "temporal.db"

    @property
    def payload_keys(self) -> Path:
        """Keys that encrypt the payloads in Temporal. Without them the cases there cannot be read."""
        return self.root / "payload-keys.json"

    @property
    def mail(self) -> Path:
        """Mail that was sent, one file each."""
        return self.root / "mail"

    @property
    def logs(self) -> Path:
        """What the server and the worker wrote."""
        return self.root / "logs"

    @property
    def running(self) -> Path:
        """Where the running Handrail can be reached; there only while it runs."""
        return self.root / "running.json"

    @property
    def lock(self) -> Path:
        """Held by the one process that works on this directory."""
        return self.root / "lock"

    def prepare(self) -> None:
        """Make the directory and what it needs, closed to other accounts of the machine.

        Raises:
            UnfitError: It cannot be made or written.
        """
        try:
            for directory in (self.root, self.mail, self.logs):
                directory.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
            probe = self.root / f".writable-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise UnfitError(
                f"The data directory {self.root} cannot be written: {error.strerror or error}.",
                "Choose another one with --data, or make this one writable for your account.",
            ) from None


@dataclass(frozen=True, slots=True)
class Running:
    """Where the Handrail that runs on a data directory can be reached."""

    pid: int
    temporal: str
    temporal_ui: str
    smtp_port: int

    def write(self, directory: DataDirectory) -> None:
        """Tell other processes."""
        draft = directory.running.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(self)), encoding="utf-8")
        draft.replace(directory.running)


def read_running(directory: DataDirectory) -> Running:
    """Where Handrail runs on this data directory.

    Raises:
        UnfitError: It does not run.
    """
    try:
        running = Running(**json.loads(directory.running.read_text(encoding="utf-8")))
        os.kill(running.pid, 0)
    except PermissionError:
        raise UnfitError(
            f"The data directory {directory.root} belongs to another account of this machine.",
            "Work as that account, or name another directory with --data.",
        ) from None
    except (OSError, ValueError, TypeError):
        raise UnfitError(
            f"No Handrail is running on the data directory {directory.root}.",
            "Start it with `handrail up` in another terminal, or name its directory with --data.",
        ) from None
    return running


@contextmanager
def hold(directory: DataDirectory) -> Iterator[None]:
    """Hold the directory for this process; the kernel lets go when the process ends, however it ends.

    Raises:
        ConflictError: Another process holds it; the message names it.
    """
    with directory.lock.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "another process"
            raise ConflictError(
                f"The data directory {directory.root} is in use by {holder}.",
                "Stop that one (Ctrl-C, or `kill` with its number), or choose another directory with --data.",
            ) from None
        lock.truncate(0)
        lock.write(f"`handrail up`, process {os.getpid()}")
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)
            directory.running.unlink(missing_ok=True)
