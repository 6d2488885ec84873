"""The `handrail` command: what each command does is in `handrail/commands`, loaded when it is called.

Exit codes, for all commands: 0 done; 1 no, for reasons that are shown (findings, differences, a refusal);
2 what was asked cannot be read or understood; 3 something that Handrail needs is away or in the way.
"""

import importlib
import inspect
import itertools
import logging
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final, NoReturn

import click

from handrail.exits import EXIT_AWAY, EXIT_DONE, EXIT_UNREADABLE, INTERRUPTED
from handrail.output import print_error
from use_cases.errors import AwayError, ConflictError, HandrailError

COMMANDS: Final = {
    "up": "handrail.commands.up",
    "check": "handrail.commands.check",
    "scenarios": "handrail.commands.scenarios",
    "refer": "handrail.commands.refer",
    "case": "handrail.commands.case",
    "act": "handrail.commands.act",
    "password": "handrail.commands.password",
    "worker": "handrail.commands.worker",
    "web": "handrail.commands.web",
    "migrate-database": "handrail.commands.migrate_database",
}
"""In the order of a first visit."""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name]).command
        command.help = _with_kept_lines(command.help or "")
        return command


def _with_kept_lines(text: str) -> str:
    """Help as click wants it: docstrings are raw, so that examples may end in a backslash; its mark is a control."""
    return inspect.cleandoc(text).replace("\n\\b\n", "\n\n\b\n")


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--settings",
    "settings_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A TOML file of settings; the environment (HANDRAIL_…) comes before it. See docs/operating.md.",
)
@click.version_option(version("handrail"), message="Handrail %(version)s")
@click.pass_context
def handrail(context: click.Context, settings_file: Path | None) -> None:
    r"""Handrail runs care pathways that a service designer can read.

    \b
    Start here:
      handrail up                        everything on this machine, with demonstration people
      handrail case                      whom we look after, and what is due
      handrail case CASE                 where one person is, and what can be done now
      handrail act CASE ACTION --as ROLE do it

    Exit codes: 0 done; 1 no, with the reasons (findings, differences, a refusal); 2 not understood;
    3 something that Handrail needs is away or in the way.
    """
    context.obj = settings_file


handrail.help = _with_kept_lines(handrail.help or "")


def main() -> None:
    """Run the command line; every error ends in a sentence and an exit code, never in a traceback."""
    _leave(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command in this process; answer its exit code."""
    try:
        code = handrail.main(list(arguments), "handrail", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except HandrailError as error:
        print_error(error, as_json=_wants_json(arguments))
        return EXIT_AWAY if isinstance(error, AwayError | ConflictError) else EXIT_UNREADABLE
    except BrokenPipeError:
        # Whoever read the output has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_DONE
    return code if isinstance(code, int) else EXIT_DONE


def _leave(code: int) -> NoReturn:
    """End the process at once: Temporal's threads outlive `main`, and Python aborts when one returns into it then."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _wants_json(arguments: Sequence[str]) -> bool:
    return "--format=json" in arguments or any(pair == ("--format", "json") for pair in itertools.pairwise(arguments))
