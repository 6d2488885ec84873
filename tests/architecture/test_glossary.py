"""One word, one meaning: CONTRIBUTING.md's glossary, held against names we choose ourselves.

Only definitions are read (classes, functions, arguments, assigned names, columns, YAML keys), never uses: a
library's words are its own. Words with an honest second meaning (template, process, status, field, log) are
left to the reader.
"""

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
PACKAGES = ("pathway_model", "records", "activities", "workflows", "use_cases", "workers", "web", "handrail")

SAY_INSTEAD = {
    "customer": "person",
    "flow": "pathway",
    "hook": "requirement or effect",
    "macro": "fragment",
    "node": "step",
    "org": "agency",
    "region": "strand",
    "sla": "deadline",
    "ticket": "referral or case",
    "todo": "job",
    "transfer": "handover",
    "trigger": "event or action",
    "workflow": "case or pathway",
}
# Temporal's words, which stay in its folders.
TEMPORAL_SAYS = {"signal": "event", "task": "job or step", "timer": "clock", "activity": "effect"}
TEMPORAL_FREE = ("pathway_model", "records")

ALLOWED = {
    ("pathway_model/reading/*", "node"): "ruamel.yaml's word for a parsed piece of a document",
    ("pathway_model/compiled.py", "trigger"): "the word of `transitions` for what moves a flat machine",
    ("pathway_model/machines.py", "trigger"): "the word of `transitions` for what moves a flat machine",
    ("pathway_model/strands.py", "trigger"): "the word of `transitions` for what moves a flat machine",
    ("pathway_model/handovers.py", "trigger"): "the word of `transitions` for what moves a flat machine",
    ("activities/*", "workflow"): "Temporal's word, in its folders",
    ("workflows/*", "workflow"): "Temporal's word, in its folders",
    ("workers/*", "workflow"): "Temporal's word, in its folders",
    ("use_cases/*", "workflow"): "a use case starts one, asks one, and mends one that is stuck",
    ("handrail/*", "workflow"): "the command line may name what Temporal shows",
    ("records/*", "workflow"): "a case's row says which run of Temporal's executes it",
    ("web/*", "workflow"): "operators' pages name what Temporal shows",
}

COLUMN_MAKERS = {"Column", "mapped_column", "Table", "add_column", "create_table", "alter_column"}


def _words(name: str) -> Iterator[str]:
    """`HTTPNodeList2` → http, node, list."""
    for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name):
        singular = word.lower()
        yield singular.removesuffix("s") if singular.endswith("s") and len(singular) > 3 else singular


def _defined_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for part in ast.walk(tree):
        match part:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield part.lineno, name
            case ast.arg(arg=name):
                yield part.lineno, name
            case ast.Name(id=name, ctx=ast.Store()):
                yield part.lineno, name
            case ast.Attribute(attr=name, value=ast.Name(id="self"), ctx=ast.Store()):
                yield part.lineno, name
            case ast.Call(func=ast.Name(id=maker) | ast.Attribute(attr=maker)) if maker in COLUMN_MAKERS:
                for given in part.args:
                    if isinstance(given, ast.Constant) and isinstance(given.value, str):
                        yield part.lineno, given.value
            case _:
                pass


def _keys(value: object) -> Iterator[tuple[int, str]]:
    if isinstance(value, dict):
        for key, below in value.items():
            line = value.lc.key(key)[0] + 1 if hasattr(value, "lc") else 0
            yield line, str(key)
            yield from _keys(below)
    elif isinstance(value, list):
        for below in value:
            yield from _keys(below)


def _findings(file: str, names: Iterator[tuple[int, str]]) -> Iterator[str]:
    forbidden = SAY_INSTEAD | (TEMPORAL_SAYS if file.startswith(TEMPORAL_FREE) else {})
    for line, name in names:
        for word in _words(name):
            if word in forbidden and not _allowed(file, word):
                yield f"{file}:{line}: `{name}`: say {forbidden[word]}, not {word}"


def _allowed(file: str, word: str) -> bool:
    return any(word == allowed and fnmatch(file, pattern) for pattern, allowed in ALLOWED)


def test_code_and_columns_use_the_glossary() -> None:
    found = [
        finding
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        for finding in _findings(str(path.relative_to(ROOT)), _defined_names(ast.parse(path.read_text())))
    ]
    assert found == []


def test_pathways_use_the_glossary() -> None:
    documents = YAML(typ="rt")
    found = [
        finding
        for folder in ("pathways", *PACKAGES)
        for path in sorted((ROOT / folder).rglob("*.yaml"))
        for finding in _findings(str(path.relative_to(ROOT)), _keys(documents.load(path)))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("class NodeList: ...", 1),
        ("def settle(flow_name: str): ...", 1),
        ("due_sla = mapped_column('sla_due')", 2),
        ("machine.events[name].trigger(model)", 0),
        ("workforce = overflow = regional = None", 0),
    ],
)
def test_only_our_own_names_are_read(source: str, count: int) -> None:
    assert len(list(_findings("use_cases/example.py", _defined_names(ast.parse(source))))) == count
