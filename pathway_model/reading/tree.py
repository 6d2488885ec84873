"""A parsed document: scalars, lists and tables that know where they were written. Immutable.

`source` makes it from text, `fragments` expands it, `shapes` turns it into a `Definition`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Keys and list positions from the top of a document."""

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"
"""A document without places, as pydantic takes it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written; line and column count from 1. `note` is added to the hint of a problem here."""

    file: str
    line: int
    column: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value. Of a broken one (no value, an alias) the problem has been said: it is left out silently."""

    text: str
    place: Place
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: "tuple[Node, ...]"
    place: Place


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its value."""

    key: Scalar
    value: "Node"


@dataclass(frozen=True, slots=True)
class Table:
    """Keys with values, in the order of writing; no key stands twice."""

    entries: tuple[Entry, ...]
    place: Place

    def entry(self, key: str) -> Entry | None:
        """The entry of a key."""
        return next((entry for entry in self.entries if entry.key.text == key), None)

    def get(self, key: str) -> "Node | None":
        """The value of a key."""
        found = self.entry(key)
        return found.value if found is not None else None

    def without(self, *keys: str) -> "Table":
        """The same table with some keys left out."""
        return replace(self, entries=tuple(entry for entry in self.entries if entry.key.text not in keys))


Node: TypeAlias = Scalar | Items | Table


def plain(node: Node) -> Plain:
    """The values alone."""
    match node:
        case Scalar():
            return node.text
        case Items():
            return [plain(item) for item in node.items]
        case Table():
            return {entry.key.text: plain(entry.value) for entry in node.entries}


def size(node: Node) -> int:
    """How many scalars, lists and tables there are in all."""
    match node:
        case Scalar():
            return 1
        case Items():
            return 1 + sum(size(item) for item in node.items)
        case Table():
            return 1 + sum(1 + size(entry.value) for entry in node.entries)


def words(node: Node) -> Iterator[str]:
    """Every key and scalar."""
    match node:
        case Scalar():
            yield node.text
        case Items():
            for item in node.items:
                yield from words(item)
        case Table():
            for entry in node.entries:
                yield entry.key.text
                yield from words(entry.value)


def place_at(node: Node, path: Path) -> Place:
    """Where a path stands: a scalar at its value, all else at its key; as near as there is something, if it is missing.

    A position in what was written as one value, not as a list, is that value.
    """
    place = node.place
    for step in path:
        match node, step:
            case Table(), str() if (found := node.entry(step)) is not None:
                node = found.value
                # What fills a blank is mended where it was written, not at the key of the fragment.
                inline = isinstance(node, Scalar) or node.place.file != found.key.place.file
                place = node.place if inline else found.key.place
            case Items(), int() if step < len(node.items):
                node = node.items[step]
                place = node.place
            case ((Scalar() | Table()), int()):
                pass
            case _:
                return place
    return place


def key_place(node: Node, path: Path) -> Place:
    """Where the key at the end of a path stands; of names written as a list, the item."""
    above = node_at(node, path[:-1])
    if isinstance(above, Table) and isinstance(path[-1], str) and (found := above.entry(path[-1])) is not None:
        return found.key.place
    if isinstance(above, Items):
        for item in above.items:
            if isinstance(item, Scalar) and item.text == path[-1]:
                return item.place
    return place_at(node, path)


def node_at(node: Node, path: Path) -> Node | None:
    """What stands at a path."""
    for step in path:
        found: Node | None = None
        match node, step:
            case Table(), str():
                found = node.get(step)
            case Items(), int() if step < len(node.items):
                found = node.items[step]
            case ((Scalar() | Table()), int()):
                found = node
            case _:
                pass
        if found is None:
            return None
        node = found
    return node


def cut(node: Node, path: Path) -> Node:
    """The document without what stands at a path."""
    head, rest = path[0], path[1:]
    match node, head:
        case Table(), str():
            entries = (
                entry if entry.key.text != head else replace(entry, value=cut(entry.value, rest)) if rest else None
                for entry in node.entries
            )
            return replace(node, entries=tuple(entry for entry in entries if entry is not None))
        case Items(), int():
            items = (item if at != head else cut(item, rest) if rest else None for at, item in enumerate(node.items))
            return replace(node, items=tuple(item for item in items if item is not None))
        case _:
            return node


def path_text(path: Path) -> str:
    """A path as one word: `phases.referral.steps.referred.leave_when[0]`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
