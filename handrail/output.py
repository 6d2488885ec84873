"""How the command line prints: plain lines for people, JSON for programs, errors to the other stream."""

import json
import textwrap
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

import click
from pydantic import TypeAdapter

from use_cases.errors import HandrailError

LOCAL: Final = ZoneInfo("Europe/London")

WIDTH: Final = 110
"""Columns: long lines are folded there, whatever the terminal has."""

Command = TypeVar("Command", bound=Callable[..., Any])


def format_option(command: Command) -> Command:
    """Add `--format`, known to the command as `as_json`."""
    return click.option(
        "--format",
        "as_json",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        callback=lambda _context, _parameter, value: value == "json",
        help="Lines for people, or JSON for programs.",
    )(command)


def print_json(value: object) -> None:
    """Print a value, or what pydantic makes of it; times in UTC, ISO 8601."""
    content = TypeAdapter[object](type(value)).dump_python(value, mode="json", by_alias=True)
    click.echo(json.dumps(content, ensure_ascii=False, indent=2))


def print_error(error: HandrailError, *, as_json: bool) -> None:
    """Say what went wrong and how to mend it, on the error stream."""
    if as_json:
        content = {
            "error": type(error).__name__.removesuffix("Error"),
            "message": error.sentence,
            "hint": error.mend,
        }
        click.echo(json.dumps(content, ensure_ascii=False), err=True)
        return
    click.echo(click.style(error.sentence, fg="red"), err=True)
    if error.mend:
        click.echo(error.mend, err=True)


def heading(text: str) -> None:
    """Print the heading of a part, with a line before it."""
    click.echo()
    click.echo(click.style(text, bold=True))


def local(instant: datetime) -> str:
    """An instant as people say it: `Tue 26 Aug 2025 17:00`, in local time."""
    return instant.astimezone(LOCAL).strftime("%a %-d %b %Y %H:%M")


def short(instant: datetime) -> str:
    """An instant for a column: `26 Aug 2025 17:00`, in local time."""
    return instant.astimezone(LOCAL).strftime("%-d %b %Y %H:%M")


def clip(text: str, width: int) -> str:
    """A text that fits its column."""
    return text if len(text) <= width else f"{text[: width - 1]}…"


def wrapped(before: str, text: str, hang: int) -> None:
    """Print a text after what stands before it, its further lines indented so far."""
    click.echo(textwrap.fill(before + text, WIDTH, subsequent_indent=" " * hang, break_on_hyphens=False))


def words(name: str) -> str:
    """A name as words."""
    return name.replace("_", " ")


def table(rows: Iterable[Sequence[str]], indent: str = "  ") -> None:
    """Print rows in columns; the last one is folded where the line ends."""
    kept = [tuple(row) for row in rows]
    widths = [max(len(row[column]) for row in kept) for column in range(len(kept[0]) - 1)] if kept else []
    for row in kept:
        cells = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=True)]
        before = indent + "".join(f"{cell}  " for cell in cells)
        if row[-1]:
            wrapped(before, row[-1], len(before))
        else:
            click.echo(before.rstrip())
