"""Scenarios of a pathway: found beside it, read against it, played on the pure core."""

from dataclasses import dataclass
from pathlib import Path

from pathway_model.pathway import Pathway
from pathway_model.reading.problems import Problem
from pathway_model.scenarios.reading import read_scenario
from pathway_model.scenarios.runner import Report, run
from pathway_model.scenarios.scenario import Scenario
from use_cases.definitions import read_text
from use_cases.errors import InputError, NotFoundError
from use_cases.given import did_you_mean

FOLDER = "scenarios"
"""Beside the versions of a pathway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundScenario:
    """A scenario's file and what came of reading it; without a scenario there are problems."""

    file: Path
    name: str
    scenario: Scenario | None
    lines: tuple[int, ...]
    problems: tuple[Problem, ...]


def find_scenarios(definition: Path, pathway: Pathway, only: str | None = None) -> tuple[FoundScenario, ...]:
    """Read the scenarios in the folder `scenarios` beside a definition, those about its version.

    Args:
        definition: The definition's file.
        pathway: What came of it.
        only: The name of one scenario.

    Raises:
        InputError: There are none, or one cannot be read as text.
        NotFoundError: None has that name.
    """
    folder = definition.resolve().parent / FOLDER
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise InputError(f"There are no scenarios in {folder}.", "Write one; docs/scenarios.md shows how.")
    names = [file.stem for file in files]
    if only is not None and only not in names:
        raise NotFoundError(f"There is no scenario `{only}`{did_you_mean(only, names)}", f"Look in {folder}.")
    return tuple(_read(file, pathway) for file in files if only in (None, file.stem))


def play(pathway: Pathway, found: FoundScenario) -> Report:
    """Play a scenario on the pure core.

    Raises:
        InputError: It could not be read.
    """
    if found.scenario is None:
        raise InputError(f"{found.file} cannot be played.", "Mend what is wrong with it first.")
    return run(pathway, found.scenario, found.lines)


def _read(file: Path, pathway: Pathway) -> FoundScenario:
    reading = read_scenario(read_text(file), str(file), pathway)
    return FoundScenario(
        file=file, name=file.stem, scenario=reading.scenario, lines=reading.lines, problems=reading.problems
    )
