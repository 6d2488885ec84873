"""Prints a case for people: where the person is, what is due, what can be done now, and why the rest cannot."""

from collections.abc import Iterable, Sequence

import click

from handrail.output import clip, heading, local, short, table, words, wrapped
from pathway_model.outcome import Reason
from use_cases.case_view import (
    CaseLine,
    CaseView,
    DueView,
    HandoverView,
    JobView,
    NoticeView,
    PossibleView,
    QuestionView,
)


def print_case(view: CaseView) -> None:
    """Print everything that the viewer may see."""
    _print_head(view)
    _part(
        "Where",
        (
            (words(strand.strand), strand.step_title, words(strand.owner), f"since {local(strand.since)}")
            for strand in view.strands
            if strand.open or strand.strand == "main"
        ),
    )
    _part("Due", (_due(due) for due in view.due))
    _part("To do (finish --job NUMBER)", (_job(job) for job in view.jobs))
    _part("Handovers", (_handover(handover) for handover in view.handovers))
    _part("Consent", ((c.consent, c.party_name, c.status, local(c.at) if c.at else "") for c in view.consents))
    _part("Answers", ((entry.fact, clip(entry.given[-1].said, 80)) for entry in view.answers))
    _part("Notices", (_notice(notice) for notice in view.notices))
    heading("Can be done now")
    _print_possible(view)
    _print_questions(view.can_do)
    if view.not_yet:
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
        text = reason.sentence + (f" ({'; '.join(tail)})" if tail else "")
        wrapped(f"{indent}- ", text, len(indent) + 2)


def print_list(lines: Sequence[CaseLine]) -> None:
    """Print cases, what is due first at the top; what else goes on beside the first step is on lines below."""
    if not lines:
        click.echo("No cases.")
        return
    several = len({line.pathway for line in lines}) > 1
    rows = [("case", "person", "step", "owner", "next due")]
    rows += [_list_row(line, several=several) for line in lines]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    hang = widths[0] + widths[1] + 4
    for row, line in zip(rows, [None, *lines], strict=True):
        click.echo("  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]]).rstrip())
        if line is not None and len(line.steps) > 1:
            wrapped(" " * hang + "+ ", ", ".join(map(words, line.steps[1:])), hang + 2)


def _list_row(line: CaseLine, *, several: bool) -> tuple[str, str, str, str, str]:
    step = words(line.steps[0]) if line.steps else line.status
    return (
        line.case,
        clip(line.person or "(not for you to see)", 24),
        clip(f"{line.pathway}: {step}" if several else step, 32),
        clip(words(line.owners[0]), 26) if line.owners else "",
        _next_due(line),
    )


def _print_head(view: CaseView) -> None:
    who = view.person.name if view.person else "(who it is is not for you to see)"
    details = []
    if view.person and view.person.nhs_number:
        details.append(f"NHS {view.person.nhs_number}")
    if view.person and view.person.born:
        details.append(f"born {view.person.born:%-d %b %Y}")
    click.echo(click.style(f"{who}", bold=True) + (f"  ({', '.join(details)})" if details else ""))
    wrapped("", f"{view.title}, version {view.version}", 2)
    click.echo(f"Case {view.case}, referred {local(view.opened)}")
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


def _job(job: JobView) -> tuple[str, ...]:
    return (job.job.partition("-")[0], words(job.role), f"since {short(job.since)}", job.sentence)


def _handover(handover: HandoverView) -> tuple[str, ...]:
    state = handover.status + (f": {words(handover.reason)}" if handover.reason else "")
    alternative = f"could carry on instead: {words(handover.alternative)}" if handover.alternative else ""
    return (handover.handover, state, f"to {words(handover.to)}", f"asked {short(handover.requested)}", alternative)


def _notice(notice: NoticeView) -> tuple[str, ...]:
    status = notice.status + (f": {notice.reason}" if notice.reason else "")
    return (local(notice.queued), words(notice.notice), f"to {notice.recipient_name}", status)


def _due(due: DueView) -> tuple[str, ...]:
    if due.frozen:
        state = f"held by a pause since {local(due.frozen)}"
    elif due.kind == "minimum":
        state = f"possible from {local(due.due)}" if due.due > due.started else "possible"
    else:
        state = click.style("OVERDUE", fg="red") if due.overdue else ""
        if due.beyond_limit:
            state = f"{state} after a hard limit".strip()
    return (due.title, local(due.due) if due.kind != "minimum" else "", state)


def _print_possible(view: CaseView) -> None:
    """One entry a line, folded under its title: what it is, who may do it, and what it asks."""
    if not view.can_do:
        click.echo("  nothing by you")
    width = max((len(entry.action) for entry in view.can_do), default=0)
    for entry in view.can_do:
        who = ", ".join(map(words, entry.who))
        asks = f"; asks {', '.join(question.fact for question in entry.asks)}" if entry.asks else ""
        answers = f": {' or '.join(entry.answers)}, with --handover {entry.action}" if entry.answers else ""
        wrapped(f"  {entry.action.ljust(width)}  ", f"{entry.title}{answers} ({who}){asks}", width + 4)


def _print_questions(possible: Sequence[PossibleView]) -> None:
    asked = {question.fact: question for entry in possible for question in entry.asks}
    if not asked:
        return
    heading("Questions that these ask (--answer fact=value)")
    width = max(map(len, asked))
    for question in asked.values():
        wrapped(f"  {question.fact.ljust(width)}  ", f"{question.ask} {_answers(question)}", width + 4)


def _answers(question: QuestionView) -> str:
    """How a question may be answered: the choices, titled where their names do not say it."""
    if not question.choices:
        return f"[{question.answer}{question.limits}]"
    named = [
        name if title.casefold() == words(name) else f"{name} ({title})" for name, title in question.choices.items()
    ]
    return f"[{', '.join(named)}{'; several, with commas' if question.answer == 'choices' else ''}]"


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
    return short(line.next_due) + (click.style("  OVERDUE", fg="red") if line.overdue else "")
