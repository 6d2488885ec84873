"""Prints what came of an act, and how to send it again when nothing is known to have come of it."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from handrail.case_text import print_reasons
from handrail.output import print_json
from pathway_model.outcome import REASON
from use_cases.errors import AwayError
from use_cases.outcomes import Done, Outcome


def print_outcome(outcome: Outcome, *, as_json: bool) -> None:
    """Print what came of it: to the point for people, every field for programs."""
    match outcome:
        case Done(case=case, request=request, sequence=sequence, never=never):
            if as_json:
                print_json({"done": True, "case": case, "request": request, "sequence": sequence, "never": never})
                return
            click.echo(f"{'Not declined' if never else 'Done'}: event {sequence} of case {case}.")
            if never:
                click.echo(click.style(never, fg="yellow"))
            click.echo(f"`handrail case {case}` shows where it is now.")
        case _:
            if as_json:
                reasons = [REASON.dump_python(reason, mode="json") for reason in outcome.reasons]
                said = {"done": False, "case": outcome.case, "request": outcome.request, "reasons": reasons}
                print_json(said)
                return
            click.echo(click.style("Not possible now; nothing has changed:", fg="yellow"))
            print_reasons(outcome.reasons)


@contextmanager
def repeatable(request: str | None) -> Iterator[None]:
    """Around an act: where nobody knows whether it happened, say how to send it again so that it acts once."""
    try:
        yield
    except AwayError as error:
        if request:
            error.mend = (
                f"{error.mend}\nWith --request-id {request} it acts once, whether or not it has acted already.".strip()
            )
        raise
