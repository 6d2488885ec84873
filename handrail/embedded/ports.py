"""The ports of an embedded Handrail: a few in a row, on this machine only."""

import socket
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from use_cases.errors import ConflictError, InputError

LOOPBACK: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8000
IN_A_ROW: Final = 4
HIGHEST: Final = 65535


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports, counted from the first, which is kept for Handrail's own pages."""

    first: int

    @property
    def temporal(self) -> int:
        """The Temporal server."""
        return self.first + 1

    @property
    def temporal_ui(self) -> int:
        """The Temporal server's own pages."""
        return self.first + 2

    @property
    def smtp(self) -> int:
        """The mailbox."""
        return self.first + 3


def claim(first: int) -> Ports:
    """Check that the ports are free.

    Raises:
        InputError: There are no such ports.
        ConflictError: One is in use; the message names it and a free range.
    """
    if not 1 <= first <= HIGHEST - IN_A_ROW + 1:
        raise InputError(f"There is no port {first}.", f"Write --port 1024 to --port {HIGHEST - IN_A_ROW + 1}.")
    for port in range(first, first + IN_A_ROW):
        problem = _taken(port)
        if problem is not None:
            raise ConflictError(
                f"Port {port} {problem}. Handrail needs ports {first} to {first + IN_A_ROW - 1}.",
                f"Choose others with --port, for example --port {_suggestion(first)}.",
            )
    return Ports(first)


def _suggestion(first: int) -> int:
    after = max(first, 1024) + 10
    for candidate in range(after, min(after + 1000, HIGHEST - IN_A_ROW), 10):
        if all(_taken(port) is None for port in range(candidate, candidate + IN_A_ROW)):
            return candidate
    return after


def _taken(port: int) -> str | None:
    with closing(socket.socket()) as probe:
        # As the servers themselves do: a port that only waits out an old connection is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except PermissionError:
            return "may only be used by the system's administrator"
        except OSError:
            return "is in use by another program"
    return None
