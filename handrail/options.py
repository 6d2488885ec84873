"""Options that several commands share, and the settings that follow from them."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TextIO, TypeVar

import click

from handrail.settings import Settings, load_settings

Command = TypeVar("Command", bound=Callable[..., Any])

_DATA: Final = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The data directory.  [default: data, or HANDRAIL_DATA]",
)
_AS: Final = click.option(
    "--as",
    "role",
    metavar="ROLE",
    help="The role in which you look or act. On `handrail up` it also picks that role's demonstration account.",
)
_ACCOUNT: Final = click.option("--account", metavar="SIGN-IN", help="Whose account.  [default: HANDRAIL_ACCOUNT]")
_HAPPENED: Final = click.option(
    "--happened",
    metavar="WHEN",
    help='When it happened, if not now, in local time: "2026-03-02 14:30" or "2 Mar 2026 14:30".',
)
_REQUEST: Final = click.option(
    "--request-id",
    "request",
    metavar="ID",
    help="Your own id of this request: sending it again acts once. Left out: a new one, which is shown.",
)


def data_option(command: Command) -> Command:
    """Add `--data`."""
    return _DATA(command)


def viewer_options(command: Command) -> Command:
    """Add `--data`, `--as` and `--account`."""
    return _DATA(_AS(_ACCOUNT(command)))


def acting_options(command: Command) -> Command:
    """Add what every act has: whose, when, and under which request id."""
    return viewer_options(_HAPPENED(_REQUEST(command)))


def settings_of(context: click.Context, **options: object) -> Settings:
    """The settings of this call: options over environment over file.

    Raises:
        InputError: They cannot be understood.
    """
    return load_settings(os.environ, context.obj, **options)


def answer_options(command: Command) -> Command:
    """Add `--answer`, and `--answers` for words that must not stand in the list of processes."""
    given = click.option("--answer", "answers", multiple=True, metavar="FACT=VALUE", help="An answer; often as needed.")
    kept = click.option(
        "--answers",
        "answers_file",
        type=click.File("r", encoding="utf-8"),
        metavar="FILE",
        help='Answers as a JSON object, "-" for standard input: words about a person then stay out of the list of '
        "processes and the shell's history.",
    )
    return given(kept(command))


def read_answers_given(texts: tuple[str, ...], file: TextIO | None) -> dict[str, str]:
    """Answers from `--answer` and `--answers` together.

    Raises:
        click.BadParameter: One is no such pair or comes twice, or the file is no JSON object of texts.
    """
    kept = {} if file is None else read_object(file, "--answers")
    pairs = read_pairs(texts, "--answer", "FACT=VALUE")
    for twice in kept.keys() & pairs.keys():
        raise click.BadParameter(f"`{twice}` is given twice.", param_hint="--answers")
    return kept | pairs


def read_object(file: TextIO, option: str) -> dict[str, str]:
    """A JSON object whose values are texts; numbers and yes or no are taken as their text.

    Raises:
        click.BadParameter: It is none.
    """
    try:
        found = json.load(file)
    except ValueError as error:
        raise click.BadParameter(f"{file.name} is not JSON: {error}.", param_hint=option) from None
    if not isinstance(found, dict) or not all(isinstance(value, str | int | float) for value in found.values()):
        raise click.BadParameter(f'{file.name} must be an object such as {{"worry": "…"}}.', param_hint=option)
    return {name: _as_text(value) for name, value in found.items()}


def _as_text(value: str | float) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def read_pairs(texts: tuple[str, ...], option: str, shape: str) -> dict[str, str]:
    """Read `name=value` pairs.

    Raises:
        click.BadParameter: One is no such pair, or a name comes twice.
    """
    pairs: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise click.BadParameter(f"`{text}` is not {shape}.", param_hint=option)
        if name.strip() in pairs:
            raise click.BadParameter(f"`{name.strip()}` is given twice.", param_hint=option)
        pairs[name.strip()] = value
    return pairs
