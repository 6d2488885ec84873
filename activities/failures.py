"""How activities fail: a type that decides what follows, and no words that could name anybody.

Failures are kept in history and printed in logs. What a driver or a mail server says may repeat a row or an
address, so an error nobody foresaw is told by its kind and place only.
"""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from temporalio.exceptions import ApplicationError, FailureError

logger: Final = logging.getLogger(__name__)


def failed(kind: str, what: object) -> ApplicationError:
    """A failure of this type; whoever called the activity decides whether to try again."""
    return ApplicationError(str(what), type=kind)


@contextmanager
def unforeseen_errors_unnamed() -> Iterator[None]:
    """Let failures pass; put any other error into words that say only what kind it is, and where."""
    try:
        yield
    except FailureError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, its words must not get out
        kind = type(error).__name__
        places = traceback.extract_tb(error.__traceback__)
        where = " < ".join(f"{Path(place.filename).name}:{place.lineno}" for place in reversed(places))
        logger.error("unforeseen %s at %s", kind, where)  # noqa: TRY400 - its words may name somebody
        raise ApplicationError(f"unforeseen {kind} at {where}", type=f"Unforeseen{kind}") from None
