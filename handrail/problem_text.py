"""Prints problems: one a line for people, in the form that editors understand; every field for programs."""

from collections.abc import Iterable

import click

from handrail.output import print_json
from pathway_model.reading.problems import Problem


def print_problems(problems: Iterable[Problem], *, as_json: bool) -> None:
    """Print problems in the order given; as JSON always a list."""
    kept = tuple(problems)
    if as_json:
        print_json(kept)
        return
    for problem in kept:
        place = f"{problem.file}:{problem.line}:{problem.column}"
        colour = "red" if problem.severity == "error" else "yellow"
        click.echo(f"{place}: {click.style(problem.severity, fg=colour)} [{problem.code}] {problem.message}")
        if problem.hint:
            click.echo(f"    {problem.hint}")
        if problem.counterexample:
            click.echo(f"    {problem.counterexample}")


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether anything must be mended; warnings alone do not count."""
    return any(problem.severity == "error" for problem in problems)
