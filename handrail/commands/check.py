"""`handrail check`: read definitions and say everything that is wrong with them."""

from pathlib import Path

import click

from handrail.exits import EXIT_DONE, EXIT_NO
from handrail.output import format_option
from handrail.problem_text import has_errors, print_problems
from use_cases.definitions import read_definition


@click.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@format_option
def command(files: tuple[Path, ...], as_json: bool) -> int:
    r"""Read each FILE and say everything that is wrong with it, at once: where, what, and how to mend it.

    Shared fragments are looked for in the folder `shared` beside the file's own folder.

    \b
    Examples:
      handrail check pathways/icon/1.yaml
      handrail check pathways/*/*.yaml --format json

    Exit codes: 0 clean, or warnings alone; 1 findings; 2 a file cannot be read at all.

    \b
    JSON: a list of {"file", "line", "column", "severity", "code", "message", "hint", "path", "counterexample"};
    empty when clean. Lines and columns count from 1.
    """
    readings = [(file, read_definition(file)) for file in files]
    problems = [problem for _, reading in readings for problem in reading.problems]
    print_problems(problems, as_json=as_json)
    if not as_json:
        for file, reading in readings:
            if reading.definition is not None:
                made = reading.definition
                click.echo(
                    f"{file}: {made.title}, version {made.version}: nothing is wrong. Digest {made.digest()[:12]}"
                )
    return EXIT_NO if has_errors(problems) else EXIT_DONE
