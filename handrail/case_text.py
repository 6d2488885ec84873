"""Prints a case for people: where the person is, what is due, what can be done now, and why the rest cannot."""

from collections.abc import Iterable, Sequence

import click

from handrail.output import heading, local, table, words
from pathway_model.outcome import Reason
from use_cases.case_view import CaseLine, CaseView, DueView, PossibleView


def print_case(view: CaseView, *, every_reason: bool = True) -> None:
    """Print everything that the viewer may see."""
    _print_head(view)
    _part(
        "Where",
        (
            (words(s.strand), _where(view, s.step), words(s.owner), f"since {local(s.since)}")
            for s in view.strands
            if s.open or s.strand == "main"
        ),
    )
    _part("Due", (_due(due) for due in view.due))
    _part("To do", ((words(job.role), job.sentence, f"since {local(job.since)}", job.job) for job in view.jobs))
    _part(
        "Handovers",
        (
            (
                handover.handover,
                handover.status,
                f"to {words(handover.to)}",
                f"asked {local(handover.requested)}",
                words(handover.reason or ""),
            )
            for handover in view.handovers
        ),
    )
    _part("Consent", ((c.consent, c.party_name, c.status, local(c.at) if c.at else "") for c in view.consents))
    _part("Answers", ((entry.fact, _shown(entry.given[-1].value)) for entry in view.answers))
    _part(
        "Notices",
        (
            (
                local(notice.queued),
                notice.notice,
                f"to {notice.recipient_name}",
                notice.status,
                notice.reason or "",
            )
            for notice in view.notices
        ),
    )
    heading("Can be done now")
    table((possible.action, ", ".join(map(words, possible.who)), possible.title) for possible in view.can_do)
    _print_questions(view.can_do)
    if every_reason and view.not_yet:
        _print_not_yet(view.not_yet)
    _part(
        "What happened",
        ((f"{event.sequence:>4}", local(event.happened), words(event.by), event.what) for event in view.timeline),
    )


def print_reasons(reasons: Sequence[Reason], indent: str = "  ") -> None:
    """Print each reason with what was seen, who can mend it, and from when."""
    for reason in reasons:
        tail = []
        if reason.evidence:
            tail.append(reason.evidence)
        if reason.who:
            tail.append(f"who can help: {', '.join(map(words, reason.who))}")
        if reason.earliest:
            tail.append(f"from {local(reason.earliest)}")
        click.echo(f"{indent}- {reason.sentence}" + (f" ({'; '.join(tail)})" if tail else ""))


def print_list(lines: Sequence[CaseLine]) -> None:
    """Print cases, one a line, whatever is due first at the top."""
    rows = [("case", "person", "pathway", "step", "owner", "next due")]
    rows += [
        (
            line.case,
            line.person or "-",
            f"{line.pathway} {line.version}",
            ", ".join(map(words, line.steps)) or line.status,
            ", ".join(map(words, line.owners)),
            _next_due(line),
        )
        for line in lines
    ]
    table(rows, indent="")


def _print_head(view: CaseView) -> None:
    who = view.person.name if view.person else "(who it is is not for you to see)"
    details = []
    if view.person and view.person.nhs_number:
        details.append(f"NHS {view.person.nhs_number}")
    if view.person and view.person.born:
        details.append(f"born {view.person.born:%-d %b %Y}")
    click.echo(click.style(f"{who}", bold=True) + (f"  ({', '.join(details)})" if details else ""))
    click.echo(f"{view.title}, version {view.version}; case {view.case}; referred {local(view.opened)}")
    if view.outcome:
        click.echo(click.style(f"Ended: {view.outcome}", bold=True))
    if view.blocked:
        click.echo(click.style(f"Blocked: {view.blocked}", fg="red"))
    if not view.whole:
        click.echo("You see what the person's consent covers, and what your service is asked.")


def _part(title: str, rows: Iterable[Sequence[str]]) -> None:
    kept = list(rows)
    if kept:
        heading(title)
        table(kept)


def _where(view: CaseView, step: str) -> str:
    title = next((strand.step_title for strand in view.strands if strand.step == step), words(step))
    return title or words(step)


def _due(due: DueView) -> tuple[str, ...]:
    if due.frozen:
        state = f"held by a pause since {local(due.frozen)}"
    elif due.kind == "minimum":
        state = f"possible from {local(due.due)}" if due.due > due.started else "possible"
    else:
        state = click.style("OVERDUE", fg="red") if due.overdue else ""
    return (due.title, local(due.due) if due.kind != "minimum" else "", state)


def _print_questions(possible: Sequence[PossibleView]) -> None:
    asked = {question.fact: question for entry in possible for question in entry.asks}
    if not asked:
        return
    heading("Questions that these ask (--answer fact=value)")
    table((question.fact, question.ask, ", ".join(question.choices) or question.answer) for question in asked.values())


def _print_not_yet(possible: Sequence[PossibleView]) -> None:
    heading("Not yet, and why")
    for entry in possible:
        click.echo(f"  {entry.action}: {entry.title}")
        print_reasons(entry.reasons, indent="    ")


def _next_due(line: CaseLine) -> str:
    if line.outcome:
        return f"ended: {line.outcome}"
    if line.paused:
        return "paused"
    if line.next_due is None:
        return ""
    return local(line.next_due) + (click.style("  OVERDUE", fg="red") if line.overdue else "")


def _shown(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple() | list():
            return ", ".join(map(str, value))
        case _:
            return str(value)
