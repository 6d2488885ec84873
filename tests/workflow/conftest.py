from collections.abc import AsyncIterator

import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from tests.servers import TemporalDevServer
from tests.workflow.support import KEYS, Bench, skipping_bench
from workflows.client import connect, register_search_attributes


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[Bench]:
    """A case's surroundings, without a worker."""
    async with skipping_bench() as made:
        yield made


@pytest_asyncio.fixture
async def running(bench: Bench) -> AsyncIterator[Bench]:
    """A case that has begun, with a worker."""
    async with bench.worker():
        await bench.begin()
        yield bench


@pytest_asyncio.fixture
async def real_bench(temporal_dev_server: TemporalDevServer) -> Bench:
    """A case's surroundings on the full server, where time passes as it does."""
    client = await connect(temporal_dev_server.address, KEYS)
    await register_search_attributes(client)
    return Bench(WorkflowEnvironment.from_client(client), client)
