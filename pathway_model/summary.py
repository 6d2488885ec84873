"""Where a case stands, in one line: shown by the records' lists and by the search attributes of the run."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pathway_model.case import Case, HandoverState, Turn
from pathway_model.language.names import MAIN
from pathway_model.pathway import Pathway


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Where a case stands.

    Attributes:
        phase: Of the main strand; none if its step is in no phase.
        steps: Of the open strands and interrupts, the main one first.
        owner_roles: Who own these steps, each once, in the same order.
        agencies: Who take part: they own something, are asked to take something over, or have a job in it.
        next_due: The earliest instant due and not yet met, past ones included; none while all is frozen.
        waiting_since: When the main strand came to its step.
        paused: Whether an open interrupt suspends everything.
    """

    phase: str | None
    steps: tuple[str, ...]
    owner_roles: tuple[str, ...]
    agencies: tuple[str, ...]
    next_due: datetime | None
    waiting_since: datetime
    paused: bool


def summarise(pathway: Pathway, case: Case) -> Summary:
    """Say where a case stands."""
    main = case.strands[MAIN]
    # At the end of a case its main strand is closed, and still says where it ended and who has the file.
    standing = [main, *(strand for name, strand in case.strands.items() if strand.open and name != MAIN)]
    dues = [turn.due for turn in case.clocks.values() if _is_due(pathway, turn)]
    return Summary(
        phase=pathway.phase_of(main.step),
        steps=_each_once(strand.step for strand in standing),
        owner_roles=_each_once(strand.owner for strand in standing),
        agencies=_agencies(pathway, case, [strand.owner for strand in standing]),
        next_due=min(dues, default=None),
        waiting_since=main.since,
        paused=any(_suspends(pathway, strand.kind) for strand in standing),
    )


def _agencies(pathway: Pathway, case: Case, owners: list[str]) -> tuple[str, ...]:
    asked = [handover.to for handover in case.handovers.values() if _takes_part(handover)]
    busy = [job.role for job in case.jobs.values()]
    roles = (*owners, *asked, *busy)
    return _each_once(pathway.agency_of[role] for role in roles if role in pathway.agency_of)


def _takes_part(handover: HandoverState) -> bool:
    """A receiver who declined, or who is not asked any more, has no business with the person."""
    return handover.status not in {"declined", "withdrawn"}


def _is_due(pathway: Pathway, turn: Turn) -> bool:
    """A minimum is reached, not due; a frozen turn is due at no known time."""
    is_minimum = pathway.clocks[turn.clock].model.at_least is not None
    return turn.state != "reached" and turn.frozen is None and not is_minimum


def _suspends(pathway: Pathway, kind: str) -> bool:
    interrupt = pathway.interrupts.get(kind)
    return interrupt is not None and interrupt.suspends is not None


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
