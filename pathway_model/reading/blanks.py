"""Fills the blanks of a fragment and gives its parts the names that `as` asks for. Each value keeps its own place."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from pathway_model.language.fragments import ALWAYS, NAMED
from pathway_model.reading.problems import Findings
from pathway_model.reading.tree import Entry, Items, Node, Place, Scalar, Table

_WHOLE: Final = re.compile(r"^<([a-z][a-z0-9_]*)>$")
_WITHIN: Final = re.compile(r"<([a-z][a-z0-9_]*)>")

_REFERENCES: Final = frozenset(
    {
        "taking", "entering", "leaving", "accepted", "clock", "action", "entered", "handovers", "go_to", "requests",
        "exceptions", "strand", "is_at", "passes",
    }
)  # fmt: skip
"""Keys whose values name steps, actions, clocks, handovers, interrupts and strands."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What one use of a fragment puts into its blanks. A blank without a value was reported where it was used."""

    fragment: str
    values: Mapping[str, Node | None]
    place: Place
    findings: Findings

    def fill(self, node: Node, key: str = "") -> Node:
        """The same with every blank filled; `key` is the one that the value stands at."""
        match node:
            case Scalar():
                return self._scalar(node, key)
            case Items():
                return replace(node, items=tuple(self._items(node, key)))
            case Table():
                return replace(node, entries=tuple(self._entries(node)))

    def _scalar(self, node: Scalar, key: str) -> Node:
        whole = _WHOLE.match(node.text)
        if whole is not None:
            if whole[1] in self.values:
                value = self.values[whole[1]]
                return value if value is not None else Scalar("", self.place, broken=True)
            if key != "text":
                self._unknown(node, whole[1])
            return node
        return replace(node, text=_WITHIN.sub(self._words, node.text))

    def _words(self, blank: re.Match[str]) -> str:
        value = self.values.get(blank[1])
        return value.text if isinstance(value, Scalar) else blank[0]

    def _items(self, node: Items, key: str) -> Iterator[Node]:
        for item in node.items:
            filled = self.fill(item, key)
            if isinstance(item, Scalar) and isinstance(filled, Items):
                yield from filled.items
            else:
                yield filled

    def _entries(self, node: Table) -> Iterator[Entry]:
        seen: set[str] = set()
        for entry in node.entries:
            key = self._key(entry.key)
            value = self.fill(entry.value, key.text)
            if key.text == "when" and isinstance(value, Scalar) and value.text == ALWAYS:
                continue
            if key.text in seen:
                self.findings.add(
                    key.place, "repeated_key", f"`{key.text}` fills two blanks of `{self.fragment}` that must differ"
                )
            else:
                seen.add(key.text)
                yield Entry(key, Scalar("", key.place, broken=True) if key.broken else value)

    def _key(self, key: Scalar) -> Scalar:
        whole = _WHOLE.match(key.text)
        if whole is None:
            return key
        if whole[1] not in self.values:
            self._unknown(key, whole[1])
            return replace(key, broken=True)
        value = self.values[whole[1]]
        if isinstance(value, Scalar):
            return value
        if value is not None:
            self.findings.add(
                value.place, "blank_value", f"`{whole[1]}` stands for one name in `{self.fragment}`", "write one name"
            )
        return replace(key, broken=True)

    def _unknown(self, node: Scalar, blank: str) -> None:
        hint = self.findings.did_you_mean(blank, self.values) or "add it under blanks"
        self.findings.add(node.place, "no_such_blank", f"`{self.fragment}` has no blank `{blank}`", hint)


def renamed(body: Table, fragment: str, name: str) -> Table:
    """A body used `as` a name: what carries the fragment's own name takes it, the rest gets it in front."""
    names = {old: name if old == fragment else f"{name}_{old}" for old in _named(body)}
    for old in tuple(names):
        for ending in ("receive", "decide", "in_progress", "finished"):
            names.setdefault(f"{old}_{ending}", f"{names[old]}_{ending}")
        for beginning in ("finish", "reopen"):
            names.setdefault(f"{beginning}_{old}", f"{beginning}_{names[old]}")
    changed = _rename(body, "", names)
    return changed if isinstance(changed, Table) else body


def _named(node: Node, key: str = "") -> Iterator[str]:
    match node:
        case Table():
            for entry in node.entries:
                if key in NAMED:
                    yield entry.key.text
                yield from _named(entry.value, entry.key.text if key not in NAMED else "")
        case _:
            pass


def _rename(node: Node, key: str, names: Mapping[str, str]) -> Node:
    match node:
        case Scalar():
            return replace(node, text=names.get(node.text, node.text)) if key in _REFERENCES else node
        case Items():
            return replace(node, items=tuple(_rename(item, key, names) for item in node.items))
        case Table() if key in NAMED:
            entries = (
                Entry(replace(entry.key, text=names[entry.key.text]), _rename(entry.value, "", names))
                for entry in node.entries
            )
            return replace(node, entries=tuple(entries))
        case Table():
            entries = (Entry(entry.key, _rename(entry.value, entry.key.text, names)) for entry in node.entries)
            return replace(node, entries=tuple(entries))
