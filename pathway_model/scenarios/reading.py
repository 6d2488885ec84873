"""Text → scenario, or everything that is wrong with it: with line, column and how to mend it."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pathway_model.pathway import Pathway
from pathway_model.reading.problems import Findings, Problem
from pathway_model.reading.source import compose
from pathway_model.reading.tree import Items, Path, Table, key_place, place_at, plain
from pathway_model.scenarios.scenario import Expectation, Line, Scenario
from pathway_model.scenarios.script import script_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioReading:
    """What came of reading a scenario.

    Attributes:
        scenario: None where there are problems.
        lines: Where each line of the story begins in the file, from 1.
    """

    scenario: Scenario | None
    lines: tuple[int, ...]
    problems: tuple[Problem, ...]


def read_scenario(text: str, file: str, pathway: Pathway) -> ScenarioReading:
    """Read a scenario and check it against the pathway that it is about. Does no I/O."""
    findings = Findings()
    table = compose(text, file, findings)
    scenario = None
    if table is not None:
        scenario = _shaped(table, findings)
        if scenario is not None and not findings:
            for misfit in script_of(scenario, pathway).misfits:
                findings.add(place_at(table, misfit.path), "misfit", misfit.message, misfit.hint, misfit.path)
    problems = findings.ordered()
    return ScenarioReading(
        scenario=None if problems else scenario, lines=() if table is None else _lines(table), problems=problems
    )


def _shaped(table: Table, findings: Findings) -> Scenario | None:
    try:
        return Scenario.model_validate(plain(table))
    except ValidationError as error:
        for details in error.errors(include_url=False, include_context=False, include_input=False):
            _add(table, details, findings)
        return None


def _add(table: Table, details: ErrorDetails, findings: Findings) -> None:
    path = _written_path(details["loc"])
    message = details["msg"].removeprefix("Value error, ")
    match details["type"]:
        case "extra_forbidden":
            word = str(path[-1])
            place, hint = key_place(table, path), findings.did_you_mean(word, _known_keys(path))
            findings.add(place, "unknown_key", f"there is no `{word}` here", hint, path)
        case "missing":
            findings.add(place_at(table, path), "missing", f"`{path[-1]}` is missing", f"add `{path[-1]}:`", path)
        case kind:
            findings.add(place_at(table, path), kind, message, "", path)


def _written_path(loc: tuple[int | str, ...]) -> Path:
    """The part of an error's location that stands in the text: pydantic also names alternatives of a type."""
    return tuple(step for step in loc if isinstance(step, int) or step.isidentifier())


def _known_keys(path: Path) -> Iterator[str]:
    """The keys that the table at a path may have."""
    model = Scenario if len(path) == 1 else Expectation if "expect" in path else Line
    for name, info in model.model_fields.items():
        yield info.alias or name


def _lines(table: Table) -> tuple[int, ...]:
    story = table.get("story")
    return tuple(item.place.line for item in story.items) if isinstance(story, Items) else ()
