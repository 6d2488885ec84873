"""`handrail act`: do something to a case."""

import asyncio
from pathlib import Path
from typing import TextIO

import click

from handrail.acting import Words, act_on
from handrail.connect import open_desk
from handrail.exits import EXIT_DONE, EXIT_NO
from handrail.options import acting_options, answer_options, read_answers_given, settings_of
from handrail.outcome_text import print_outcome, repeatable
from handrail.output import format_option
from handrail.settings import Settings
from pathway_model.language.names import CaseId
from use_cases.given import read_instant
from use_cases.outcomes import Done, Outcome
from use_cases.perform import Asked, new_request


@click.command("act")
@click.argument("case")
@click.argument("action")
@acting_options
@answer_options
@click.option("--strand", metavar="STRAND", help="Which strand, where the action is open in more than one.")
@click.option("--handover", metavar="NAME", help="With receive, accept, decline, begin, complete or withdraw.")
@click.option("--reason", metavar="REASON", help="With decline: why.")
@click.option(
    "--alternative", metavar="SERVICE", help="With decline: who could carry on instead, an agency of the pathway."
)
@click.option("--consent", metavar="NAME", help="With the action `consent`: which.")
@click.option("--party", metavar="WHO", help="With a consent: an agency, or a contact by name or kind.")
@click.option(
    "--status",
    type=click.Choice(["asked", "given", "refused", "withdrawn"]),
    help="With a consent: what the person said.",
)
@click.option("--contact", metavar="KIND=NAME", help='With the action `contact`: "gp=Ann Lee <a@example.org>".')
@click.option("--job", metavar="NUMBER", help="With the action `finish`: which job, by its number.")
@click.option("--which", type=int, default=-1, metavar="N", help="With `correct`: which answer; the latest is -1.")
@format_option
@click.pass_context
def command(
    context: click.Context,
    /,
    case: str,
    action: str,
    as_json: bool,
    data: Path | None,
    role: str | None,
    account: str | None,
    happened: str | None,
    request: str | None,
    answers: tuple[str, ...],
    answers_file: TextIO | None,
    which: int,
    **words: str | None,
) -> int:
    r"""Do something to CASE: an ACTION of its pathway, or one of the acts that are possible in every pathway.

    `handrail case CASE` lists what can be done now, by whom, what it asks, and why the rest is not possible yet.

    \b
    An action, with its answers (choices by name, several with commas, yes or no, dates as 2 Mar 2026):
      handrail act CASE acknowledge --as duty_coordinator
      handrail act CASE complete_referral --as duty_coordinator --answer "reason=…" --answer substances=alcohol
    \b
    What is accepted in every step (an interrupt), by its name:
      handrail act CASE risk --as keyworker --answer "worry=…"
      handrail act CASE pause --as keyworker --answer pause_reason=custody --answer "pause_contact=…" \
          --answer expected_end=2026-04-30
    \b
    A handover, as its receiver (or, withdrawing it, as its sender):
      handrail act CASE accept --handover recovery_handover --as recovery_receiver
      handrail act CASE decline --handover recovery_handover --as recovery_receiver --reason no_room_now \
          --alternative local_mental_health
    \b
    Consent, contacts, corrections, jobs:
      handrail act CASE consent --consent share_with_gp --status given --as keyworker
      handrail act CASE contact --contact "family_member=Sam Ash <sam@example.org>" --as keyworker
      handrail act CASE correct --answer wellbeing=9 --as keyworker
      handrail act CASE finish --job 11 --as team_manager

    \b
    Words about a person, kept out of the list of processes:
      handrail act CASE risk --as keyworker --answers - < worry.json

    What happened earlier is entered with --happened: deadlines are judged by when it happened. If the reply is lost,
    send the same request again with the same --request-id: it acts once.

    \b
    Exit codes: 0 done; 1 refused, with every reason; 2 not understood, or no such case for this account;
    3 something is away: send the same request again.
    JSON: {"done": true, "case": "…", "request": "…", "sequence": 7, "never": null}, or
    {"done": false, "case": "…", "request": "…", "reasons": [{"code", "name", "sentence", "evidence", "who",
    "earliest"}]}.
    """
    settings = settings_of(context, data=data)
    asked = Asked(
        case=CaseId(case),
        by=role,
        happened=read_instant(happened) if happened else None,
        request=request or new_request(),
    )
    meant = Words(action=action, answers=read_answers_given(answers, answers_file), which=which, **words)
    with repeatable(asked.request):
        outcome = asyncio.run(_act(settings, account, asked, meant))
    print_outcome(outcome, as_json=as_json)
    return EXIT_DONE if isinstance(outcome, Done) else EXIT_NO


async def _act(settings: Settings, account: str | None, asked: Asked, words: Words) -> Outcome:
    async with open_desk(settings, account=account, role=asked.by) as desk:
        return await act_on(desk, asked, words)
