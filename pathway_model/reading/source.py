"""Text → tree: YAML 1.2 without its traps. Every value stays text; all that YAML could do by itself is refused.

The parser's events are read one at a time, so that a hostile text (nested, huge, full of aliases) is refused as soon as
it shows, and nothing is ever constructed from it.
"""

import re
from dataclasses import dataclass, field, replace
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from pathway_model.language.names import LOWER_SNAKE
from pathway_model.reading.problems import Findings
from pathway_model.reading.traps import QUOTES, UNEVEN, find_tabs, plain_words
from pathway_model.reading.tree import Entry, Items, Node, Place, Scalar, Table

MOST_CHARACTERS: Final = 512 * 1024
MOST_LEVELS: Final = 40
MOST_NODES: Final = 50_000

SENTENCES: Final = frozenset(
    {
        "title",
        "ask",
        "text",
        "say",
        "purpose",
        "finishes_when",
        "no_consent_because",
        "note",
        "assumption",
        "hazard",
    }
)
"""Keys whose values are sentences: a comment behind one is more likely the rest of it."""

_BLANK: Final = re.compile(r"<[a-z][a-z0-9_]*>")
_YES_NO_WORDS: Final = frozenset({"on", "off", "yes", "no", "true", "false", "null"})


class _GaveUp(Exception):  # noqa: N818 - nothing went wrong in the program
    """The text is refused as a whole; why is among the findings."""


@dataclass(slots=True)
class _Open:
    """A list or table that is being read."""

    place: Place
    is_table: bool
    in_braces: bool
    under: str = ""
    items: list[Node] = field(default_factory=list)
    keys: list[Scalar] = field(default_factory=list)


def compose(text: str, file: str, findings: Findings, *, blanks: bool = False) -> Table | None:
    """Read a document.

    Args:
        text: YAML.
        file: Its name, for problems.
        findings: Takes what is wrong.
        blanks: Whether keys may be blanks such as `<worker>` (in fragment files).

    Returns:
        The document's table, as far as it can be read; none if it cannot.
    """
    top = Place(file, 1, 1)
    if len(text) > MOST_CHARACTERS:
        findings.add(top, "too_large", f"this file has {len(text)} characters; {MOST_CHARACTERS} is the most")
        return None
    text = text.removeprefix("\ufeff")
    find_tabs(text, file, findings)
    try:
        node = _Composer(text, file, findings, blanks=blanks).read()
    except _GaveUp:
        return None
    if node is None:
        findings.add(
            top,
            "nothing_here",
            "there is nothing in this file",
            "begin with `pathway:`, `version:`, `title:`",
        )
        return None
    if not isinstance(node, Table):
        findings.add(node.place, "not_a_table", "this file is not made of keys and values", "begin with `pathway: …`")
        return None
    return node


class _Composer:
    """Builds the tree from the parser's events."""

    def __init__(self, text: str, file: str, findings: Findings, *, blanks: bool) -> None:
        self._lines = text.split("\n")
        self._text = text
        self._file = file
        self._findings = findings
        self._blanks = blanks
        self._open: list[_Open] = []
        self._root: Node | None = None
        self._documents = 0
        self._count = 0
        self._latest_line = 0

    def read(self) -> Node | None:
        try:
            for event in YAML(typ="safe", pure=True).parse(self._text):
                self._take(event)
        except MarkedYAMLError as error:
            self._syntax(error)
        except ReaderError as error:
            before = self._text[: error.position]
            place = Place(self._file, before.count("\n") + 1, len(before) - before.rfind("\n"))
            self._refuse(place, "unreadable", "this character may not stand in a text", "take it out")
        except YAMLError as error:
            self._refuse(Place(self._file, 1, 1), "unreadable", f"this is not YAML: {error}")
        except (ValueError, ArithmeticError, LookupError, RecursionError, AssertionError) as error:
            # ruamel.yaml raises these for some broken escapes and directives instead of its own errors.
            self._refuse(self._here(), "unreadable", f"this is not YAML: {error}", "look at the line above, too")
        return self._root

    def _take(self, event: Event) -> None:
        match event:
            case DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    self._refuse(
                        self._at(event),
                        "several_documents",
                        "a second document begins here",
                        "one file, one document",
                    )
                if event.version or event.tags:
                    self._findings.add(
                        self._at(event), "directive", "`%` directives are not used here", "take them out"
                    )
            case ScalarEvent():
                self._count_one(event)
                self._add(self._scalar(event))
            case AliasEvent():
                self._count_one(event)
                self._findings.add(
                    self._at(event),
                    "alias",
                    "`*` repeats another part of the file",
                    "write it out; shared parts are fragments",
                )
                self._add(Scalar("", self._at(event), broken=True))
            case SequenceStartEvent() | MappingStartEvent():
                self._begin(event)
            case SequenceEndEvent() | MappingEndEvent():
                self._end()
            case _:
                pass

    def _count_one(self, event: Event) -> None:
        self._count += 1
        if self._count > MOST_NODES:
            self._refuse(self._at(event), "too_large", f"this file has more than {MOST_NODES} parts")
        if getattr(event, "anchor", None) is not None and not isinstance(event, AliasEvent):
            self._findings.add(
                self._at(event),
                "anchor",
                "`&` names a part of the file",
                "take it out; shared parts are fragments",
            )
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._findings.add(self._at(event), "tag", f"`{tag}` is a tag; a value needs none", "take it out")

    def _begin(self, event: CollectionStartEvent) -> None:
        self._count_one(event)
        if len(self._open) >= MOST_LEVELS:
            self._refuse(self._at(event), "too_deep", f"this is nested more than {MOST_LEVELS} levels deep")
        under = self._open[-1].keys[-1].text if self._open and self._open[-1].keys else ""
        is_table = isinstance(event, MappingStartEvent)
        self._open.append(_Open(self._at(event), is_table, bool(event.flow_style), under))

    def _end(self) -> None:
        done = self._open.pop()
        if not done.is_table:
            self._add(Items(tuple(done.items), done.place))
            return
        self._add(Table(self._entries(done), done.place))

    def _entries(self, done: _Open) -> tuple[Entry, ...]:
        entries: dict[str, Entry] = {}
        for key, value in zip(done.keys, done.items, strict=True):
            if key.broken:
                unread = f"?{len(entries)}"
                entries[unread] = Entry(Scalar(unread, key.place), Scalar("", key.place, broken=True))
            elif key.text in entries:
                first = entries[key.text].key.place.line
                self._findings.add(
                    key.place,
                    "repeated_key",
                    f"`{key.text}` stands twice here, first in line {first}",
                    "keep one",
                )
                continue
            entries[key.text] = Entry(key, value)
        return tuple(entries.values())

    def _add(self, node: Node) -> None:
        if not self._open:
            self._root = node
            return
        around = self._open[-1]
        if around.is_table and len(around.keys) == len(around.items):
            around.keys.append(self._key(node, around))
        else:
            around.items.append(self._value(node, around))

    def _key(self, node: Node, around: _Open) -> Scalar:
        if not isinstance(node, Scalar):
            self._findings.add(node.place, "not_a_name", "a list or table cannot be a key", "write a name")
            return Scalar("", node.place, broken=True)
        if node.broken:
            return node
        if node.text == "<<":
            self._findings.add(
                node.place,
                "merge_key",
                "`<<` merges tables behind the reader's back",
                "write it out; shared parts are fragments",
            )
            return Scalar("", node.place, broken=True)
        if around.in_braces and node.text.endswith(":"):
            key = replace(node, text=node.text.removesuffix(":"))  # `{lowest:, highest: 2}`
            self._name(key)
            return key
        if around.in_braces and self._ends_a_sentence(node):
            self._findings.add(
                node.place,
                "comma_in_sentence",
                f"`{node.text}` was taken for a key",
                f"{QUOTES}: a comma inside {{ }} begins the next key",
            )
            return Scalar("", node.place, broken=True)
        self._name(node)
        return node

    def _ends_a_sentence(self, node: Scalar) -> bool:
        """Whether no colon follows: `{text: We met, and talked}`."""
        line = self._lines[node.place.line - 1] if node.place.line <= len(self._lines) else ""
        return line[node.place.column - 1 + len(node.text) :].lstrip()[:1] in {",", "}", ""}

    def _name(self, node: Scalar) -> None:
        if node.text in _YES_NO_WORDS:
            self._findings.add(
                node.place, "reserved_word", f"nothing may be named `{node.text}`", "choose another name"
            )
        elif not LOWER_SNAKE.match(node.text):
            if _BLANK.fullmatch(node.text):
                if self._blanks:
                    return
                self._findings.add(
                    node.place,
                    "blank_outside",
                    f"`{node.text}` is a blank; those stand in fragment files",
                    "write the name itself",
                )
                return
            mended = snake(node.text)
            hint = f"write `{mended}`" if mended else "small letters, digits and _ only"
            self._findings.add(node.place, "not_a_name", f"`{_short(node.text)}` is not a name", hint)

    def _value(self, node: Node, around: _Open) -> Node:
        if not isinstance(node, Scalar) or node.broken or node.text:
            return node
        if around.is_table:
            key = around.keys[-1]
            if key.broken:
                return Scalar("", node.place, broken=True)
            self._findings.add(key.place, "no_value", f"`{key.text}` has no value", "write one, or take the key out")
        else:
            self._findings.add(node.place, "no_value", "an item of this list has no value", "write one, or take it out")
        return Scalar("", node.place, broken=True)

    def _scalar(self, event: ScalarEvent) -> Scalar:
        text = event.value.strip()
        self._latest_line = event.start_mark.line + 1
        if event.style is None and self._comment_follows(event):
            self._findings.add(
                Place(self._file, event.end_mark.line + 1, event.end_mark.column + 2),
                "comment_in_sentence",
                "what follows ` #` is a comment and no part of the sentence",
                f"{QUOTES}, or move the comment to a line of its own",
            )
        return Scalar(text, self._at(event))

    def _comment_follows(self, event: Event) -> bool:
        around = self._open[-1] if self._open else None
        if around is None or not around.is_table or len(around.keys) == len(around.items):
            return False
        if around.keys[-1].text not in SENTENCES and around.under != "answer":
            return False
        # The parser also ends lines at characters that `split` does not know: then nothing is found, harmlessly.
        line = self._lines[event.end_mark.line] if event.end_mark.line < len(self._lines) else ""
        return re.match(r" +#", line[event.end_mark.column :]) is not None

    def _syntax(self, error: MarkedYAMLError) -> None:
        mark = error.problem_mark or error.context_mark
        if "could not find expected ':'" in str(error.problem):
            mark = error.context_mark or mark  # where the key stands, not where its colon was given up
        place = Place(self._file, mark.line + 1, mark.column + 1) if mark is not None else self._here()
        if "'\\t'" in str(error.problem) and "\t" in self._text:
            raise _GaveUp  # each tab has been said
        if "mapping values" in str(error.problem) and place.line > self._latest_line:
            # The scalar of a line above went on into this one.
            line = self._lines[place.line - 1] if place.line <= len(self._lines) else ""
            place = replace(place, column=len(line) - len(line.lstrip(" ")) + 1)
            self._refuse(place, "unreadable", *UNEVEN)
        message, hint = plain_words(str(error.problem or error.context or ""), str(error.context or ""))
        self._refuse(place, "unreadable", message, hint)

    def _refuse(self, place: Place, code: str, message: str, hint: str = "") -> None:
        self._findings.add(place, code, message, hint)
        raise _GaveUp

    def _at(self, event: Event) -> Place:
        return Place(self._file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _here(self) -> Place:
        return self._open[-1].place if self._open else Place(self._file, 1, 1)


def snake(text: str) -> str:
    """The nearest name: `Acknowledge-due` → `acknowledge_due`; empty if there is none."""
    mended = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    return mended if LOWER_SNAKE.match(mended) and len(mended) <= 60 else ""  # noqa: PLR2004 - a name's length


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"  # noqa: PLR2004 - what fits a line
