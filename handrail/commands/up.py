"""`handrail up`: everything on this machine."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path

import click

from handrail.embedded.directory import Running
from handrail.embedded.ports import DEFAULT_PORT
from handrail.options import data_option, settings_of
from handrail.output import format_option
from handrail.up import Wishes, up


@click.command("up")
@data_option
@click.option(
    "--port",
    type=int,
    default=DEFAULT_PORT,
    show_default=True,
    metavar="N",
    help="The first of four ports in a row, on this machine only: N for Handrail's own pages, then Temporal, "
    "Temporal's pages, and the mailbox.",
)
@click.option("--demo/--no-demo", default=True, show_default=True, help="Made-up people, part-way through ICoN.")
@format_option
@click.pass_context
def command(context: click.Context, data: Path | None, port: int, demo: bool, as_json: bool) -> None:
    r"""Run everything on this machine, from nothing, until Ctrl-C.

    The data directory holds it all: the records, the Temporal server's database, the keys that encrypt what is kept
    there, the mail that was sent, and logs. Starting again goes on where it was. Whoever may read the directory may
    read everything in it: it is closed to other accounts of the machine.

    The demonstration people are made up, and are added once per data directory. They are taken through ICoN by the
    same commands as everybody, at the time of the first start.

    \b
    Examples:
      handrail up
      handrail up --data demo --port 9000
      handrail up --no-demo

    Ctrl-C or SIGTERM stops it: the worker finishes what it is working on, then the server ends.

    Exit codes: 0 stopped; 2 a setting is not understood; 3 it cannot start (a port in use, a
    directory in use, a program missing).

    \b
    JSON, a line each: {"said": "…"} for whatever happens, and once, when everything runs:
    {"running": {"pid", "temporal", "temporal_ui", "smtp_port"}}.
    """
    settings = settings_of(context, data=data)
    wishes = Wishes(
        first_port=port,
        demonstration=demo,
        settings_file=context.obj,
        when_running=_print_running if as_json else None,
    )
    asyncio.run(up(settings, wishes, _print_said if as_json else click.echo))


def _print_said(text: str) -> None:
    click.echo(json.dumps({"said": text}, ensure_ascii=False))


def _print_running(running: Running) -> None:
    click.echo(json.dumps({"running": asdict(running)}))
