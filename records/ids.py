"""Ids that say nothing: random, so that neither the order of people nor their number can be read from them."""

import secrets
from typing import Final

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's: without the letters that are misread, for ids are read out over the telephone."""

_LENGTH: Final = 20
"""Twenty characters of five bits: a clash is not to be expected."""


def new_id() -> str:
    """A new id for a person, a contact, a case, an account or a request."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
