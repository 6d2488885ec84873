"""`handrail scenarios`: play a pathway's scenarios, in memory or durably, and show every difference."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from handrail.exits import EXIT_DONE, EXIT_NO, EXIT_UNREADABLE
from handrail.output import format_option, print_json
from handrail.problem_text import print_problems
from pathway_model.compiled import compile_pathway
from pathway_model.pathway import Pathway
from pathway_model.scenarios.runner import Report
from use_cases.definitions import read_definition
from use_cases.errors import UnfitError
from use_cases.scenarios import FoundScenario, find_scenarios, play
from workers.rehearsal import rehearse
from workers.skipping import NoTestServerError


@click.command("scenarios")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--durable", is_flag=True, help="Play each through a real workflow too, and compare the two.")
@click.option("--only", metavar="NAME", help="Only this scenario: its file's name without .yaml.")
@format_option
def command(file: Path, durable: bool, only: str | None, as_json: bool) -> int:
    r"""Play the scenarios of the definition in FILE: those in the folder `scenarios` beside it.

    Each is played on the rules alone. With --durable each also runs through the real workflow, records and all, on a
    Temporal server that skips time, and must leave the very same trace; how far it is goes to the error stream.

    \b
    Examples:
      handrail scenarios pathways/icon/1.yaml
      handrail scenarios pathways/icon/1.yaml --only s2_lost_handover --durable

    Exit codes: 0 all as expected; 1 differences, which are shown; 2 the definition or a scenario cannot be read.

    \b
    JSON: a list of {"scenario", "title", "passed", "durable", "differences": [{"line", "at", "what", "expected",
    "was", "because"}]}.
    """
    reading = read_definition(file)
    if reading.definition is None:
        print_problems(reading.problems, as_json=as_json)
        return EXIT_UNREADABLE
    pathway = compile_pathway(reading.definition)
    found = find_scenarios(file, pathway, only)
    problems = [problem for each in found for problem in each.problems]
    if problems:
        print_problems(problems, as_json=as_json)
        return EXIT_UNREADABLE
    results = list(_played(found, pathway, durable=durable))
    if as_json:
        print_json([result.as_json() for result in results])
    else:
        for result in results:
            result.print()
        click.echo(f"{sum(result.passed for result in results)} of {len(results)} as expected")
    return EXIT_DONE if all(result.passed for result in results) else EXIT_NO


def _played(found: Sequence[FoundScenario], pathway: Pathway, *, durable: bool) -> Iterator["_Result"]:
    """Each result as it comes; what takes a while says how far it is, on the error stream."""
    for number, each in enumerate(found, start=1):
        if durable:
            click.echo(f"{number} of {len(found)}: {each.name}", err=True)
        yield _Result(each, pathway, durable=durable)


class _Result:
    """How one scenario went, in one or both ways."""

    def __init__(self, found: FoundScenario, pathway: Pathway, *, durable: bool) -> None:
        self._found = found
        self._pure = play(pathway, found)
        self._durable = _rehearsed(pathway, found) if durable else None

    @property
    def passed(self) -> bool:
        """Whether everything was as expected, and both ways left the same trace."""
        return self._pure.passed and (self._durable is None or (self._durable.passed and self._same))

    @property
    def _same(self) -> bool:
        return self._durable is None or self._durable.trace.canonical() == self._pure.trace.canonical()

    def print(self) -> None:
        """One line, and each difference below it."""
        mark = click.style("as expected", fg="green") if self.passed else click.style("DIFFERENT", fg="red")
        title = self._found.scenario.title if self._found.scenario else ""
        click.echo(f"{self._found.name}: {mark}: {title}")
        for way, report in (("", self._pure), ("durably, ", self._durable)):
            for difference in report.differences if report is not None else ():
                click.echo(f"    {way}{difference}")
        if not self._same:
            click.echo("    the durable case did not leave the same trace as the rules alone")

    def as_json(self) -> dict[str, object]:
        """For programs; the durable differences follow the others."""
        reports = [self._pure] if self._durable is None else [self._pure, self._durable]
        return {
            "scenario": self._found.name,
            "title": self._found.scenario.title if self._found.scenario else "",
            "passed": self.passed,
            "durable": self._durable is not None,
            "same_trace": self._same,
            "differences": [
                _difference(report, index) for report in reports for index in range(len(report.differences))
            ],
        }


def _difference(report: Report, index: int) -> dict[str, object]:
    one = report.differences[index]
    return {
        "line": one.line,
        "at": one.at,
        "what": one.unlike.what,
        "expected": str(one.unlike.expected),
        "was": str(one.unlike.was),
        "because": one.because,
    }


def _rehearsed(pathway: Pathway, found: FoundScenario) -> Report:
    assert found.scenario is not None
    try:
        return asyncio.run(rehearse(pathway, found.scenario, found.lines))
    except NoTestServerError as error:
        raise UnfitError(str(error)) from None
