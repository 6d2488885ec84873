"""Histories of cases as they were really run. Add, never edit: an old one stands for cases that still run.

Each file is the history of one run, payloads in plain JSON, compressed. `digests.txt` has a line for each, in the
order of adding; a line never changes. `python -m tests.replay.collect NAME SCENARIO` adds one.
"""

import gzip
from hashlib import sha256
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter

FOLDER = Path(__file__).parent / "histories"
DIGESTS = FOLDER / "digests.txt"
CONVERTER = pydantic_data_converter
"""Without encryption: these people are made up, and a change of keys must not touch old histories."""


def names() -> list[str]:
    """Of all histories, in the order of adding."""
    return [line.split()[1] for line in DIGESTS.read_text().splitlines()]


def load(name: str) -> WorkflowHistory:
    """One history."""
    return WorkflowHistory.from_json(name, gzip.decompress(_file(name).read_bytes()).decode())


def add(name: str, history: WorkflowHistory) -> None:
    """Keep a history under a new name."""
    assert not _file(name).exists(), f"{name} exists: histories are added, never edited"
    FOLDER.mkdir(exist_ok=True)
    _file(name).write_bytes(gzip.compress(history.to_json().encode(), mtime=0))
    with DIGESTS.open("a") as digests:
        digests.write(f"{digest(name)} {name}\n")


def digest(name: str) -> str:
    """Of a history's file."""
    return sha256(_file(name).read_bytes()).hexdigest()


def _file(name: str) -> Path:
    return FOLDER / f"{name}.json.gz"
