"""Whatever is given, reading answers: problems at places that exist, or a definition that can be made ready to run."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from pathway_model.compiled import compile_pathway
from pathway_model.language.definition import Definition
from pathway_model.reading.fragments import FragmentSource
from pathway_model.reading.reader import Reading, read
from tests.unit.reading.small import FRAGMENTS, SHARED, SMALL

PATHWAYS = Path(__file__).parents[3] / "pathways"
ICON = (PATHWAYS / "icon" / "1.yaml").read_text()
STANDARD = {"standard 1": FragmentSource("standard-1.yaml", (PATHWAYS / "shared" / "standard-1.yaml").read_text())}
BOUNDED = settings(max_examples=40, derandomize=True, database=None, deadline=None)

PIECES = (
    """: |- |{|}|[|]|,|&a|*a|!!x |<<|#|>|'|"|---|?|%|pathway|steps|phases|use|fragment|risk|<duty>|when|fact|is|é|\\x"""
)
YAML_PIECES = st.sampled_from([*PIECES.split("|"), "|", "\n", "  ", "\t", "\r", "\x85", "\u2028", "\ufeff"])
ODD_VALUES = st.sampled_from(
    ["x", "owner", "back", "<duty>", [], {}, ["x", {"y": "z"}], {"fact": "agreed", "is": "yes"}, [[]]]
)


def answers(text: str, fragments: dict[str, FragmentSource]) -> Reading:
    """Read a text, and check what holds for every reading."""
    reading = read(text, "any.yaml", fragments)
    assert (reading.definition is None) == any(problem.severity == "error" for problem in reading.problems)
    for problem in reading.problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.code
        assert problem.message
        assert "Value error" not in problem.message
    if reading.definition is not None:
        canonical = reading.definition.canonical()
        assert Definition.model_validate_json(canonical).canonical() == canonical
        compile_pathway(reading.definition)
    return reading


@BOUNDED
@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    answers(text, FRAGMENTS)


@BOUNDED
@given(st.lists(YAML_PIECES, max_size=40).map("".join))
def test_any_heap_of_yaml_is_answered(text: str) -> None:
    answers(text, FRAGMENTS)


@BOUNDED
@given(st.data())
def test_any_pathway_with_characters_put_in_or_taken_out_is_answered(data: st.DataObject) -> None:
    text = SMALL
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 30)))
        text = text[:start] + data.draw(YAML_PIECES | st.just("")) + text[end:]
    answers(text, FRAGMENTS)


@BOUNDED
@given(st.data())
def test_any_pathway_with_lines_moved_or_lost_is_answered(data: st.DataObject) -> None:
    lines = ICON.splitlines()
    start = data.draw(st.integers(0, len(lines) - 1))
    moved = lines[start : start + data.draw(st.integers(1, 12))]
    rest = lines[:start] + lines[start + len(moved) :]
    to = data.draw(st.integers(0, len(rest)))
    text = "\n".join(rest if data.draw(st.booleans()) else rest[:to] + moved + rest[to:])
    answers(text, STANDARD)


@BOUNDED
@given(st.data())
def test_any_tree_of_the_languages_keys_is_answered(data: st.DataObject) -> None:
    """Values of every shape, wherever a key of the language stands."""
    tree = YAML(typ="safe", pure=True).load(SMALL)
    where: list[tuple[Any, Any]] = []
    _places(tree, where)
    for _ in range(data.draw(st.integers(1, 3))):
        above, key = data.draw(st.sampled_from(where))
        if isinstance(above, list | dict):
            above[key] = data.draw(ODD_VALUES)
    answers(_written(tree), FRAGMENTS)


@BOUNDED
@given(st.data())
def test_any_fragment_file_is_answered(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(SHARED)))
    end = data.draw(st.integers(start, min(len(SHARED), start + 30)))
    shared = SHARED[:start] + data.draw(YAML_PIECES | st.just("")) + SHARED[end:]
    answers(SMALL, {"shared 1": FragmentSource("shared-1.yaml", shared)})


@pytest.mark.parametrize(
    "key", ["needs", "answer", "escalate", "go_to", "from", "when", "use", "blanks", "roles", "to"]
)
@pytest.mark.parametrize("value", ["x", "[]", "{}", "[[]]", "[{}]", "{a: {}}", "[x, {y: z}]", "{fact: x}", "''"])
def test_a_value_of_any_shape_stands_behind_any_key(key: str, value: str) -> None:
    lines = [
        line[: len(line) - len(line.lstrip())] + f"{key}: {value}" if line.lstrip().startswith(f"{key}:") else line
        for line in SMALL.splitlines()
    ]
    answers("\n".join([*lines, f"{key}: {value}"]), FRAGMENTS)


def test_the_pathways_that_are_there_have_no_problem() -> None:
    reading = answers(ICON, STANDARD)
    assert reading.problems == ()
    assert reading.definition is not None


def _places(tree: object, found: list[tuple[Any, Any]]) -> None:
    pairs: list[tuple[Any, Any]] = []
    if isinstance(tree, dict):
        pairs = list(tree.items())
    elif isinstance(tree, list):
        pairs = list(enumerate(tree))
    for key, value in pairs:
        found.append((tree, key))
        _places(value, found)


def _written(tree: object) -> str:
    """Flow style, every scalar in double quotes: valid YAML of any tree of texts."""
    match tree:
        case dict():
            return "{" + ", ".join(f"{key}: {_written(value)}" for key, value in tree.items()) + "}"
        case list():
            return "[" + ", ".join(_written(item) for item in tree) + "]"
        case True | False:
            return "yes" if tree else "no"
        case _:
            return '"' + str(tree).replace('"', "'") + '"'
