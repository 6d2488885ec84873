"""Who may see which case, and how much of it: the access rules, in one place.

An account holds roles in agencies. In a case it counts with those roles that the case's own definition gives
to the same agency. Its agency sees the whole case when it holds it, owns an open strand or has a job there.
An agency that a handover is addressed to, and that holds nothing yet, sees what the consents in force cover;
without consent, only that there is a handover to answer: the job of answering it opens nothing more.
To everybody else the case does not exist.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pathway_model.case import Case
from pathway_model.language.names import MAIN
from pathway_model.pathway import Pathway
from pathway_model.summary import summarise
from use_cases.errors import NotAllowedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """One role that an account holds, in the agency that it holds it for."""

    agency: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Whoever looks or acts: an account and what it holds."""

    account: str
    name: str
    memberships: tuple[Membership, ...]

    def roles(self, pathway: Pathway) -> tuple[str, ...]:
        """The roles that count in a pathway: those that it gives to the same agency."""
        return tuple(held.role for held in self.memberships if pathway.agency_of.get(held.role) == held.agency)

    def agencies(self, pathway: Pathway) -> tuple[str, ...]:
        """The agencies of those roles."""
        return tuple(dict.fromkeys(pathway.agency_of[role] for role in self.roles(pathway)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """How much of a case somebody sees.

    Attributes:
        whole: Everything.
        categories: Otherwise: answers of these categories; none means a handover without content.
    """

    whole: bool
    categories: tuple[str, ...] = ()

    @property
    def identity(self) -> bool:
        """Whether it includes who the person is."""
        return self.whole or bool(self.categories)

    def shows(self, category: str) -> bool:
        """Whether it includes answers of a category."""
        return self.whole or category in self.categories


def sight(viewer: Viewer, pathway: Pathway, case: Case) -> Sight | None:
    """How much of the case the viewer sees; None when the case does not exist for them."""
    agencies = viewer.agencies(pathway)
    holders = [state.owner for strand, state in case.strands.items() if state.open or strand == MAIN]
    asked = {pathway.agency_of.get(handover.to) for handover in case.handovers.values()}
    busy = [job.role for job in case.jobs.values() if pathway.agency_of.get(job.role) not in asked]
    if any(pathway.agency_of.get(role) in agencies for role in (*holders, *busy)):
        return Sight(whole=True)
    # The same agencies as the records' lists show the case to.
    if not set(agencies) & set(summarise(pathway, case).agencies):
        return None
    return Sight(whole=False, categories=tuple(dict.fromkeys(_covered(pathway, case, agencies))))


def check_holds(viewer: Viewer, pathway: Pathway, seen: Sight) -> None:
    """Make sure that the viewer's agency holds the case: what the person said, and what was answered, is its to enter.

    Otherwise an agency that is asked to take something over could let itself see the rest.

    Raises:
        NotAllowedError: It sees only what consent covers.
    """
    if not seen.whole:
        raise NotAllowedError(
            f"{viewer.name} may not enter this: in {pathway.definition.title} it is for those who hold the case.",
            "Ask the owner of the case to enter it.",
        )


def acting_role(viewer: Viewer, pathway: Pathway, role: str | None) -> str:
    """The role in which the viewer acts: the one named, or the only one they hold.

    Raises:
        NotAllowedError: They do not hold it, or must say which.
    """
    held = viewer.roles(pathway)
    if role is None and len(held) == 1:
        return held[0]
    title = pathway.definition.title
    if not held:
        raise NotAllowedError(f"{viewer.name} has no role in {title}.", "Ask for one, or act as somebody who has one.")
    if role is None:
        raise NotAllowedError(
            f"{viewer.name} has more than one role in {title}.", f"Say in which you act (--as): {', '.join(held)}."
        )
    if role not in held:
        raise NotAllowedError(
            f"{viewer.name} does not hold the role {role.replace('_', ' ')} in {title}.",
            f"They hold: {', '.join(held)}.",
        )
    return role


def _covered(pathway: Pathway, case: Case, agencies: Iterable[str]) -> Iterable[str]:
    for name, parties in case.consents.items():
        for agency in agencies:
            if agency in parties and parties[agency].status == "given":
                yield from pathway.definition.consents[name].covers
