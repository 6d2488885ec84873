import pytest

from pathway_model.reading.problems import Findings
from pathway_model.reading.source import MOST_CHARACTERS, MOST_LEVELS, MOST_NODES, compose, snake
from pathway_model.reading.tree import plain
from tests.unit.reading.small import expected_place, told

QUOTES = "put the sentence in double quotes"
UNREADABLE = [
    ("text: Their goals‸: to ride\nmore: 1\n", "a second `: ` stands in this line", QUOTES),
    ("a: one\n  ‸b: two\n", "this line is indented unlike the ones around it", "give it as many spaces"),
    (
        "a: {text: one‸: two}\n",
        "a second `: ` stands inside { } or [ ], or a bracket is not closed",
        QUOTES,
    ),
    ("a: [1, 2\nb‸: 3\n", "a second `: ` stands inside { } or [ ], or a bracket is not closed", QUOTES),
    ("a: 'one\n‸", "a quotation mark or bracket is not closed", "close it"),
    ("a: ‸`one`\n", "a value may not begin with a backtick", QUOTES),
    ("a: ‸@one\n", "a value may not begin with @", QUOTES),
    ("- a\n‸b: 1\n", "this line is indented unlike the ones around it", "give it as many spaces"),
    ("a: one\n‸two\nb: 1\n", "a key without a colon", "write `key: value`"),
    ("a: ‸\x07\n", "this character may not stand in a text", "take it out"),
    ("a: 1\nb: ‸\ud800\n", "this character may not stand in a text", "take it out"),
]
REFUSED = [
    ("a: 1\n‸---\nb: 2\n", "several_documents", "a second document begins here", "one file, one document"),
    ("‸- a\n- b\n", "not_a_table", "this file is not made of keys and values", "begin with `pathway: …`"),
    ("‸", "nothing_here", "there is nothing in this file", "begin with `pathway:`, `version:`, `title:`"),
    (
        "‸# only a comment\n",
        "nothing_here",
        "there is nothing in this file",
        "begin with `pathway:`, `version:`, `title:`",
    ),
]
NOTED = [
    ("a: ‸&x one\n", "anchor", "`&` names a part of the file", "take it out; shared parts are fragments"),
    ("a: ‸*x\n", "alias", "`*` repeats another part of the file", "write it out; shared parts are fragments"),
    ("a: ‸!!int 1\n", "tag", "`tag:yaml.org,2002:int` is a tag; a value needs none", "take it out"),
    ("a: ‸!mine {b: 1}\n", "tag", "`!mine` is a tag; a value needs none", "take it out"),
    (
        "‸<<: {a: 1}\n",
        "merge_key",
        "`<<` merges tables behind the reader's back",
        "write it out; shared parts are fragments",
    ),
    ("%YAML 1.2\n‸---\na: 1\n", "directive", "`%` directives are not used here", "take them out"),
    ("a: 1\n‸b:\nc: 1\n", "no_value", "`b` has no value", "write one, or take the key out"),
    ('a: 1\n‸b: ""\n', "no_value", "`b` has no value", "write one, or take the key out"),
    ("a:\n  - one\n  -‸\n", "no_value", "an item of this list has no value", "write one, or take it out"),
    ("a: 1\nb: 2\n‸a: 3\n", "repeated_key", "`a` stands twice here, first in line 1", "keep one"),
    ("a: {b: 1, ‸b: 1}\n", "repeated_key", "`b` stands twice here, first in line 1", "keep one"),
    ("‸Acknowledge-due: 1\n", "not_a_name", "`Acknowledge-due` is not a name", "write `acknowledge_due`"),
    ("‸from_: 1\n", "not_a_name", "`from_` is not a name", "write `from`"),
    ("‸2: 1\n", "not_a_name", "`2` is not a name", "small letters, digits and _ only"),
    ("? ‸[a]\n: 1\n", "not_a_name", "a list or table cannot be a key", "write a name"),
    ("‸on: 1\n", "reserved_word", "nothing may be named `on`", "choose another name"),
    ("a: {‸no: 1}\n", "reserved_word", "nothing may be named `no`", "choose another name"),
    (
        "a: {‸<worker>: 1}\n",
        "blank_outside",
        "`<worker>` is a blank; those stand in fragment files",
        "write the name itself",
    ),
    ("a:\n ‸\tb: 1\n", "tab", "a tab stands here", "indent with spaces"),
    ("title: Room‸ # 5\n".replace("‸ ", " ‸"), "comment_in_sentence",
     "what follows ` #` is a comment and no part of the sentence",
     f"{QUOTES}, or move the comment to a line of its own"),
    ("f: {text: We met, ‸and talked, to: gp}\n", "comma_in_sentence", "`and talked` was taken for a key",
     f"{QUOTES}: a comma inside {{ }} begins the next key"),
    ("f: {text: We met, ‸talked, to: gp}\n", "comma_in_sentence", "`talked` was taken for a key",
     f"{QUOTES}: a comma inside {{ }} begins the next key"),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "message", "hint"), UNREADABLE)
def test_what_is_not_yaml_is_said_in_plain_words_at_its_place(marked: str, message: str, hint: str) -> None:
    """The parser's jargon never reaches a designer."""
    text, line, column = expected_place(marked)
    findings = Findings()
    assert compose(text, "f.yaml", findings) is None
    assert told(findings.ordered()) == [f"f.yaml:{line}:{column}: unreadable: {message} | {hint}"]


@pytest.mark.parametrize(("marked", "code", "message", "hint"), REFUSED)
def test_what_is_no_table_of_one_document_is_refused(marked: str, code: str, message: str, hint: str) -> None:
    text, line, column = expected_place(marked)
    findings = Findings()
    assert compose(text, "f.yaml", findings) is None
    assert told(findings.ordered()) == [f"f.yaml:{line}:{column}: {code}: {message} | {hint}"]


@pytest.mark.parametrize(("marked", "code", "message", "hint"), NOTED)
def test_each_trap_of_yaml_is_found_and_reading_goes_on(marked: str, code: str, message: str, hint: str) -> None:
    text, line, column = expected_place(marked)
    findings = Findings()
    assert (compose(text, "f.yaml", findings) is None) == (code == "tab")
    assert told(findings.ordered()) == [f"f.yaml:{line}:{column}: {code}: {message} | {hint}"]


def test_every_value_stays_text_and_knows_its_place() -> None:
    """No value becomes a number, a date or a truth by itself."""
    tree = compose("a: yes\nb: [1, 2026-01-01, ~, null, 0x1F]\nc: 'no'\n", "f.yaml", Findings())
    assert tree is not None
    assert plain(tree) == {"a": "yes", "b": ["1", "2026-01-01", "~", "null", "0x1F"], "c": "no"}
    assert [(entry.key.place.line, entry.value.place.column) for entry in tree.entries] == [(1, 4), (2, 4), (3, 4)]


def test_a_comment_behind_a_value_that_is_no_sentence_is_a_comment() -> None:
    findings = Findings()
    assert compose("a: {b: 1}  # after a decline\nwithin: 2 working days # ours\n", "f.yaml", findings) is not None
    assert findings.ordered() == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a" * (MOST_CHARACTERS + 1), "too_large"),
        ("a: " + "[" * 100_000, "too_deep"),
        ("".join("  " * depth + "a:\n" for depth in range(MOST_LEVELS + 1)), "too_deep"),
        ("a: [" + "x," * (MOST_NODES + 1) + "]", "too_large"),
        ("".join(f"k{number}: 1\n" for number in range(MOST_NODES)), "too_large"),
    ],
    ids=["long", "nested in brackets", "nested in lines", "long list", "many keys"],
)
def test_a_hostile_text_is_refused_as_a_whole(text: str, code: str) -> None:
    findings = Findings()
    assert compose(text, "f.yaml", findings) is None
    assert [problem.code for problem in findings.ordered()] == [code]


def test_deep_nesting_is_refused_before_the_rest_is_looked_at() -> None:
    """The work is counted by how far the refusal stands into the text."""
    findings = Findings()
    compose("[" * 500_000, "f.yaml", findings)
    assert findings.ordered()[0].column == MOST_LEVELS + 1


def test_aliases_are_never_followed() -> None:
    """What would unfold to a billion values stays as small as it is written."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    findings = Findings()
    tree = compose("\n".join(lines), "f.yaml", findings)
    assert tree is not None
    assert sum(problem.code == "alias" for problem in findings.ordered()) == 81
    assert sum(problem.code == "anchor" for problem in findings.ordered()) == 10


@pytest.mark.parametrize(
    ("text", "name"), [("Acknowledge-due", "acknowledge_due"), ("two  words", "two_words"), ("2 days", ""), ("é", "")]
)
def test_the_nearest_name_is_offered_where_there_is_one(text: str, name: str) -> None:
    assert snake(text) == name
