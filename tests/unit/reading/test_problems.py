"""Every code at its exact place with its words: the small pathway with one thing written differently."""

from pathlib import Path
from typing import cast

import pytest
from ruamel.yaml import YAML

from pathway_model.reading.problems import MOST_PROBLEMS
from tests.unit.reading.small import SMALL, changed, read_small, told

FOLDER = Path(__file__).parent


def _cases(name: str) -> list[object]:
    written = YAML(typ="safe", pure=True).load((FOLDER / name).read_text())
    return [
        pytest.param(case["instead_of"], case["write"], case["says"], id=case["write"].strip()[:60])
        for case in cast(list[dict[str, str]], written)
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [*_cases("broken_shapes.yaml"), *_cases("broken_uses.yaml"), *_cases("broken_references.yaml")],
)
def test_one_mistake_is_said_once_at_its_place_with_how_to_mend_it(old: str, new: str, says: list[str]) -> None:
    reading = read_small(changed(old, new))
    assert reading.definition is None
    assert [
        f"{problem.file.replace('small.yaml', '')} {problem.line}:{problem.column} ".lstrip()
        + f"{problem.code}: {problem.message} | {problem.hint}"
        for problem in reading.problems
    ] == says


def test_the_small_pathway_has_no_problem() -> None:
    reading = read_small()
    assert told(reading.problems) == []
    assert reading.definition is not None


def test_all_problems_are_found_in_one_reading() -> None:
    """Traps, unknown keys, wrong values, fragments and references: the first hides none of the others."""
    text = SMALL
    for old, new in [
        ("title: A small pathway", "title: Room # 5"),
        ("owner: worker\n        deadline", "ownr: worker\n        deadline"),
        ("covers: [plan]", "covers: [medical]"),
        ("go_to: housed", "go_to: hosed"),
        ("at_least: 1 calendar month", "at_least: 1 month"),
        ("{fragment: risk}", "{fragment: risk, dutty: worker}"),
        ("sends: [hello]", "sends: [helo]"),
        ("lowest: 0", "lowest:"),
    ]:
        text = changed(old, new, text)
    assert [(p.line, p.code) for p in read_small(text).problems] == [
        (3, "comment_in_sentence"),
        (10, "not_a_choice"),
        (14, "no_value"),
        (30, "unknown_key"),
        (33, "no_such_name"),
        (46, "bad_value"),
        (52, "no_such_name"),
        (69, "no_such_blank"),
    ]


def test_what_hangs_on_something_broken_is_not_called_wrong_as_well() -> None:
    """A fact that cannot be read is still a fact that others may name."""
    reading = read_small(changed("answer: yes or no", "answer: bool"))
    assert [problem.code for problem in reading.problems] == ["bad_value"]


def test_a_fragment_that_cannot_be_found_is_the_only_problem() -> None:
    """Names that it would have brought are not called unknown."""
    text = changed(
        "  use:\n    - {fragment: risk}", "  use:\n    - {fragment: safety}\n  actions: {calm: {asks: worry}}"
    )
    assert [problem.code for problem in read_small(text).problems] == ["no_such_fragment"]


def test_problems_say_where_they_stand_in_the_definition() -> None:
    reading = read_small(changed("sends: [hello]", "sends: [helo]"))
    assert [problem.path for problem in reading.problems] == ["phases.begin.steps.first.actions.go_on.sends[0]"]


def test_problems_come_in_the_order_of_their_places() -> None:
    text = changed("sends: [hello]", "sends: [helo, hallo]", changed("passes: talking", "passes: tlking"))
    places = [(problem.line, problem.column) for problem in read_small(text).problems]
    assert places == sorted(places)
    assert len(places) == 3


def test_so_many_problems_are_shown_and_the_rest_is_counted() -> None:
    steps = "".join(f"      step_{n}: {{owner: worker, sends: nothing_{n}}}\n" for n in range(MOST_PROBLEMS + 20))
    problems = read_small(changed("      first:\n", f"{steps}      first:\n")).problems
    assert len(problems) == MOST_PROBLEMS + 1
    assert problems[-1].message == "there are 20 more problems than can be shown"


def test_more_wrong_values_than_can_be_shown_end_the_reading() -> None:
    facts = "".join(f"  fact_{n}: {{ask: Why?, answer: bool}}\n" for n in range(MOST_PROBLEMS + 20))
    reading = read_small(changed("forms:\n", f"{facts}forms:\n"))
    assert reading.definition is None
    assert len(reading.problems) == MOST_PROBLEMS + 1
