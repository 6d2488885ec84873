"""Choose a password, or give somebody a one-time one that they must change when they first sign in."""

from datetime import datetime

from sqlalchemy import Engine

from records import accounts, audit, sign_ins
from records.audit import About
from records.engine import reading, writing
from records.sign_ins import Password
from use_cases.errors import InputError, NotAllowedError
from use_cases.passwords import check_new, hashed, one_time_password
from use_cases.plain_words import in_plain_words
from use_cases.sign_in import (
    SignedIn,
    SignInRefusedError,
    TooManyAttemptsError,
    attempts_under,
    begin_session,
    find_open_account,
    recognise,
)


def change_password(records: Engine, who: SignedIn, old: str, new: str, now: datetime) -> str:
    """Choose a password. Every session of the account ends; answer the token of a new one.

    Raises:
        SignInRefusedError: The old password is wrong, or was tried too often.
        InputError: The new one will not do.
        AwayError: The records cannot be reached.
    """
    check_new(new, sign_in=who.sign_in)
    if new == old:
        raise InputError("This is the password that you have.", "Choose another one.")
    try:
        account = recognise(records, who.sign_in, old, now)
    except TooManyAttemptsError:
        raise
    except SignInRefusedError:
        raise SignInRefusedError("This is not the password that you have now.", "Type it again.") from None
    kept = Password(hashed=hashed(new), one_time=False)
    with in_plain_words(), writing(records) as session:
        sign_ins.set_password(session, account.id, kept, now=now)
        sign_ins.end_sessions_of(session, account.id)
        audit.note_change(session, "change_password", account=account.id, now=now, about=About())
        return begin_session(session, account.id, now)


def give_one_time_password(records: Engine, name: str, now: datetime) -> str:
    """Give an account a new one-time password in place of any other, and end its sessions; answer it.

    Raises:
        NotAllowedError: There is no such account, or it is closed.
        AwayError: The records cannot be reached.
    """
    password = one_time_password()
    kept = Password(hashed=hashed(password), one_time=True)
    with in_plain_words(), writing(records) as session:
        account = find_open_account(session, name)
        if account is None:
            raise NotAllowedError(f"There is no open account `{name}`.", "Check the name.")
        sign_ins.set_password(session, account.id, kept, now=now)
        sign_ins.end_sessions_of(session, account.id)
        sign_ins.forget_attempts(session, attempts_under(account.sign_in))
        audit.note_change(session, "give_one_time_password", account=None, now=now, about=About(subject=account.id))
    return password


def give_first_passwords(records: Engine, now: datetime) -> dict[str, str]:
    """Give a one-time password to every open account that never had one; answer them by sign-in.

    Raises:
        AwayError: The records cannot be reached.
    """
    with in_plain_words(), reading(records) as session:
        without = [
            account.sign_in
            for account in accounts.all_accounts(session)
            if account.is_open and sign_ins.password_of(session, account.id) is None
        ]
    return {name: give_one_time_password(records, name, now) for name in without}
