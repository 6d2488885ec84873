"""The traps of YAML, in plain words: what its parser says, and what a designer should do."""

from typing import Final

from pathway_model.reading.problems import Findings
from pathway_model.reading.tree import Place

QUOTES: Final = "put the sentence in double quotes"
UNEVEN: Final = ("this line is indented unlike the ones around it", "give it as many spaces")

_TRAPS: Final = (
    ("mapping values are not allowed here", "a second `: ` stands in this line", QUOTES),
    ("but got ':'", "a second `: ` stands inside { } or [ ], or a bracket is not closed", QUOTES),
    ("found character '`'", "a value may not begin with a backtick", QUOTES),
    ("found character '@'", "a value may not begin with @", QUOTES),
    ("found character '%'", "a value may not begin with %", QUOTES),
    ("found unexpected end of stream", "a quotation mark or bracket is not closed", "close it"),
    ("expected <block end>", *UNEVEN),
    ("could not find expected ':'", "a key without a colon", "write `key: value`"),
    ("expected ',' or", "a bracket is not closed, or a comma is missing", "close it"),
    ("expected alphabetic or numeric", "`*` and `&` have a meaning of their own", QUOTES),
)  # fmt: skip


def plain_words(problem: str, context: str) -> tuple[str, str]:
    """Message and hint for what the parser says."""
    for sign, message, hint in _TRAPS:
        if sign in problem:
            return message, hint
    return f"this is not YAML: {problem or context}", "look at the line above, too"


def find_tabs(text: str, file: str, findings: Findings) -> None:
    """Note every line with a tab in it."""
    if "\t" not in text:
        return
    for number, line in enumerate(text.split("\n"), start=1):
        column = line.find("\t")
        if column >= 0:
            findings.add(Place(file, number, column + 1), "tab", "a tab stands here", "indent with spaces")
