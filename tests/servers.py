"""Servers that the tests own: PostgreSQL, Temporal and a mailbox.

Each is a real one, started in a directory of its own and ended with the tests, also when the tests die.
They can be stopped, killed and brought back on the same address, which is what the fault tests are about.
"""

import asyncio
import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import psycopg
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from psycopg import sql
from temporalio.client import Client
from temporalio.service import RPCError

READY_WITHIN = 60.0
"""Seconds. A bound on a hang, not an expectation: both servers answer within a second or two."""

POLL_EVERY = 0.05
STARTS = 4

# A server must not outlive a test run that was killed. The kernel sends this when the *thread* that
# started it ends, so servers are started from the main thread.
DIE_WITH_PARENT = ("setpriv", "--pdeathsig", "KILL")


class ServerNotReadyError(Exception):
    """A server ended, or did not answer in time; carries the end of its log."""

    def __init__(self, name: str, log: Path) -> None:
        super().__init__(f"{name} did not become ready. The end of its log:\n{_end_of(log)}")


def free_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class PostgresServer:
    """One PostgreSQL instance on a unix socket, without durability; databases are made per test."""

    def __init__(self) -> None:
        self._account = _unprivileged_account()
        # Not pytest's tmp_path: its parents are closed to the unprivileged account, and a socket's
        # path may have only 107 characters.
        self.directory = Path(tempfile.mkdtemp(prefix="handrail-pg-"))
        if self._account is not None:
            os.chown(self.directory, self._account.pw_uid, self._account.pw_gid)
        self._log = self.directory / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._count = 0
        options = ["--username=handrail", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(
            ["setpriv", *self._credentials(), _postgres_binary("initdb"), f"--pgdata={self._data}", *options],
            check=True,
            capture_output=True,
            cwd=self.directory,
        )

    @property
    def _data(self) -> Path:
        return self.directory / "data"

    def start(self) -> None:
        """Start, and wait until it answers."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.directory),
            # Safe against a stopped server, which is all that tests do to it; not against a power cut.
            "fsync": "off",
            "full_page_writes": "off",
            "max_connections": "200",
            "shared_buffers": "64MB",
            # Another zone than the tests', so that a naive timestamp shows.
            "timezone": "Pacific/Auckland",
        }
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        server = [_postgres_binary("postgres"), "-D", str(self._data), *arguments]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*DIE_WITH_PARENT, *self._credentials(), *server], stdout=log, stderr=log, cwd=self.directory
            )
        _wait_until(self._answers, self._process, "PostgreSQL", self._log)

    def stop(self) -> None:
        """Stop at once, cutting every connection: an outage, as seen by a client."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(READY_WITHIN)
        self._process = None

    def close(self) -> None:
        """Stop, and remove every trace."""
        self.stop()
        shutil.rmtree(self.directory)

    def create_database(self, template: str = "template1") -> str:
        """Make a fresh database; answer its name. `template` is copied, which is faster than migrating."""
        self._count += 1
        name = f"handrail_{self._count}"
        with self._administer() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is still connected to it."""
        with self._administer() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def url(self, database: str) -> str:
        """SQLAlchemy's address of a database."""
        return f"postgresql+psycopg://handrail@/{database}?host={self.directory}"

    @contextlib.contextmanager
    def _administer(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(
            host=str(self.directory), user="handrail", dbname="postgres", autocommit=True
        ) as connection:
            yield connection

    def _answers(self) -> bool:
        try:
            with self._administer():
                return True
        except psycopg.OperationalError:
            return False

    def _credentials(self) -> list[str]:
        """Arguments of setpriv. PostgreSQL refuses to run as root."""
        if self._account is None:
            return []
        return [f"--reuid={self._account.pw_uid}", f"--regid={self._account.pw_gid}", "--clear-groups"]


class TemporalDevServer:
    """The Temporal development server on a database file, so that it can be killed and brought back."""

    def __init__(self, search_attributes: Mapping[str, str] = MappingProxyType({})) -> None:
        """Take search attributes to register as name → Temporal's type, such as Keyword or Datetime."""
        self.directory = Path(tempfile.mkdtemp(prefix="handrail-temporal-"))
        self.port = free_port()
        self._search_attributes = search_attributes
        self._log = self.directory / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """The address that clients connect to; the same after a restart."""
        return f"127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start on the same port and database file as before, and wait until it serves `default`.

        It chooses further ports for itself, and ends at once if somebody takes one in between: then it starts again.
        """
        for _ in range(STARTS):
            if await self._is_ready(self._spawn()):
                return
        raise ServerNotReadyError("The Temporal server", self._log)

    def kill(self) -> None:
        """End it as a power cut would: no shutdown, nothing flushed."""
        assert self._process is not None, "the server was not started"
        self._process.kill()
        code = self._process.wait(READY_WITHIN)
        self._process = None
        assert code == -signal.SIGKILL, f"the server had already ended, with {code}:\n{_end_of(self._log)}"

    def close(self) -> None:
        """End it if it runs, and remove its database."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(READY_WITHIN)
            self._process = None
        shutil.rmtree(self.directory)

    def _spawn(self) -> subprocess.Popen[bytes]:
        arguments = ["--headless", "--ip", "127.0.0.1", "--port", str(self.port), "--log-level", "warn"]
        arguments += ["--db-filename", str(self.directory / "temporal.db")]
        # The default journal allows a quarter of the starts per second.
        arguments += ["--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"]
        for name, kind in self._search_attributes.items():
            arguments += ["--search-attribute", f"{name}={kind}"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*DIE_WITH_PARENT, _temporal_binary(), "server", "start-dev", *arguments],
                stdout=log,
                stderr=log,
                # Whoever runs the tests may have a Temporal configuration of their own; it is not for us.
                env={"PATH": os.environ["PATH"], "HOME": str(self.directory)},
            )
        return self._process

    async def _is_ready(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait until it serves; false if it ended by itself.

        Raises:
            ServerNotReadyError: It runs, and does not serve in time.
        """
        give_up = time.monotonic() + READY_WITHIN
        while time.monotonic() < give_up and process.poll() is None:
            # The namespace is made after the port opens. The client itself retries while connecting.
            with contextlib.suppress(RuntimeError, RPCError):
                client = await Client.connect(self.address)
                if await client.service_client.check_health():
                    await client.count_workflows()
                    return True
            await asyncio.sleep(POLL_EVERY)
        if process.poll() is None:
            raise ServerNotReadyError("The Temporal server", self._log)
        return False


class Mailbox:
    """An SMTP server that keeps what it is sent, byte for byte, in the order of arrival."""

    def __init__(self) -> None:
        self.host = "127.0.0.1"
        self.port = free_port()
        self.messages: list[bytes] = []
        self._controller: Controller | None = None

    # The name and the arguments are aiosmtpd's.
    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep a message."""
        assert envelope.original_content is not None
        self.messages.append(envelope.original_content)
        return "250 Message accepted"

    def start(self) -> None:
        """Listen, on the same port as before; what was received stays."""
        self._controller = Controller(self, hostname=self.host, port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Refuse connections from now on."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None


def _wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], name: str, log: Path) -> None:
    give_up = time.monotonic() + READY_WITHIN
    while time.monotonic() < give_up and process.poll() is None:
        if ready():
            return
        time.sleep(POLL_EVERY)
    raise ServerNotReadyError(name, log)


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:] if log.exists() else "(no log)"


def _unprivileged_account() -> pwd.struct_passwd | None:
    """Whom to run PostgreSQL as when we are root; None when we are somebody ordinary already."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    message = "there is no account to run PostgreSQL as: neither postgres nor nobody"
    raise LookupError(message)


def _postgres_binary(name: str) -> str:
    """The newest installed one; Debian keeps them off the PATH."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(installed[-1]) if installed else shutil.which(name)
    assert found, f"{name} is missing; scripts/system-packages test says what to install"
    return found


def _temporal_binary() -> str:
    found = shutil.which("temporal", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    assert found, "temporal is missing; make venv installs it"
    return found
