"""What a referral can say: the pathways that the viewer works in, and whom each knows besides the person."""

from dataclasses import dataclass

from records import definitions
from records.engine import reading
from use_cases.desk import Desk
from use_cases.plain_words import in_plain_words


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralView:
    """A pathway that somebody can be referred to.

    Attributes:
        roles: Those in which the viewer can refer.
        contacts: Kinds of contact, each of which may be the one who refers.
    """

    pathway: str
    title: str
    roles: tuple[str, ...]
    contacts: tuple[str, ...]


def referrals(desk: Desk) -> tuple[ReferralView, ...]:
    """The newest version of each pathway in which the viewer has a role.

    Raises:
        NotRecordedError: The records cannot be reached.
    """
    with in_plain_words(), reading(desk.records) as session:
        newest = {each.name: definitions.find(session, each.name) for each in definitions.published(session)}
        pathways = [definitions.pathway(session, each.digest) for each in newest.values()]
    return tuple(
        ReferralView(
            pathway=pathway.definition.pathway,
            title=pathway.definition.title,
            roles=desk.viewer.roles(pathway),
            contacts=tuple(pathway.definition.contacts),
        )
        for pathway in pathways
        if desk.viewer.roles(pathway)
    )
