"""Ids that follow from a request, so that sending it again finds what it made the first time.

A request id that nobody chose is random, and so are the ids that follow from it; they say nothing about anybody.
"""

import hashlib
from typing import Final

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH: Final = 20


def id_from(*parts: str) -> str:
    """Twenty characters of Crockford's alphabet, the same for the same parts."""
    # Each part's length keeps ("ab", "c") apart from ("a", "bc").
    text = "".join(f"{len(part)}:{part}" for part in parts)
    digest = hashlib.sha256(text.encode()).digest()
    return "".join(_ALPHABET[byte & 31] for byte in digest[:_LENGTH])
