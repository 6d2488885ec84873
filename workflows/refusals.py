"""What `take` answers instead of doing something: one error type each, read again by `use_cases.durable`.

Any other exception would leave the workflow task retrying for ever. Messages and details travel encrypted.
"""

from temporalio.exceptions import ApplicationError

from pathway_model.outcome import Refusal
from workflows import names
from workflows.messages import REASONS


def refused(refusal: Refusal) -> ApplicationError:
    """The pathway refuses it; the details carry the reasons as JSON."""
    reasons = REASONS.dump_python(refusal.reasons, mode="json")
    return ApplicationError("The pathway refuses this.", reasons, type=names.REFUSED, non_retryable=True)


def case_busy() -> ApplicationError:
    """The case is on its way into a new run; the same request succeeds a moment later."""
    return ApplicationError("The case is moving to a new run.", type=names.CASE_BUSY, non_retryable=True)


def records_away() -> ApplicationError:
    """Nothing was stored, and the case is where it was."""
    return ApplicationError(
        "The records cannot be written just now; nothing has happened.",
        type=names.RECORDS_AWAY,
        non_retryable=True,
    )


def not_stored(*, never: bool) -> ApplicationError:
    """Nothing was stored; `never` says whether trying again could help."""
    return cannot_be_recorded() if never else records_away()


def in_doubt() -> ApplicationError:
    """The same request is being recorded at this moment, and nobody can say yet what will come of it."""
    return ApplicationError("This request is still being recorded.", type=names.IN_DOUBT, non_retryable=True)


def cannot_be_recorded() -> ApplicationError:
    """Nothing was stored and trying again will not help."""
    return ApplicationError(
        "This cannot be recorded; nothing has happened.", type=names.CANNOT_BE_RECORDED, non_retryable=True
    )


def request_reused() -> ApplicationError:
    """The request id has acted before, with another event."""
    return ApplicationError(
        "This request id was used for something else.", type=names.REQUEST_REUSED, non_retryable=True
    )
