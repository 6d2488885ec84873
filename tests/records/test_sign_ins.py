"""Signing in and out, one-time passwords and sessions, on both databases."""

import threading
from datetime import datetime, timedelta

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine

from records import accounts
from records.accounts import Account, Membership
from records.engine import writing
from tests.records.conftest import PlainSql
from tests.records.story import AT
from use_cases import passwords
from use_cases.change_password import change_password, give_first_passwords, give_one_time_password
from use_cases.errors import InputError, NotAllowedError
from use_cases.passwords import fits, hashed
from use_cases.sign_in import (
    ATTEMPTS,
    COUNTED_FOR,
    IDLE,
    LASTS,
    SignedIn,
    SignInRefusedError,
    TooManyAttemptsError,
    sign_in,
    sign_out,
    who_is_signed_in,
)

MINUTE = timedelta(minutes=1)
OWN = "three dull wet badgers"


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with the least work: its strength is not what is tested here."""
    hashing = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    monkeypatch.setattr(passwords, "_HASHING", hashing)


@pytest.fixture
def records(engine: Engine) -> Engine:
    """Records with Sam, a keyworker in the north."""
    with writing(engine) as session:
        accounts.add(session, Account(id="a1", sign_in="sam", name="Sam"), now=AT)
        accounts.give_role(session, "a1", Membership("north", "keyworker"), now=AT)
    return engine


def signed_in(records: Engine, token: str | None, now: datetime = AT) -> SignedIn:
    who = who_is_signed_in(records, token, now)
    assert who is not None
    return who


def with_own_password(records: Engine) -> str:
    """Sam has chosen a password; the token of the session."""
    first = give_one_time_password(records, "sam", AT)
    return change_password(records, signed_in(records, sign_in(records, "sam", first, AT)), first, OWN, AT)


def test_a_one_time_password_is_changed_and_never_works_again(records: Engine) -> None:
    """Whoever signs in with it must choose another; that one is theirs, and every other session has ended."""
    first = give_one_time_password(records, "sam", AT)
    token = sign_in(records, " sam ", first, AT)
    who = signed_in(records, token)
    assert (who.viewer.account, who.viewer.name, who.must_change) == ("a1", "Sam", True)
    assert [held.role for held in who.viewer.memberships] == ["keyworker"]
    own = change_password(records, who, first, OWN, AT)
    assert who_is_signed_in(records, token, AT) is None
    assert signed_in(records, own).must_change is False
    with pytest.raises(SignInRefusedError):
        sign_in(records, "sam", first, AT)
    assert signed_in(records, sign_in(records, "sam", OWN, AT)).must_change is False


def test_neither_passwords_nor_tokens_are_kept(records: Engine, plain_sql: PlainSql) -> None:
    """A copy of the database opens nothing."""
    first = give_one_time_password(records, "sam", AT)
    token = sign_in(records, "sam", first, AT)
    kept = str(plain_sql("SELECT * FROM passwords") + plain_sql("SELECT * FROM sessions"))
    assert first not in kept
    assert token not in kept
    assert "$argon2id$" in kept


def test_first_passwords_are_given_once(records: Engine) -> None:
    """The second start of the program finds nobody without."""
    given = give_first_passwords(records, AT)
    assert given.keys() == {"sam"}
    assert give_first_passwords(records, AT) == {}
    sign_in(records, "sam", given["sam"], AT)


@pytest.mark.parametrize(
    ("name", "password"),
    [("sam", "wrong"), ("nobody", OWN), ("", ""), ("sam\0", OWN), ("sam", OWN + "x" * 1000), ("s" * 999, OWN)],
)
def test_whoever_does_not_exist_is_refused_in_the_same_words(records: Engine, name: str, password: str) -> None:
    """Nothing tells a wrong name from a wrong password."""
    with_own_password(records)
    with pytest.raises(SignInRefusedError) as raised:
        sign_in(records, name, password, AT)
    assert str(raised.value).startswith("The name and the password do not belong together.")


def test_an_account_without_a_password_takes_as_much_work_as_one_with() -> None:
    """The hash is computed either way."""
    assert fits(OWN, hashed(OWN)) is True
    assert fits(OWN, None) is False


@pytest.mark.parametrize("name", ["sam", "nobody"])
def test_a_name_tried_too_often_is_locked_whether_it_exists_or_not(records: Engine, name: str) -> None:
    """Five attempts; then even the right password is refused, until a quarter of an hour after the first."""
    with_own_password(records)
    for minute in range(ATTEMPTS):
        with pytest.raises(SignInRefusedError) as raised:
            sign_in(records, name, "wrong", AT + minute * MINUTE)
        assert not isinstance(raised.value, TooManyAttemptsError)
    with pytest.raises(TooManyAttemptsError, match="15 minutes"):
        sign_in(records, name.upper(), OWN, AT + COUNTED_FOR)
    later = AT + COUNTED_FOR + timedelta(seconds=1)
    if name == "sam":
        sign_in(records, name, OWN, later)
    else:
        with pytest.raises(SignInRefusedError, match="belong together"):
            sign_in(records, name, OWN, later)


def test_attempts_at_once_are_all_counted(records: Engine) -> None:
    """Guessing in parallel gets nobody more than five checks."""
    with_own_password(records)
    together = threading.Barrier(ATTEMPTS + 3)
    refusals: list[type[Exception]] = []

    def attempt() -> None:
        together.wait()
        try:
            sign_in(records, "sam", "wrong", AT)
        except SignInRefusedError as error:
            refusals.append(type(error))

    threads = [threading.Thread(target=attempt) for _ in range(ATTEMPTS + 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(refusal.__name__ for refusal in refusals) == (
        ["SignInRefusedError"] * ATTEMPTS + ["TooManyAttemptsError"] * 3
    )


def test_a_new_one_time_password_unlocks_and_ends_every_session(records: Engine) -> None:
    """It is what somebody asks for who is locked out, or whose password is known to others."""
    token = with_own_password(records)
    for _ in range(ATTEMPTS):
        with pytest.raises(SignInRefusedError):
            sign_in(records, "sam", "wrong", AT)
    first = give_one_time_password(records, "sam", AT)
    assert who_is_signed_in(records, token, AT) is None
    assert signed_in(records, sign_in(records, "sam", first, AT)).must_change is True


def test_a_session_ends_when_it_is_not_used(records: Engine) -> None:
    """Each use carries it on; a page that refreshes itself is no use."""
    token = with_own_password(records)
    almost = AT + IDLE - MINUTE
    assert who_is_signed_in(records, token, almost, uses=False)
    assert who_is_signed_in(records, token, AT + IDLE) is None
    assert who_is_signed_in(records, token, almost)
    assert who_is_signed_in(records, token, AT + IDLE)
    assert who_is_signed_in(records, token, AT + IDLE + IDLE) is None


def test_a_session_ends_after_half_a_day_in_any_case(records: Engine) -> None:
    """Used all the time."""
    token = with_own_password(records)
    now = AT
    while now < AT + LASTS:
        assert who_is_signed_in(records, token, now)
        now += 25 * MINUTE
    assert who_is_signed_in(records, token, AT + LASTS) is None


def test_signing_out_ends_the_session(records: Engine) -> None:
    """On record, not only in the browser; twice is once; another session goes on."""
    token = with_own_password(records)
    other = sign_in(records, "sam", OWN, AT)
    sign_out(records, token, AT)
    sign_out(records, token, AT)
    assert who_is_signed_in(records, token, AT) is None
    assert who_is_signed_in(records, other, AT)
    assert who_is_signed_in(records, None, AT) is None
    assert who_is_signed_in(records, "made-up", AT) is None


def test_a_closed_account_is_signed_out_and_cannot_come_back(records: Engine) -> None:
    """At once, not when the session ends."""
    token = with_own_password(records)
    with writing(records) as session:
        accounts.close(session, "a1", now=AT)
    assert who_is_signed_in(records, token, AT) is None
    with pytest.raises(SignInRefusedError):
        sign_in(records, "sam", OWN, AT)
    with pytest.raises(NotAllowedError, match="no open account"):
        give_one_time_password(records, "sam", AT)


@pytest.mark.parametrize("new", ["short", "x" * 300, "aaaaaaaaaaaaaaaa", OWN, "samsamsamsam"])
def test_a_password_that_will_not_do_is_refused(records: Engine, new: str) -> None:
    """Too short, too long, one letter only, the same again; the old one stays."""
    who = signed_in(records, with_own_password(records))
    with pytest.raises(InputError) as raised:
        change_password(records, who, OWN, new, AT)
    assert new not in str(raised.value)
    sign_in(records, "sam", OWN, AT)


def test_changing_a_password_needs_the_old_one(records: Engine) -> None:
    """An unlocked screen is not enough, and guesses are counted as at the door."""
    who = signed_in(records, with_own_password(records))
    for _ in range(ATTEMPTS):
        with pytest.raises(SignInRefusedError, match="have now"):
            change_password(records, who, "wrong", "four dull wet badgers", AT)
    with pytest.raises(TooManyAttemptsError):
        change_password(records, who, OWN, "four dull wet badgers", AT)


def test_each_sign_in_is_audited(records: Engine, plain_sql: PlainSql) -> None:
    """Those refused too; never a name that somebody typed."""
    token = with_own_password(records)
    for name in ("sam", "secret typed in the wrong field"):
        with pytest.raises(SignInRefusedError):
            sign_in(records, name, "wrong", AT)
    sign_out(records, token, AT)
    assert plain_sql("SELECT what, account_id, subject FROM audit ORDER BY id") == [
        ("give_one_time_password", None, "a1"),
        ("sign_in", "a1", None),
        ("change_password", "a1", None),
        ("sign_in_refused", "a1", None),
        ("sign_in_refused", None, None),
        ("sign_out", "a1", None),
    ]
