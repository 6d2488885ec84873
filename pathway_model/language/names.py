"""The names of a definition's parts, one type each, and the reserved words that stand among them."""

import re
from typing import Annotated, Final, NewType

from pydantic import StringConstraints

LOWER_SNAKE: Final = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")

Name = Annotated[str, StringConstraints(pattern=LOWER_SNAKE.pattern, max_length=60)]

CaseId = NewType("CaseId", str)
ContactId = NewType("ContactId", str)
Digest = NewType("Digest", str)

MAIN: Final = "main"
"""The strand that runs through the phases; every case has it."""

OWNER: Final = "owner"
"""Whoever owns the strand that the word stands in."""

ANYONE: Final = "anyone"
"""Any role with access to the case."""

PERSON: Final = "person"
"""The person whose case it is."""

UNCHANGED: Final = "unchanged"
"""Whoever owned the case before this step."""

STAY: Final = "stay"
BACK: Final = "back"

RESERVED: Final = frozenset(
    {
        MAIN,
        OWNER,
        ANYONE,
        PERSON,
        UNCHANGED,
        STAY,
        BACK,
        "on",
        "off",
        "yes",
        "no",
        "everything",
        "whoever_opened",
    }
)
