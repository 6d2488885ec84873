"""Passwords: made, checked and hashed with argon2. Checking takes as long for an account that does not exist."""

import secrets
from functools import cache
from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from use_cases.errors import InputError

SHORTEST: Final = 12
LONGEST: Final = 200
"""Characters. Longer ones would let anybody keep the machine busy with hashing."""

_HASHING: Final = PasswordHash((Argon2Hasher(),))
_ALPHABET: Final = "23456789abcdefghjkmnpqrstvwxyz"
"""Without what is misread: these are read from a screen or a slip of paper."""

_GROUPS: Final = 4
_IN_A_GROUP: Final = 4


def one_time_password() -> str:
    """A new random password of 78 bits, such as `k7wm-2p9d-x4hq-8bnt`."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_IN_A_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def hashed(password: str) -> str:
    """What is kept of a password."""
    return _HASHING.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether this is the password; without one on record the answer is no, and takes as long."""
    if len(password) > LONGEST:
        password = ""
    right = _HASHING.verify(password, kept or _nobodys())
    return right and kept is not None


def check_new(password: str, *, sign_in: str) -> None:
    """Make sure that a chosen password will do.

    Raises:
        InputError: It will not; the message says why, without repeating it.
    """
    if len(password) < SHORTEST:
        raise InputError(f"A password has at least {SHORTEST} characters.", "Three or four random words do well.")
    if len(password) > LONGEST:
        raise InputError(f"A password has at most {LONGEST} characters.")
    if len(set(password)) < SHORTEST // 2:
        raise InputError("This password repeats too few characters.", "Three or four random words do well.")
    if password.strip().casefold() == sign_in.casefold():
        raise InputError("The password is the name that you sign in with.", "Choose another one.")


@cache
def _nobodys() -> str:
    return hashed(one_time_password())
