"""`handrail password`: give somebody a one-time password."""

from pathlib import Path

import click

from handrail.connect import now, open_records
from handrail.options import data_option, settings_of
from handrail.output import format_option, print_json
from use_cases.change_password import give_one_time_password


@click.command("password")
@click.argument("sign_in", metavar="SIGN-IN")
@data_option
@format_option
@click.pass_context
def command(context: click.Context, sign_in: str, data: Path | None, as_json: bool) -> int:
    r"""Give an account a new one-time password, in place of any other; it is shown once, here.

    Whoever signs in with it chooses a password of their own before anything else. The account is signed out everywhere.

    \b
    Examples:
      handrail password keyworker
      handrail password keyworker --data demo

    Exit codes: 0 done; 2 there is no such account; 3 the database is away, locked, or does not fit.

    \b
    JSON: {"sign_in": "keyworker", "one_time_password": "…"}
    """
    settings = settings_of(context, data=data)
    with open_records(settings) as records:
        password = give_one_time_password(records, sign_in, now())
    if as_json:
        print_json({"sign_in": sign_in, "one_time_password": password})
    else:
        click.echo(f"One-time password of {sign_in}: {password}")
    return 0
