"""The published format is the one that is read."""

import json
import re
from pathlib import Path
from typing import Final

from pathway_model.scenarios.reading import read_scenario
from pathway_model.scenarios.runner import run
from pathway_model.scenarios.scenario import Expectation, Line, Scenario
from pathway_model.scenarios.schema import scenario_schema
from tests.unit.pathways.files import icon

DOCS: Final = Path(__file__).parents[3] / "docs"


def test_the_published_schema_is_the_one_that_is_read() -> None:
    """To mend it, write what `scenario_schema()` says into docs/scenario.schema.json."""
    assert (DOCS / "scenario.schema.json").read_text() == scenario_schema()


def test_every_key_is_in_the_schema() -> None:
    """Nothing is read that the schema does not know."""
    parts = json.loads(scenario_schema())
    known = set(parts["properties"])
    for part in parts["$defs"].values():
        known |= set(part.get("properties", {}))
    assert {*Scenario.model_fields, *Line.model_fields, *Expectation.model_fields} == known


def test_every_key_is_documented() -> None:
    """docs/scenarios.md names each key of a line and of an expectation."""
    text = (DOCS / "scenarios.md").read_text()
    missing = [key for key in (*Line.model_fields, *Expectation.model_fields) if f"`{key}`" not in text]
    assert missing == []


def test_the_documented_example_comes_out_as_written() -> None:
    """What the documentation shows can be copied."""
    (example,) = re.findall(r"```yaml\n(scenario: .*?)```", (DOCS / "scenarios.md").read_text(), re.DOTALL)
    reading = read_scenario(example, "docs/scenarios.md", icon())
    assert reading.problems == ()
    assert reading.scenario is not None
    assert run(icon(), reading.scenario, reading.lines).differences == ()
