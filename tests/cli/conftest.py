"""One `handrail up` for a module's tests."""

from collections.abc import Iterator

import pytest

from tests.cli.stack import Up


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """A whole Handrail without demonstration people."""
    running = Up(tmp_path_factory.mktemp("up") / "data", "--no-demo")
    try:
        running.until("Handrail is running")
        yield running
    finally:
        assert running.stop() == 0, "".join(running.said)
