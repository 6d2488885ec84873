"""`handrail migrate-database`: bring the records' database to the schema of this program."""

from pathlib import Path

import click

from handrail.connect import database_url
from handrail.embedded.directory import DataDirectory
from handrail.options import data_option, settings_of
from handrail.output import format_option, print_json
from use_cases.database import migrate_database, opened


@click.command("migrate-database")
@data_option
@format_option
@click.pass_context
def command(context: click.Context, data: Path | None, as_json: bool) -> int:
    r"""Bring the database to the schema of this program; doing it again changes nothing.

    `handrail up` does this by itself. For a database of your own, run it before the workers of a new version start.

    \b
    Examples:
      HANDRAIL_DATABASE_URL=postgresql+psycopg://handrail@db/handrail handrail migrate-database
      handrail migrate-database --data demo

    Exit codes: 0 done; 2 a setting is not understood; 3 the database is away, locked, or newer than this program.

    \b
    JSON: {"migrated": true}
    """
    settings = settings_of(context, data=data)
    if settings.database_url is None:
        DataDirectory(settings.data).prepare()
    with opened(database_url(settings)) as records:
        migrate_database(records)
    print_json({"migrated": True}) if as_json else click.echo("The database has the schema of this program.")
    return 0
