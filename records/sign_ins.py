"""Passwords, attempts to sign in, and sessions. Hashing and limits are the use cases' business."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from records.tables.sign_ins import PasswordRow, SessionRow, SignInAttemptRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Password:
    """The password of an account, hashed; a one-time one is to be changed at the first sign-in."""

    hashed: str
    one_time: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInSession:
    """A session as it is kept."""

    account: str
    begun_at: datetime
    seen_at: datetime


def set_password(session: Session, account: str, password: Password, *, now: datetime) -> None:
    """Give an account this password in place of any other."""
    session.merge(PasswordRow(account_id=account, hashed=password.hashed, one_time=password.one_time, set_at=now))
    session.flush()


def password_of(session: Session, account: str) -> Password | None:
    """The password of an account; None when it has none and cannot sign in with one."""
    row = session.get(PasswordRow, account)
    return None if row is None else Password(hashed=row.hashed, one_time=row.one_time)


def count_attempt(session: Session, name_digest: str, *, now: datetime, forget_before: datetime) -> int:
    """Add one attempt under a name, and answer how many there are with it.

    Attempts are forgotten when the first of them lies before `forget_before`: the table stays small, whatever
    names are tried.
    """
    session.execute(delete(SignInAttemptRow).where(SignInAttemptRow.first_at < forget_before))
    # One statement: of two first attempts at once, neither fails.
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(SignInAttemptRow)
        .values(name_digest=name_digest, attempts=1, first_at=now)
        .on_conflict_do_update(index_elements=["name_digest"], set_={"attempts": SignInAttemptRow.attempts + 1})
        .returning(SignInAttemptRow.attempts)
    )
    return session.scalars(statement).one()


def forget_attempts(session: Session, name_digest: str) -> None:
    """Forget the attempts under a name: whoever has it has signed in."""
    session.execute(delete(SignInAttemptRow).where(SignInAttemptRow.name_digest == name_digest))


def begin_session(session: Session, token_digest: str, account: str, *, now: datetime) -> None:
    """Put a session on record."""
    session.add(SessionRow(token_digest=token_digest, account_id=account, begun_at=now, seen_at=now))
    session.flush()


def find_session(session: Session, token_digest: str) -> SignedInSession | None:
    """A session by the digest of its token; None when it was ended or never begun."""
    row = session.get(SessionRow, token_digest)
    if row is None:
        return None
    return SignedInSession(account=row.account_id, begun_at=row.begun_at, seen_at=row.seen_at)


def see_session(session: Session, token_digest: str, *, now: datetime) -> None:
    """Note that a session was used; one that has ended stays ended."""
    row = session.get(SessionRow, token_digest)
    if row is not None:
        row.seen_at = max(row.seen_at, now)
        session.flush()


def end_session(session: Session, token_digest: str) -> None:
    """End a session; ending it again changes nothing."""
    session.execute(delete(SessionRow).where(SessionRow.token_digest == token_digest))


def end_sessions_of(session: Session, account: str) -> None:
    """End every session of an account."""
    session.execute(delete(SessionRow).where(SessionRow.account_id == account))


def end_unused_sessions(session: Session, *, seen_before: datetime) -> None:
    """End the sessions that nobody has used since."""
    session.execute(delete(SessionRow).where(SessionRow.seen_at < seen_before))
