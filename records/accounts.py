"""Accounts and the roles they have, which are what a viewer's scope follows from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.errors import NotOnRecordError
from records.scope import Scope
from records.tables.staff import AccountRow, MembershipRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who signs in."""

    id: str
    sign_in: str
    name: str
    is_open: bool = True


@dataclass(frozen=True, slots=True, order=True)
class Membership:
    """A role in an agency."""

    agency: str
    role: str


def add(session: Session, account: Account, *, now: datetime) -> None:
    """Put an account on record; adding it again changes nothing."""
    if session.get(AccountRow, account.id) is None:
        row = AccountRow(id=account.id, sign_in=account.sign_in, name=account.name, added_at=now)
        session.add(row)
        session.flush()


def close(session: Session, account: str, *, now: datetime) -> None:
    """Close an account: it can no longer sign in, and fills no role. Closing it again changes nothing."""
    row = _row(session, account)
    row.closed_at = row.closed_at or now
    session.flush()


def find(session: Session, account: str) -> Account:
    """An account by its id.

    Raises:
        NotOnRecordError: There is none.
    """
    return _account(_row(session, account))


def find_by_sign_in(session: Session, sign_in: str) -> Account:
    """An account by the name it signs in with.

    Raises:
        NotOnRecordError: There is none.
    """
    row = session.scalar(select(AccountRow).where(AccountRow.sign_in == sign_in))
    if row is None:
        raise NotOnRecordError("account", sign_in)
    return _account(row)


def all_accounts(session: Session) -> tuple[Account, ...]:
    """Every account, closed ones included, by the name it signs in with."""
    return tuple(_account(row) for row in session.scalars(select(AccountRow).order_by(AccountRow.sign_in)))


def give_role(session: Session, account: str, membership: Membership, *, now: datetime) -> None:
    """Give an account a role; giving it again changes nothing."""
    key = (account, membership.agency, membership.role)
    row = session.get(MembershipRow, key)
    if row is None:
        row = MembershipRow(account_id=account, agency=membership.agency, role=membership.role, since=now)
        session.add(row)
    elif row.ended_at is not None:
        row.since, row.ended_at = now, None
    session.flush()


def end_role(session: Session, account: str, membership: Membership, *, now: datetime) -> None:
    """Take a role from an account; taking it again changes nothing."""
    row = session.get(MembershipRow, (account, membership.agency, membership.role))
    if row is not None and row.ended_at is None:
        row.ended_at = now
        session.flush()


def memberships(session: Session, account: str) -> tuple[Membership, ...]:
    """The roles that an account has now; none once it is closed."""
    query = (
        select(MembershipRow)
        .join(AccountRow, AccountRow.id == MembershipRow.account_id)
        .where(
            MembershipRow.account_id == account,
            MembershipRow.ended_at.is_(None),
            AccountRow.closed_at.is_(None),
        )
        .order_by(MembershipRow.agency, MembershipRow.role)
    )
    return tuple(Membership(row.agency, row.role) for row in session.scalars(query))


def scope_of(session: Session, account: str) -> Scope:
    """What an account may see."""
    held = memberships(session, account)
    return Scope(
        roles=frozenset(membership.role for membership in held),
        agencies=frozenset(membership.agency for membership in held),
    )


def staffed(session: Session, roles: Iterable[str]) -> frozenset[str]:
    """Those of the roles that somebody has whose account is open."""
    query = (
        select(MembershipRow.role)
        .join(AccountRow, AccountRow.id == MembershipRow.account_id)
        .where(
            MembershipRow.role.in_(sorted(set(roles))),
            MembershipRow.ended_at.is_(None),
            AccountRow.closed_at.is_(None),
        )
        .distinct()
    )
    return frozenset(session.scalars(query))


def _row(session: Session, account: str) -> AccountRow:
    row = session.get(AccountRow, account)
    if row is None:
        raise NotOnRecordError("account", account)
    return row


def _account(row: AccountRow) -> Account:
    return Account(id=row.id, sign_in=row.sign_in, name=row.name, is_open=row.closed_at is None)
