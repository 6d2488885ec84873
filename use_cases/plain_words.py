"""Puts what the records say went wrong into our words: the only place that knows both trees of errors."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, IntegrityError

from records.errors import (
    BadNhsNumberError,
    ContactDiffersError,
    DefinitionTakenError,
    NhsNumberTakenError,
    NotOnRecordError,
    RecordsError,
    RecordsUnavailableError,
    SchemaOutdatedError,
    StagedAnswerDiffersError,
)
from use_cases.errors import (
    AwayError,
    ConflictError,
    HandrailError,
    InputError,
    NotFoundError,
    NotRecordedError,
    RequestReusedError,
    UnfitError,
)


@contextmanager
def in_plain_words() -> Iterator[None]:
    """Around everything that a use case does with the records.

    Raises:
        HandrailError: The records raised an error.
    """
    try:
        yield
    except RecordsError as error:
        raise _error(error) from error
    except IntegrityError:
        # The database's own words repeat the row, a name or a number with it.
        raise NotRecordedError(
            "Somebody has put the same on record at this moment, so nothing happened.",
            "Send the same request again; it acts once.",
        ) from None
    except DataError:
        raise InputError("Something is longer than can be kept, or has characters that cannot be.") from None


def _error(error: RecordsError) -> HandrailError:
    match error:
        case RecordsUnavailableError():
            return NotRecordedError(str(error), "Try again in a moment.")
        case SchemaOutdatedError():
            return UnfitError(str(error))
        case NotOnRecordError():
            return NotFoundError(str(error))
        case BadNhsNumberError():
            return InputError(str(error), "Look for two digits that changed places.")
        case NhsNumberTakenError():
            return ConflictError(
                "Another person has this NHS number.", "Check the number, the name and the date of birth."
            )
        case DefinitionTakenError():
            return ConflictError(str(error))
        case StagedAnswerDiffersError():
            return RequestReusedError(str(error), "Choose another request id, or leave it out.")
        case ContactDiffersError():
            return RequestReusedError(
                "This request id has added somebody else.", "Choose another request id, or leave it out."
            )
        case _:
            return AwayError(str(error))
