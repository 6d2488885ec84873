"""Exit codes: programs rely on them."""

from typing import Final

EXIT_DONE: Final = 0
EXIT_NO: Final = 1
"""Findings, differences, a refusal: the reasons are shown."""

EXIT_UNREADABLE: Final = 2
"""What was asked cannot be read or understood."""

EXIT_AWAY: Final = 3
"""Something that Handrail needs is away or in the way."""

INTERRUPTED: Final = 130
"""Ctrl-C."""
