"""The scenario format as JSON Schema: `docs/scenario.schema.json` is exactly this, and a test says when it is not."""

import json
from typing import Final

from pathway_model.scenarios.scenario import Scenario

SCHEMA_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def scenario_schema() -> str:
    """The format of a scenario file as JSON Schema (draft 2020-12), indented, with a last line break."""
    schema = {"$schema": SCHEMA_DIALECT, **Scenario.model_json_schema(mode="validation")}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
