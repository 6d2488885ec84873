"""Tree → `Definition`: every error of the model at its own line, and as much of a definition as is sound.

What is unsound is cut out, so that the references in all the rest can be checked in the same reading.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import NoneType, UnionType
from typing import Annotated, Final, Union, get_args, get_origin

from pydantic import Tag, ValidationError
from pydantic_core import ErrorDetails

from pathway_model.language.definition import Definition
from pathway_model.language.parts import Part
from pathway_model.reading.problems import MOST_PROBLEMS, Findings
from pathway_model.reading.tree import (
    Entry,
    Items,
    Node,
    Path,
    Scalar,
    Table,
    cut,
    key_place,
    node_at,
    place_at,
    plain,
    words,
)
from pathway_model.reading.wording import words_for

_MOST_ROUNDS: Final = 60
_PLACEHOLDERS: Final[Mapping[str, str]] = {"pathway": "unnamed", "version": "1", "title": "Unnamed"}


@dataclass(frozen=True, slots=True)
class Shaped:
    """What could be made of a tree.

    Attributes:
        definition: The sound part of it.
        tree: The part of the tree that it was made from.
        gaps: Tables and lists that something was taken out of, and all around them.
        missing_words: Every name that stood in what was taken out: a reference to one is not wrong for that.
    """

    definition: Definition
    tree: Table
    gaps: frozenset[Path]
    missing_words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where one of pydantic's errors belongs.

    Attributes:
        path: What it is about, or the table that lacks a key.
        model: The part of the language around it.
        of_key: It is about the key itself.
    """

    path: Path
    model: type[Part] | None
    of_key: bool


def shape(tree: Table, findings: Findings) -> Shaped | None:
    """Make a definition of a tree.

    Args:
        tree: A definition with its fragments written out.
        findings: Takes what is wrong.

    Returns:
        The definition, as far as the tree is sound; none if nothing is left of it.
    """
    taken: set[Path] = set()
    missing: set[str] = set()
    if (own := tree.entry("holidays")) is not None:
        findings.add(
            own.key.place, "unknown_key", "a pathway has no `holidays`", "they follow from `calendar`", ("holidays",)
        )
        tree = tree.without("holidays")
    for path in _broken(tree, ()):
        tree = _take_out(tree, path, taken, missing)
    for turn in range(_MOST_ROUNDS):
        try:
            definition = Definition.model_validate(plain(tree))
        except ValidationError as error:
            errors = error.errors(include_url=False)
        else:
            gaps = frozenset(path[:depth] for path in taken for depth in range(len(path)))
            return Shaped(definition, tree, gaps, frozenset(missing))
        spots = [(_spot(tree, found), found) for found in errors[: 2 * MOST_PROBLEMS]]
        if turn == 0:
            wrong = taken | {spot.path for spot, found in spots if found["type"] != "too_short"}
            around = {inner[:depth] for inner in wrong for depth in (len(inner) - 1, len(inner) - 2) if depth >= 0}
            for spot, found in spots:
                _report(tree, spot, found, wrong, around, findings)
        if len(errors) > MOST_PROBLEMS:
            return None
        unsound = {spot.path for spot, _ in spots}
        cuts = sorted((path for path in unsound if not _inside(path, unsound)), key=_latest_first)
        for path in cuts:
            tree = _take_out(tree, path, taken, missing)
    return None


def _broken(node: Node, path: Path) -> list[Path]:
    """Where values stand that were refused before; the latest of a list first."""
    match node:
        case Scalar():
            return [path] if node.broken else []
        case Items():
            found = [_broken(item, (*path, at)) for at, item in enumerate(node.items)]
        case _:
            found = [_broken(entry.value, (*path, entry.key.text)) for entry in node.entries]
    return [inner for group in reversed(found) for inner in group]


def _inside(path: Path, others: set[Path]) -> bool:
    return any(path[:depth] in others for depth in range(len(path)))


def _latest_first(path: Path) -> tuple[tuple[int, str], ...]:
    return tuple((-step, "") if isinstance(step, int) else (0, step) for step in path)


def _take_out(tree: Table, path: Path, taken: set[Path], missing: set[str]) -> Table:
    if not path:
        return _with_placeholders(tree)
    found = node_at(tree, path)
    if found is None:
        return tree
    missing.update(words(found))
    if isinstance(path[-1], str):
        missing.add(path[-1])
    taken.add(path)
    remaining = cut(tree, path)
    return remaining if isinstance(remaining, Table) else tree


def _with_placeholders(tree: Table) -> Table:
    """A pathway without a name or title, named for the time of reading."""
    lacking = tuple(
        Entry(Scalar(key, tree.place), Scalar(value, tree.place))
        for key, value in _PLACEHOLDERS.items()
        if tree.get(key) is None
    )
    return replace(tree, entries=(*tree.entries, *lacking))


def _report(
    tree: Table, spot: _Spot, error: ErrorDetails, wrong: set[Path], around: set[Path], findings: Findings
) -> None:
    path = (*spot.path, str(error["loc"][-1])) if error["type"] == "missing" else spot.path
    follows = path in around if error["type"] == "value_error" else path in wrong or path in around
    if error["type"] == "missing":
        follows = path in wrong
    if follows and error["type"] in {"missing", "value_error", "too_short"}:
        return  # only wrong because of what was found wrong inside it
    found = node_at(tree, spot.path)
    written: object = plain(found) if found is not None else ""
    if spot.of_key and isinstance(spot.path[-1], str):
        written = spot.path[-1]
    code, message, hint = words_for(dict(error), spot.model, written, findings)
    place = key_place(tree, spot.path) if spot.of_key else place_at(tree, spot.path)
    findings.add(place, code, message, hint, path)


def _spot(tree: Table, error: ErrorDetails) -> _Spot:
    """Walk pydantic's location through types and tree together: it also counts tags of unions and single values."""
    path: Path = ()
    key: str | int
    node: Node | None = tree
    kind: object = Definition
    model: type[Part] | None = Definition
    of_key = error["type"] == "extra_forbidden"
    for step in error["loc"]:
        kind = _bare(kind)
        if step == "[key]":
            of_key = True
            continue
        if isinstance(kind, type) and issubclass(kind, Part):
            model = kind
            kind, field = _field(kind, str(step))
            key = field
            if error["type"] == "missing" and not (isinstance(node, Table) and node.get(field)):
                return _Spot(path, model, of_key=False)
        elif get_origin(kind) in {tuple, dict}:
            kind = get_args(kind)[0 if isinstance(step, int) else -1]
            key = step
        else:
            kind = _tagged(kind, str(step))
            continue
        path, node = _down(path, node, key)
    bare = _bare(kind)
    if not of_key and isinstance(bare, type) and issubclass(bare, Part):
        model = bare
    return _Spot(path, model, of_key)


def _down(path: Path, node: Node | None, key: str | int) -> tuple[Path, Node | None]:
    match node:
        case Table() if isinstance(key, str):
            return (*path, key), node.get(key)
        case Items() if isinstance(key, int) and key < len(node.items):
            return (*path, key), node.items[key]
        case Items():
            for at, item in enumerate(node.items):
                if isinstance(item, Scalar) and item.text == key:
                    return (*path, at), item
            return path, node
        case _:
            return path, node


def _field(model: type[Part], key: str) -> tuple[object, str]:
    for name, known in model.model_fields.items():
        if key in {name, known.alias}:
            return known.annotation, known.alias or name
    return None, key


def _bare(kind: object) -> object:
    """A type without its annotations and without `None`."""
    while True:
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        elif get_origin(kind) in {Union, UnionType}:
            inner = [part for part in get_args(kind) if part is not NoneType]
            if len(inner) != 1:
                return kind
            kind = inner[0]
        else:
            return kind


def _tagged(kind: object, tag: str) -> object:
    for part in get_args(kind):
        if get_origin(part) is Annotated and any(
            isinstance(extra, Tag) and extra.tag == tag for extra in get_args(part)[1:]
        ):
            return part
    return kind
