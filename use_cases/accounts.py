"""Accounts: who looks or acts, and the made-up ones of a machine of one's own."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import Engine

from pathway_model.language.definition import Definition
from records import accounts, definitions
from records.accounts import Account
from records.engine import reading, writing
from records.errors import NotOnRecordError
from use_cases.access import Membership, Viewer
from use_cases.errors import NotAllowedError, NotFoundError
from use_cases.given import did_you_mean
from use_cases.plain_words import in_plain_words

EVERYBODY: Final = "everybody"
"""Sign-in of the account that has every role of every pathway: on a machine of one's own, one may look at all."""


def viewer_of(records: Engine, sign_in: str) -> Viewer:
    """Whoever signs in with this name.

    Raises:
        NotAllowedError: There is no such account, or it is closed.
    """
    try:
        with reading(records) as session:
            account = accounts.find_by_sign_in(session, sign_in)
            held = accounts.memberships(session, account.id)
    except NotOnRecordError:
        raise NotAllowedError(f"There is no account `{sign_in}`.", "Check the name, or ask for an account.") from None
    if not account.is_open:
        raise NotAllowedError(f"The account `{sign_in}` is closed.", "Ask for it to be opened again.")
    memberships = tuple(Membership(agency=each.agency, role=each.role) for each in held)
    return Viewer(account=account.id, name=account.name, memberships=memberships)


def check_role(records: Engine, role: str) -> None:
    """Make sure that a published pathway knows a role.

    Raises:
        NotFoundError: None does; the message has the roles.
    """
    with in_plain_words(), reading(records) as session:
        kept = [definitions.pathway(session, each.digest) for each in definitions.published(session)]
    roles = dict.fromkeys(known for pathway in kept for known in pathway.agency_of)
    if role not in roles:
        raise NotFoundError(f"There is no role `{role}`{did_you_mean(role, roles)}", f"Roles: {', '.join(roles)}.")


def open_demonstration_accounts(records: Engine, definitions: Iterable[Definition], now: datetime) -> None:
    """Have one account for each role, signed in by the role's name, and one with every role; once or again.

    Only for a machine of one's own: nothing protects these accounts.
    """
    with in_plain_words(), writing(records) as session:
        everybody = Account(id="demonstration-everybody", sign_in=EVERYBODY, name="Everybody")
        accounts.add(session, everybody, now=now)
        for definition in definitions:
            for agency, described in definition.agencies.items():
                for role in described.roles:
                    title = role.replace("_", " ").capitalize()
                    account = Account(id=f"demonstration-{role}", sign_in=role, name=title)
                    accounts.add(session, account, now=now)
                    for holder in (account, everybody):
                        membership = accounts.Membership(agency, role)
                        accounts.give_role(session, holder.id, membership, now=now)
