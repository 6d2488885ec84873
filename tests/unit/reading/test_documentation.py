"""The reference is true: every block of it can be read, every key of the language stands in it."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pathway_model.reading.fragments import FragmentSource
from pathway_model.reading.reader import read
from pathway_model.reading.schema import keys_by_part, language_schema
from tests.unit.reading.small import told

DOCS = Path(__file__).parents[3] / "docs"
REFERENCE = (DOCS / "language.md").read_text()
BLOCKS = re.findall(r"```yaml\n(.*?)```", REFERENCE, flags=re.DOTALL)
WHOLE = BLOCKS[0]
FRAGMENT_FILE = next(block for block in BLOCKS if block.startswith("# a fragment file"))
FRAGMENTS = {"local 1": FragmentSource("local-1.yaml", FRAGMENT_FILE)}
PARTS = [block for block in BLOCKS if block.startswith("# under ")]


def test_every_block_is_whole_a_part_or_a_fragment_file() -> None:
    assert len(BLOCKS) == len(PARTS) + 2


def test_the_whole_pathway_of_the_reference_can_be_read() -> None:
    assert told(read(WHOLE, "language.md", FRAGMENTS).problems) == []


@pytest.mark.parametrize("last", range(1, len(PARTS) + 1))
def test_each_part_of_the_reference_fits_the_whole_with_all_parts_before(last: int) -> None:
    """Parts speak of each other, so each is added to those before it, and to those that only name things."""
    tree = _text(YAML(typ="safe", pure=True).load(WHOLE))
    naming = [part for part in PARTS if part.startswith(("# under facts", "# under forms", "# under counts"))]
    for part in dict.fromkeys([*naming, *PARTS[:last]]):
        _put_in(tree, part)
    assert told(read(_written(tree), "language.md", FRAGMENTS).problems) == []


@pytest.mark.parametrize(("part", "keys"), sorted(keys_by_part().items()))
def test_every_key_of_the_language_stands_in_the_reference(part: str, keys: tuple[str, ...]) -> None:
    prose = re.sub(r"```.*?```", "", REFERENCE, flags=re.DOTALL)
    written = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`]+)`", prose))))
    assert sorted(set(keys) - written) == []


def test_the_schema_that_is_kept_is_the_one_that_the_models_give() -> None:
    """To mend it, write what `language_schema()` says into docs/language.schema.json."""
    assert (DOCS / "language.schema.json").read_text() == language_schema()


def _put_in(tree: dict[str, Any], block: str) -> None:
    first, _, text = block.partition("\n")
    place = tree
    for step in first.removeprefix("# under ").split(", "):
        place = place.setdefault(step, {})
    _merge(place, _text(YAML(typ="safe", pure=True).load(text)))


def _merge(into: dict[str, Any], added: dict[str, Any]) -> None:
    for key, value in added.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


def _text(value: object) -> Any:  # noqa: ANN401 - any tree of texts
    match value:
        case dict():
            return {key: _text(inner) for key, inner in value.items()}
        case list():
            return [_text(inner) for inner in value]
        case _:
            return str(value)


def _written(value: object) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{key}: {_written(inner)}" for key, inner in value.items()) + "}"
        case list():
            return "[" + ", ".join(_written(inner) for inner in value) + "]"
        case _:
            return f'"{value}"'
