"""The authoring form as JSON Schema: `docs/language.schema.json` is exactly this, and a test says when it is not.

It is the model's own schema, with what exists only while a pathway is being written: fragments and their uses.
"""

import json
from typing import Any, Final

from pathway_model.language.definition import Definition
from pathway_model.language.requirements import REQUIREMENT_KINDS

SCHEMA_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_PLACES_OF_USE: Final = ("Phase", "Step", "Strand", "Throughout")
_USE: Final[dict[str, Any]] = {
    "description": "One use of a fragment; every other key is one of its blanks.",
    "type": "object",
    "properties": {
        "fragment": {"type": "string", "description": "its name"},
        "as": {"type": "string", "description": "the name of what it brings; left out: the fragment's own"},
    },
    "required": ["fragment"],
    "title": "Use",
}


_REQUIREMENTS: Final = [{"$ref": f"#/$defs/{kind.capitalize()}Requirement"} for kind in REQUIREMENT_KINDS]


def language_schema() -> str:
    """The format of a pathway file as JSON Schema (draft 2020-12), indented, with a last line break."""
    schema = Definition.model_json_schema(mode="validation")
    del schema["properties"]["holidays"]
    schema["properties"]["fragments"] = {
        "description": "fragment files, by name and version, such as `standard 1`",
        **_one_or_more({"type": "string"}),
    }
    schema["$defs"]["Use"] = _USE
    for place in _PLACES_OF_USE:
        schema["$defs"][place]["properties"]["use"] = _one_or_more({"$ref": "#/$defs/Use"})
    choices = {"description": "choices, with the titles that follow from their names", "type": "array"}
    schema["$defs"]["Fact"]["properties"]["answer"]["oneOf"].append({**choices, "items": {"type": "string"}})
    schema["$defs"]["Requirement"] = {
        "description": "The key that is present says which it is.",
        "oneOf": _REQUIREMENTS,
    }
    schema = _with_requirements_named(schema)
    return json.dumps({"$schema": SCHEMA_DIALECT, **schema}, indent=2, ensure_ascii=False) + "\n"


def keys_by_part() -> dict[str, tuple[str, ...]]:
    """The keys of each part of the language, by the name of its model: what the reference must speak of."""
    schema = json.loads(language_schema())
    parts = {**schema["$defs"], "Definition": schema}
    return {name: tuple(part["properties"]) for name, part in parts.items() if "properties" in part}


def _with_requirements_named(schema: object) -> Any:  # noqa: ANN401 - any JSON
    """The schema with the list of all requirements written once, not wherever one may stand."""
    if isinstance(schema, list):
        return [_with_requirements_named(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("oneOf") == _REQUIREMENTS and "description" not in schema:
        return {"$ref": "#/$defs/Requirement", **{key: value for key, value in schema.items() if key != "oneOf"}}
    return {key: _with_requirements_named(value) for key, value in schema.items()}


def _one_or_more(item: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [item, {"type": "array", "items": item}]}
