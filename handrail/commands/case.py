"""`handrail case`: whom we look after, and where one person is."""

import asyncio
from pathlib import Path

import click

from handrail.case_text import print_case, print_list
from handrail.connect import open_desk
from handrail.options import settings_of, viewer_options
from handrail.output import format_option, print_json
from handrail.settings import Settings
from pathway_model.language.names import CaseId
from use_cases.case_view import CaseLine, CaseView
from use_cases.list_cases import Caseload, list_cases
from use_cases.see_case import see_case


@click.command("case")
@click.argument("case", required=False)
@viewer_options
@click.option("--owner", metavar="ROLE", help="List only cases in which this role owns a step.")
@click.option("--ended", is_flag=True, help="List the cases that have ended instead.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="List so many.")
@format_option
@click.pass_context
def command(
    context: click.Context,
    case: str | None,
    data: Path | None,
    role: str | None,
    account: str | None,
    owner: str | None,
    ended: bool,
    limit: int,
    as_json: bool,
) -> int:
    r"""Show where the person of CASE is, or without CASE list whom we look after.

    For one case: where the person is in every strand and who owns it, what is due, what can be done now and by whom,
    and for everything else all the reasons why not yet, who can help, and from when. What an account may not see is
    left out; a case that is not for it does not exist. Each look is audited.

    \b
    Examples:
      handrail case                         the caseload, what is due first at the top
      handrail case --owner keyworker
      handrail case CASE
      handrail case CASE --as recovery_receiver        as that role sees it
      handrail case CASE --format json

    Exit codes: 0 shown; 2 no such case for this account; 3 something is away.

    \b
    JSON of a list: [{"case", "person", "pathway", "version", "phase", "steps", "owners", "next_due", "overdue",
    "paused", "status", "outcome"}].
    JSON of a case: {"case", "pathway", "version", "title", "whole", "seen_at", "opened", "events", "phase",
    "outcome", "blocked", "person", "strands", "due", "can_do", "not_yet", "answers", "handovers", "consents",
    "contacts", "jobs", "notices", "timeline"}; see docs/command-line.md. Times are UTC.
    """
    settings = settings_of(context, data=data)
    if case is None:
        wanted = Caseload(owner=owner, status="ended" if ended else "open", limit=limit)
        lines = asyncio.run(_list(settings, account, role, wanted))
        print_json(lines) if as_json else print_list(lines)
        return 0
    view = asyncio.run(_see(settings, account, role, CaseId(case)))
    print_json(view) if as_json else print_case(view)
    return 0


async def _list(settings: Settings, account: str | None, role: str | None, wanted: Caseload) -> tuple[CaseLine, ...]:
    async with open_desk(settings, account=account, role=role) as desk:
        return list_cases(desk, wanted)


async def _see(settings: Settings, account: str | None, role: str | None, case: CaseId) -> CaseView:
    async with open_desk(settings, account=account, role=role) as desk:
        return see_case(desk, case)
