"""`handrail refer`: refer somebody to a pathway; their case begins."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

import click

from handrail.acting import read_contact
from handrail.connect import open_desk
from handrail.exits import EXIT_DONE, EXIT_NO
from handrail.options import acting_options, answer_options, read_answers_given, read_object, settings_of
from handrail.outcome_text import print_outcome, repeatable
from handrail.output import format_option
from handrail.settings import Settings
from pathway_model.language.definition import Channel
from use_cases.given import read_date, read_instant
from use_cases.outcomes import Done, Outcome
from use_cases.perform import new_request
from use_cases.refer import Referral, Way, refer


@click.command("refer")
@click.argument("pathway")
@acting_options
@click.option(
    "--person",
    type=click.File("r", encoding="utf-8"),
    metavar="FILE",
    help='Who it is, as a JSON object with the names of the options below: "-" for standard input. What stands on the '
    "command line itself can be read in the list of processes.",
)
@click.option("--name", metavar="NAME", help="The person's name. It is kept in the records only.")
@click.option("--nhs-number", metavar="NUMBER", help="Checked; a person who is known already is recognised by it.")
@click.option("--born", metavar="DATE", help="Date of birth: 1988-05-04 or 4 May 1988.")
@click.option("--email", metavar="ADDRESS", help="A safe address of the person's, for notices.")
@click.option("--phone", metavar="NUMBER", help="A safe number of the person's, for text messages.")
@click.option("--address", metavar="TEXT", help="A safe postal address of the person's, for letters.")
@click.option(
    "--contact",
    "contacts",
    multiple=True,
    metavar="KIND=NAME",
    help='Somebody outside, as often as needed: "gp=Ann Lee <ann@example.org>".',
)
@click.option("--by", metavar="WHO", help="Who refers: a kind of contact, or a role.  [default: the role you act in]")
@answer_options
@format_option
@click.pass_context
def command(
    context: click.Context,
    /,
    pathway: str,
    as_json: bool,
    data: Path | None,
    role: str | None,
    account: str | None,
    happened: str | None,
    request: str | None,
    person: TextIO | None,
    contacts: tuple[str, ...],
    by: str | None,
    answers: tuple[str, ...],
    answers_file: TextIO | None,
    **identity: str | None,
) -> int:
    r"""Refer somebody to PATHWAY: the newest published version. Their case begins, and its number is printed.

    \b
    Examples:
      handrail refer icon --name "Robin Ash" --nhs-number 9991234578 --born 1988-05-04 --as duty_coordinator
      handrail refer icon --name "Robin Ash" --email robin@example.org --by referrer \
          --contact "referrer=Dr Lee <lee@example.org>" --contact "gp=Dr Lee" --as duty_coordinator

      handrail refer icon --person - --as duty_coordinator < person.json

    If the reply is lost, send the same request again with the same --request-id: there is one person and one case.

    \b
    Exit codes: 0 referred; 1 refused, with every reason; 2 not understood (a wrong NHS number, say); 3 something is
    away, or the person has an open case on this pathway already.
    JSON: {"done": true, "case": "…", "request": "…", "sequence": 1, "never": null}, or as `handrail act` when refused.
    """
    settings = settings_of(context, data=data)
    given = _identity(identity, person)
    born = given.get("born")
    referral = Referral(
        pathway=pathway,
        name=given["name"],
        nhs_number=given.get("nhs_number"),
        born=read_date(born) if born else None,
        ways=tuple(_ways(given)),
        contacts=tuple(read_contact(text) for text in contacts),
        answers=read_answers_given(answers, answers_file),
        by=by or role,
        happened=read_instant(happened) if happened else None,
        request=request or new_request(),
    )
    with repeatable(referral.request):
        outcome = asyncio.run(_refer(settings, account, role, referral))
    print_outcome(outcome, as_json=as_json)
    return EXIT_DONE if isinstance(outcome, Done) else EXIT_NO


def _identity(options: Mapping[str, str | None], file: TextIO | None) -> dict[str, str]:
    """Who it is: from the file, and from the options where they stand."""
    given = {} if file is None else read_object(file, "--person")
    for name in given.keys() - options.keys():
        raise click.BadParameter(f"`{name}` is not one of {', '.join(options)}.", param_hint="--person")
    given |= {name: value for name, value in options.items() if value is not None}
    if not given.get("name"):
        raise click.UsageError("A person needs a name: --name, or `name` in the file of --person.")
    return given


def _ways(given: Mapping[str, str]) -> list[Way]:
    """Ways to reach the person, mail first."""
    written: tuple[tuple[str, Channel], ...] = (("email", "email"), ("phone", "text message"), ("address", "letter"))
    return [Way(channel=channel, address=address) for option, channel in written if (address := given.get(option))]


async def _refer(settings: Settings, account: str | None, role: str | None, referral: Referral) -> Outcome:
    async with open_desk(settings, account=account, role=role) as desk:
        return await refer(desk, referral)
