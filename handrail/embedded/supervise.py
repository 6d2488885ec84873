"""Keep a child running until Handrail stops: started again when it dies, given up when it keeps dying."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from handrail.embedded.child import Child
from use_cases.errors import UnfitError

TRIES: Final = 5
PERIOD: Final = 60.0
"""Seconds. Dying more than `TRIES` times within them is no accident."""

Start = Callable[[], Awaitable[Child]]
Say = Callable[[str], None]


@asynccontextmanager
async def supervised(start: Start, say: Say) -> AsyncIterator[asyncio.Task[None]]:
    """Start a child and keep it running; answer the task that ends, with an error, only when it is given up.

    On leaving, the child is asked to end and waited for.

    Raises:
        UnfitError: It does not even start.
    """
    current = [await start()]
    task = asyncio.create_task(_keep(current, start, say))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await current[0].stop()


async def _keep(current: list[Child], start: Start, say: Say) -> None:
    loop = asyncio.get_running_loop()
    deaths: list[float] = []
    while True:
        code = await current[0].wait()
        now = loop.time()
        deaths = [*(death for death in deaths if now - death < PERIOD), now]
        name, log = current[0].name, current[0].log
        if len(deaths) > TRIES:
            raise UnfitError(
                f"{name} ended {len(deaths)} times within a minute. The end of its log, {log}:\n"
                f"{current[0].last_words()}",
                "Everything that was acknowledged is safe; mend the cause and start again.",
            )
        say(f"{name} ended ({_how(code)}); starting it again. Its log: {log}")
        await asyncio.sleep(0.2 * len(deaths))
        current[0] = await start()
        say(f"{name} runs again")


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
