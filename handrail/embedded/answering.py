"""Wait until a program that was started answers."""

import asyncio
import time
from typing import Final

from handrail.embedded.ports import LOOPBACK
from use_cases.errors import UnfitError

PAUSE: Final = 0.05


async def answering(name: str, port: int, within: float) -> None:
    """Wait until something listens on a port of this machine.

    Raises:
        UnfitError: Nothing does, after so many seconds.
    """
    end = time.monotonic() + within
    while True:
        try:
            _, writer = await asyncio.open_connection(LOOPBACK, port)
        except OSError:
            if time.monotonic() > end:
                raise UnfitError(f"{name} do not answer on port {port}.", "Their log says why.") from None
            await asyncio.sleep(PAUSE)
            continue
        writer.close()
        return
