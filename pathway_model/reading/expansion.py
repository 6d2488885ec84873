"""Copies fragments into the places that use them, so that nothing after this knows that there were any."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from pathway_model.language.definition import Phase, Step, Strand, Throughout
from pathway_model.language.fragments import LISTED, NAMED, SHARED
from pathway_model.language.parts import Part
from pathway_model.reading.blanks import Filling, renamed
from pathway_model.reading.fragments import FragmentSource, ReadFragment, is_name, read_fragments
from pathway_model.reading.problems import Findings, said
from pathway_model.reading.tree import Entry, Items, Node, Path, Place, Scalar, Table, plain, size

MOST_USES: Final = 300
MOST_NODES: Final = 200_000

_PLACES: Final[Mapping[str, tuple[str, type[Part]]]] = {
    "phase": ("a phase", Phase),
    "step": ("a step", Step),
    "strand": ("a strand", Strand),
    "throughout": ("`throughout`", Throughout),
}
_INSIDE: Final[Mapping[str, Mapping[str, str]]] = {
    "definition": {"phases": "phase"},
    "phase": {"steps": "step", "strands": "strand", "interrupts": "interrupt"},
    "strand": {"steps": "step"},
    "throughout": {"interrupts": "interrupt"},
    "interrupt": {"steps": "step"},
}


@dataclass(frozen=True, slots=True)
class Expanded:
    """A definition without fragments. `complete` says whether each could be copied in."""

    tree: Table
    complete: bool


def expand(tree: Table, sources: Mapping[str, FragmentSource], findings: Findings) -> Expanded:
    """The definition with all its fragments written out.

    Args:
        tree: The definition as written.
        sources: Fragment files by name and version, such as `standard 1`.
        findings: Takes what is wrong.
    """
    before = len(findings)
    library = _library(tree, sources, findings)
    expander = _Expander(library, tree.place.file, findings, library_is_whole=len(findings) == before)
    expanded = expander.definition(tree.without("fragments"))
    return Expanded(expanded, expander.complete)


def _library(tree: Table, sources: Mapping[str, FragmentSource], findings: Findings) -> dict[str, ReadFragment]:
    library: dict[str, ReadFragment] = {}
    for named in _each(tree.get("fragments")):
        text = named.text if isinstance(named, Scalar) else ""
        if isinstance(named, Scalar) and named.broken:
            continue
        if text not in sources:
            hint = findings.did_you_mean(text, sources) or f"there are {said(sorted(sources), 'and')}" * bool(sources)
            findings.add(named.place, "no_such_fragments", f"there are no fragments `{text}`", hint, ("fragments",))
            continue
        library |= read_fragments(sources[text], text, findings)
    return library


class _Expander:
    """One pass over one definition."""

    def __init__(
        self, library: Mapping[str, ReadFragment], file: str, findings: Findings, *, library_is_whole: bool
    ) -> None:
        self._library = library
        self._library_is_whole = library_is_whole
        self._file = file
        self._findings = findings
        self._shared: dict[str, dict[str, Entry]] = {kind: {} for kind in SHARED}
        self._used: dict[tuple[str, str], Place] = {}
        self._uses = 0
        self._nodes = 0
        self.complete = True

    def definition(self, tree: Table) -> Table:
        expanded = self._inside(tree, "definition", ())
        throughout = expanded.entry("throughout")
        if throughout is not None:
            value = self._place(throughout.value, "throughout", ("throughout",))
            expanded = _with(expanded, Entry(throughout.key, value))
        for kind, arrived in self._shared.items():
            expanded = self._share(expanded, kind, arrived)
        return expanded

    def _inside(self, table: Table, kind: str, path: Path) -> Table:
        for key, inner in _INSIDE.get(kind, {}).items():
            found = table.entry(key)
            if found is not None and isinstance(found.value, Table):
                entries = tuple(
                    Entry(entry.key, self._place(entry.value, inner, (*path, key, entry.key.text)))
                    for entry in found.value.entries
                )
                table = _with(table, Entry(found.key, replace(found.value, entries=entries)))
        return table

    def _place(self, node: Node, kind: str, path: Path) -> Node:
        if not isinstance(node, Table):
            return node
        if kind in _PLACES:
            uses, node = node.get("use"), node.without("use")
            for at, item in enumerate(_each(uses)):
                body = self._body(item, None, (*path, "use", at))
                if body is not None:
                    node = self._merge(node, body, item, kind, (*path, "use", at))
        return self._inside(node, kind, path)

    def _body(self, item: Node, outermost: Place | None, path: Path) -> Table | None:
        """A fragment as one use wants it: its own fragments inside, renamed, filled."""
        fragment = self._fragment(item, path)
        if fragment is None or not isinstance(item, Table):
            self.complete = False
            return None
        self._uses += 1
        if self._uses > MOST_USES or self._nodes > MOST_NODES:
            if self._uses == MOST_USES + 1 or self._nodes > MOST_NODES:
                self._uses, self._nodes = MOST_USES + 2, 0
                self._findings.add(
                    item.place, "too_large", "fragments are used too often", "does one use itself?", path
                )
            self.complete = False
            return None
        body = fragment.body.without("use")
        place = outermost or item.place
        for inner in _each(fragment.body.get("use")):
            nested = self._body(inner, place, path)
            if nested is not None:
                body = self._together(body, nested, inner, path)
        name = self._name(item, path)
        if self._used_before(fragment.name, name, body, item, path):
            return None
        if name:
            body = renamed(body, fragment.name, name)
        filled = Filling(fragment.name, self._values(item, fragment, place, path), place, self._findings).fill(body)
        self._nodes += size(filled)
        return filled if isinstance(filled, Table) else None

    def _fragment(self, item: Node, path: Path) -> ReadFragment | None:
        named = item.get("fragment") if isinstance(item, Table) else None
        if not isinstance(named, Scalar):
            self._findings.add(item.place, "bad_use", "which fragment?", "write `use: [{fragment: …}]`", path)
            return None
        if named.broken:
            return None
        found = self._library.get(named.text)
        if found is None:
            hint = self._findings.did_you_mean(named.text, self._library)
            if not hint and not self._library_is_whole:
                return None
            if not self._library:
                hint = "say which fragments the pathway uses, such as `fragments: standard 1`"
            self._findings.add(named.place, "no_such_fragment", f"there is no fragment `{named.text}`", hint, path)
        return found

    def _name(self, item: Table, path: Path) -> str:
        given = item.get("as")
        name = given.text if isinstance(given, Scalar) else ""
        if given is not None and not is_name(name):
            self._findings.add(given.place, "not_a_name", "`as` needs a name", "small letters, digits and _ only", path)
            name = ""
        return name

    def _used_before(self, fragment: str, name: str, body: Table, item: Node, path: Path) -> bool:
        if not any(body.get(key) for key in NAMED):
            return False
        first = self._used.setdefault((fragment, name), item.place)
        if first is not item.place:
            self._findings.add(
                item.place, "used_twice", f"`{fragment}` is used twice, first in line {first.line}",
                "name each with `as`", path,
            )  # fmt: skip
        return first is not item.place

    def _values(self, item: Table, fragment: ReadFragment, place: Place, path: Path) -> dict[str, Node | None]:
        given = {entry.key.text: entry for entry in item.without("fragment", "as").entries}
        for name, entry in given.items():
            if name not in fragment.blanks:
                hint = self._findings.did_you_mean(name, fragment.blanks)
                hint = hint or f"it has {said(fragment.blanks, 'and') or 'none'}"
                message = f"`{fragment.name}` has no blank `{name}`"
                self._findings.add(entry.key.place, "no_such_blank", message, hint, path)
        values: dict[str, Node | None] = {}
        for name, usual in fragment.blanks.items():
            if name in given:
                values[name] = given[name].value
            elif usual is None:
                values[name] = None
                self._findings.add(
                    item.place, "blank_must_be_given", f"`{fragment.name}` needs `{name}`", f"add `{name}: …`", path
                )
            else:
                note = f"`{fragment.name}` leaves its blank `{name}` at the usual value"
                values[name] = _moved(usual, replace(place, note=note))
        return values

    def _merge(self, table: Table, body: Table, item: Node, kind: str, path: Path) -> Table:
        words, model = _PLACES[kind]
        for entry in body.entries:
            key = entry.key.text
            if key not in SHARED and key not in model.model_fields:
                named = item.get("fragment") if isinstance(item, Table) else None
                name = named.text if isinstance(named, Scalar) else ""
                self._findings.add(
                    item.place, "fragment_misplaced", f"`{name}` brings {key}, and {words} has none",
                    "use it in another place", path,
                )  # fmt: skip
                body = body.without(key)
        for kind_of, entries in ((key, body.get(key)) for key in SHARED):
            if isinstance(entries, Table):
                for entry in entries.entries:
                    self._arrive(self._shared[kind_of], entry)
        return self._together(table, body.without(*SHARED), item, path)

    def _together(self, table: Table, body: Table, item: Node, path: Path) -> Table:
        for entry in body.entries:
            own = table.entry(entry.key.text)
            if own is None:
                table = replace(table, entries=(*table.entries, entry))
            elif entry.key.text in LISTED:
                both = Items((*_each(own.value), *_each(entry.value)), own.value.place)
                table = _with(table, Entry(own.key, both))
            elif isinstance(own.value, Table) and isinstance(entry.value, Table) and entry.key.text != "deadline":
                table = _with(table, Entry(own.key, self._both(own.value, entry.value, item, path)))
            else:
                self._twice(entry.key.text, item, path)
        return table

    def _both(self, own: Table, arrived: Table, item: Node, path: Path) -> Table:
        for entry in arrived.entries:
            present = own.get(entry.key.text)
            if present is None:
                own = replace(own, entries=(*own.entries, entry))
            else:
                self._twice(entry.key.text, item, path)
        return own

    def _twice(self, name: str, item: Node, path: Path) -> None:
        self._findings.add(
            item.place, "written_twice", f"`{name}` is written here, and the fragment brings it, too",
            "take one out, or name the fragment's with `as`", path,
        )  # fmt: skip

    def _arrive(self, present: dict[str, Entry], entry: Entry) -> None:
        first = present.setdefault(entry.key.text, entry)
        if first is not entry and plain(first.value) != plain(entry.value):
            at, other = first.key.place, entry.key.place
            if at.file != self._file:
                at, other = other, at
            self._findings.add(
                at, "conflict", f"`{entry.key.text}` is written differently in {other.file}, line {other.line}",
                "write it the same, or give one another name",
            )  # fmt: skip

    def _share(self, tree: Table, kind: str, arrived: Mapping[str, Entry]) -> Table:
        if not arrived:
            return tree
        own = tree.entry(kind)
        if own is None:
            first = next(iter(arrived.values()))
            key = Scalar(kind, first.key.place)
            return replace(tree, entries=(*tree.entries, Entry(key, Table(tuple(arrived.values()), first.key.place))))
        if not isinstance(own.value, Table):
            return tree
        present = {entry.key.text: entry for entry in own.value.entries}
        for entry in arrived.values():
            self._arrive(present, entry)
        return _with(tree, Entry(own.key, replace(own.value, entries=tuple(present.values()))))


def _each(node: Node | None) -> Iterator[Node]:
    match node:
        case None:
            return
        case Items():
            yield from node.items
        case Scalar(broken=True):
            return
        case _:
            yield node


def _with(table: Table, changed: Entry) -> Table:
    return replace(
        table, entries=tuple(changed if entry.key.text == changed.key.text else entry for entry in table.entries)
    )


def _moved(node: Node, place: Place) -> Node:
    match node:
        case Scalar():
            return replace(node, place=place)
        case Items():
            return Items(tuple(_moved(item, place) for item in node.items), place)
        case Table():
            return Table(tuple(Entry(entry.key, _moved(entry.value, place)) for entry in node.entries), place)
