"""Sign in and out, with local accounts.

A session is a random token. The browser has the token, the records its digest. It ends at sign-out, after half an
hour without use, and after half a day in any case. Under one name there are five attempts in a quarter of an hour;
names that do not exist are treated in the same way, so that nothing tells them apart.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from records import accounts, audit, sign_ins
from records.accounts import Account
from records.audit import About
from records.engine import reading, writing
from records.errors import NotOnRecordError
from use_cases.access import Membership, Viewer
from use_cases.errors import NotAllowedError
from use_cases.passwords import fits
from use_cases.plain_words import in_plain_words

IDLE: Final = timedelta(minutes=30)
"""A session ends when it was not used for so long."""

LASTS: Final = timedelta(hours=12)
"""A session ends so long after signing in, used or not."""

ATTEMPTS: Final = 5
COUNTED_FOR: Final = timedelta(minutes=15)
"""From the first attempt under a name; so whoever guesses on purpose cannot keep somebody out for longer."""

_NOTED_EVERY: Final = timedelta(minutes=1)
"""Not each use of a session is written down."""

_NAME_LONGEST: Final = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Somebody who is signed in.

    Attributes:
        must_change: They have a one-time password, and may do nothing before they have chosen their own.
    """

    viewer: Viewer
    sign_in: str
    must_change: bool


class SignInRefusedError(NotAllowedError):
    """Name and password do not belong together, or were tried too often."""


class TooManyAttemptsError(SignInRefusedError):
    """The name was tried too often; the right password would be refused as well."""


def sign_in(records: Engine, name: str, password: str, now: datetime) -> str:
    """Begin a session and answer its token, which is kept nowhere else.

    Raises:
        SignInRefusedError: Name and password do not belong together, or the name was tried too often.
        AwayError: The records cannot be reached.
    """
    account = recognise(records, name, password, now)
    with in_plain_words(), writing(records) as session:
        sign_ins.end_unused_sessions(session, seen_before=now - IDLE)
        audit.note_change(session, "sign_in", account=account.id, now=now, about=About())
        return begin_session(session, account.id, now)


def recognise(records: Engine, name: str, password: str, now: datetime) -> Account:
    """The open account that this name and password belong to.

    Raises:
        SignInRefusedError: There is none, or the name was tried too often.
        AwayError: The records cannot be reached.
    """
    name = name.strip()
    digest = attempts_under(name)
    with in_plain_words(), writing(records) as session:
        # Counted before it is checked: many attempts at once do not slip through.
        attempts = sign_ins.count_attempt(session, digest, now=now, forget_before=now - COUNTED_FOR)
    if attempts > ATTEMPTS:
        raise TooManyAttemptsError(
            "There were too many attempts under this name.",
            f"Try again in {COUNTED_FOR.seconds // 60} minutes, or ask for a new one-time password.",
        )
    with in_plain_words(), reading(records) as session:
        account = find_open_account(session, name)
        kept = None if account is None else sign_ins.password_of(session, account.id)
    # No transaction is held meanwhile: hashing is slow on purpose.
    right = fits(password, None if kept is None else kept.hashed)
    with in_plain_words(), writing(records) as session:
        if account is not None and right:
            sign_ins.forget_attempts(session, digest)
            return account
        known = None if account is None else account.id
        audit.note_change(session, "sign_in_refused", account=known, now=now, about=About())
    raise SignInRefusedError("The name and the password do not belong together.", "Check both, and type them again.")


def who_is_signed_in(records: Engine, token: str | None, now: datetime, *, uses: bool = True) -> SignedIn | None:
    """Whose session this is; None when it has ended, or the account is closed.

    Args:
        records: Where sessions are kept.
        token: What the browser has.
        now: UTC.
        uses: Whether the person does something; a page that refreshes itself keeps nobody signed in.

    Raises:
        AwayError: The records cannot be reached.
    """
    if not token:
        return None
    digest = _digest(token)
    with in_plain_words(), reading(records) as session:
        kept = sign_ins.find_session(session, digest)
        if kept is None or now >= kept.seen_at + IDLE or now >= kept.begun_at + LASTS:
            return None
        account = accounts.find(session, kept.account)
        if not account.is_open:
            return None
        held = accounts.memberships(session, account.id)
        password = sign_ins.password_of(session, account.id)
    if uses and now >= kept.seen_at + _NOTED_EVERY:
        with in_plain_words(), writing(records) as session:
            sign_ins.see_session(session, digest, now=now)
    memberships = tuple(Membership(agency=each.agency, role=each.role) for each in held)
    return SignedIn(
        viewer=Viewer(account=account.id, name=account.name, memberships=memberships),
        sign_in=account.sign_in,
        must_change=password is not None and password.one_time,
    )


def sign_out(records: Engine, token: str, now: datetime) -> None:
    """End a session; ending it again changes nothing.

    Raises:
        AwayError: The records cannot be reached.
    """
    digest = _digest(token)
    with in_plain_words(), writing(records) as session:
        kept = sign_ins.find_session(session, digest)
        if kept is not None:
            sign_ins.end_session(session, digest)
            audit.note_change(session, "sign_out", account=kept.account, now=now, about=About())


def find_open_account(session: Session, name: str) -> Account | None:
    """The open account that signs in with this name."""
    if len(name) > _NAME_LONGEST or "\0" in name:
        return None
    try:
        account = accounts.find_by_sign_in(session, name)
    except NotOnRecordError:
        return None
    return account if account.is_open else None


def begin_session(session: Session, account: str, now: datetime) -> str:
    """Begin a session in this transaction; answer its token."""
    token = secrets.token_urlsafe(32)
    sign_ins.begin_session(session, _digest(token), account, now=now)
    return token


def attempts_under(name: str) -> str:
    """What attempts under a name are counted by: people type passwords where the name belongs."""
    return _digest(name.strip().casefold())


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
