"""Fragment files → fragments with their blanks. Pure: the caller has loaded the text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pathway_model.language.fragments import MUST_BE_GIVEN, Fragment
from pathway_model.language.names import LOWER_SNAKE
from pathway_model.reading.problems import Findings
from pathway_model.reading.source import compose
from pathway_model.reading.tree import Entry, Node, Scalar, Table

_HEAD: Final = ("fragments", "version")
_KNOWN: Final = tuple(Fragment.model_fields)
_TABLES: Final = tuple(name for name, known in Fragment.model_fields.items() if known.default_factory is not None)


@dataclass(frozen=True, slots=True)
class FragmentSource:
    """A fragment file: its name for problems, and its text."""

    file: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadFragment:
    """One fragment.

    Attributes:
        blanks: Usual values; none where one must be given.
        body: All else.
    """

    name: str
    blanks: Mapping[str, Node | None]
    body: Table


def read_fragments(source: FragmentSource, known_as: str, findings: Findings) -> dict[str, ReadFragment]:
    """Read one fragment file.

    Args:
        source: The file.
        known_as: Name and version that pathways know it by, such as `standard 1`.
        findings: Takes what is wrong.
    """
    tree = compose(source.text, source.file, findings, blanks=True)
    if tree is None:
        return {}
    head = [tree.get(key) for key in _HEAD]
    written = " ".join(value.text for value in head if isinstance(value, Scalar))
    if written != known_as:
        findings.add(
            tree.place,
            "fragment_file",
            f"this file should begin with the name and version of `{known_as}`",
            "write `fragments: <name>` and `version: <number>`",
        )
    entries = tree.without(*_HEAD).entries
    return {entry.key.text: read for entry in entries if (read := _fragment(entry, findings)) is not None}


def _fragment(entry: Entry, findings: Findings) -> ReadFragment | None:
    name, body = entry.key.text, entry.value
    if not isinstance(body, Table):
        findings.add(entry.key.place, "not_a_table", f"fragment `{name}` is not made of keys and values", path=(name,))
        return None
    for part in body.entries:
        key = part.key
        if key.text not in _KNOWN:
            hint = findings.did_you_mean(key.text, _KNOWN)
            findings.add(key.place, "unknown_key", f"a fragment has no `{key.text}`", hint, (name, key.text))
        elif key.text in _TABLES and not isinstance(part.value, Table):
            findings.add(key.place, "not_a_table", f"`{key.text}` is a table of names", path=(name, key.text))
    blanks = body.get("blanks")
    known = {blank.key.text: blank for blank in blanks.entries} if isinstance(blanks, Table) else {}
    for blank in known.values():
        if blank.key.text in {"fragment", "as"}:
            findings.add(
                blank.key.place, "reserved_word", f"no blank may be named `{blank.key.text}`", "choose another name"
            )
    kept = tuple(part for part in body.without("blanks").entries if _sound(part))
    return ReadFragment(
        name=name,
        blanks={blank: _usual(written.value) for blank, written in known.items()},
        body=Table(kept, body.place),
    )


def _sound(part: Entry) -> bool:
    return part.key.text in _KNOWN and (part.key.text not in _TABLES or isinstance(part.value, Table))


def _usual(value: Node) -> Node | None:
    return None if isinstance(value, Scalar) and value.text == MUST_BE_GIVEN else value


def is_name(text: str) -> bool:
    """Whether a text may name a part of a definition."""
    return LOWER_SNAKE.match(text) is not None
