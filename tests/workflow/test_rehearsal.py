"""Scenarios come out the same through the pure core and through the durable case on real records."""

from functools import cache
from pathlib import Path

import pytest

from pathway_model.compiled import compile_pathway
from pathway_model.pathway import Pathway
from pathway_model.scenarios.reading import read_scenario
from pathway_model.scenarios.runner import run
from use_cases.definitions import read_definition
from workers.rehearsal import rehearse

PATHWAYS = Path(__file__).parents[2] / "pathways"
SCENARIOS = sorted(PATHWAYS.glob("*/scenarios/*.yaml"))


@cache
def _pathway(folder: Path) -> Pathway:
    definition = read_definition(folder / "1.yaml").definition
    assert definition is not None
    return compile_pathway(definition)


@pytest.mark.parametrize("file", SCENARIOS, ids=[file.stem for file in SCENARIOS])
async def test_a_scenario_comes_out_the_same_durably(file: Path) -> None:
    """Same events, same effects, same case after each, in canonical form, and everything as expected."""
    pathway = _pathway(file.parents[1])
    reading = read_scenario(file.read_text(), file.name, pathway)  # noqa: ASYNC240 - a small file, once
    assert reading.scenario is not None
    pure = run(pathway, reading.scenario, reading.lines)
    durable = await rehearse(pathway, reading.scenario, reading.lines)
    assert [str(difference) for difference in durable.differences] == []
    assert durable.trace.canonical() == pure.trace.canonical()
