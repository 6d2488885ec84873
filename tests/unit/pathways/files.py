"""The shipped pathways and scenarios, read from their files."""

from functools import cache
from pathlib import Path
from typing import Final

from pathway_model.compiled import compile_pathway
from pathway_model.pathway import Pathway
from pathway_model.reading.fragments import FragmentSource
from pathway_model.reading.reader import Reading, read
from pathway_model.scenarios.reading import ScenarioReading, read_scenario

PATHWAYS: Final = Path(__file__).parents[3] / "pathways"


@cache
def reading_of(pathway: str, version: int) -> Reading:
    """What came of reading a shipped definition."""
    shared = {
        path.stem.replace("-", " "): FragmentSource(path.name, path.read_text())
        for path in sorted((PATHWAYS / "shared").glob("*.yaml"))
    }
    return read((PATHWAYS / pathway / f"{version}.yaml").read_text(), f"{pathway}/{version}.yaml", shared)


@cache
def pathway_named(pathway: str, version: int) -> Pathway:
    """A shipped definition, ready to run."""
    reading = reading_of(pathway, version)
    assert reading.definition is not None, reading.problems
    return compile_pathway(reading.definition)


def icon() -> Pathway:
    """ICoN, version 1."""
    return pathway_named("icon", 1)


def scenario_files(pathway: str) -> tuple[Path, ...]:
    """The scenario files beside a pathway."""
    return tuple(sorted((PATHWAYS / pathway / "scenarios").glob("*.yaml")))


@cache
def icon_scenario(name: str) -> ScenarioReading:
    """A scenario of ICoN by its file's name."""
    path = PATHWAYS / "icon" / "scenarios" / f"{name}.yaml"
    return read_scenario(path.read_text(), path.name, icon())
