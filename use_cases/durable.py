"""The way to the durable cases: begin one, act on one. Temporal's answers are put into our words only here.

Use cases know the protocol `DurableCases`; `TemporalCases` is the real one. Whatever fails, the same request
may be sent again: its id acts once.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Protocol

from temporalio.client import Client, WithStartWorkflowOperation, WorkflowUpdateFailedError
from temporalio.client import WorkflowUpdateRPCTimeoutOrCancelledError as NoAnswerError
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from pathway_model.language.names import CaseId
from pathway_model.outcome import Refusal
from use_cases.errors import (
    AwayError,
    CaseBusyError,
    ConflictError,
    HandrailError,
    NotRecordedError,
    RequestReusedError,
)
from use_cases.ids import id_from
from workflows.messages import REASONS, Answer, CaseStart, Request
from workflows.names import (
    CANNOT_BE_RECORDED,
    CASE,
    CASE_BUSY,
    RECORDS_AWAY,
    REFUSED,
    REQUEST_REUSED,
    TAKE,
    workflow_id,
)

ANSWER_WITHIN: Final = timedelta(seconds=45)
"""A restarted worker's first answer can take twelve seconds; a locked database, ten more."""

TRIES: Final = 8
FIRST_PAUSE: Final = 0.1
"""Seconds before the second try; each further one waits twice as long."""


class DurableCases(Protocol):
    """The durable cases, as use cases see them."""

    async def begin(self, start: CaseStart, request: Request) -> Answer | Refusal:
        """Begin a case with its referral; beginning it again is the same as once."""

    async def take(self, case: CaseId, request: Request) -> Answer | Refusal:
        """Do something to a case; answered when it is recorded."""


@dataclass(frozen=True, slots=True)
class TemporalCases:
    """The durable cases in Temporal."""

    client: Client
    task_queue: str

    async def begin(self, start: CaseStart, request: Request) -> Answer | Refusal:
        """Begin a case with its referral.

        Raises:
            ConflictError: A case of this id has ended already.
            AwayError: Temporal or its workers do not answer; or the records are away.
        """

        def attempt() -> Awaitable[Answer]:
            return self.client.execute_update_with_start_workflow(
                TAKE,
                replace(request, case=start.case),
                id=_update_id(request),
                rpc_timeout=ANSWER_WITHIN,
                result_type=Answer,
                start_workflow_operation=WithStartWorkflowOperation(
                    CASE,
                    start,
                    id=workflow_id(start.case),
                    task_queue=self.task_queue,
                    id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                    id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                ),
            )

        return await _until_not_busy(attempt)

    async def take(self, case: CaseId, request: Request) -> Answer | Refusal:
        """Do something to a case.

        Raises:
            ConflictError: The case has ended, or is not in Temporal.
            AwayError: Temporal or its workers do not answer; or the records are away.
        """
        handle = self.client.get_workflow_handle(workflow_id(case))

        def attempt() -> Awaitable[Answer]:
            return handle.execute_update(
                TAKE, replace(request, case=case), id=_update_id(request), rpc_timeout=ANSWER_WITHIN, result_type=Answer
            )

        return await _until_not_busy(attempt)


async def _until_not_busy(attempt: Callable[[], Awaitable[Answer]]) -> Answer | Refusal:
    pause = FIRST_PAUSE
    for _ in range(TRIES - 1):
        try:
            return await _one(attempt)
        except CaseBusyError:
            await asyncio.sleep(pause)
            pause *= 2
    return await _one(attempt)


async def _one(attempt: Callable[[], Awaitable[Answer]]) -> Answer | Refusal:
    # Temporal's own time limit is for each poll, and it polls for ever.
    limit = asyncio.timeout(ANSWER_WITHIN.total_seconds())
    try:
        async with limit:
            return await attempt()
    except TimeoutError:
        raise _no_answer() from None
    except WorkflowUpdateFailedError as error:
        return _refusal_or_raise(error.cause)
    except ApplicationError as error:
        return _refusal_or_raise(error)
    except NoAnswerError as error:
        # Temporal's client says this also when the caller was cancelled; who gives up must be let go.
        if isinstance(error.__cause__, asyncio.CancelledError) and not limit.expired():
            raise error.__cause__ from None
        raise _no_answer() from None
    except WorkflowAlreadyStartedError:
        raise ConflictError("This case has already ended.") from None
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            raise ConflictError("This case does not run: it has ended, or was never begun.") from None
        if error.status == RPCStatusCode.UNAVAILABLE:
            raise AwayError(
                "The Temporal server cannot be reached.", "Send the same request again; it acts once."
            ) from error
        raise AwayError(
            "The case gave no answer that can be read.",
            "Send the same request again; it acts once. If it stays so, the payload keys may not be the worker's.",
        ) from error


def _no_answer() -> AwayError:
    return AwayError(
        "Nothing answered in time: no worker may be running, or the records may be away.",
        "Send the same request again; it acts once.",
    )


def _refusal_or_raise(cause: BaseException) -> Refusal:
    """The refusal that the case answered.

    Raises:
        HandrailError: It answered an error.
    """
    if not isinstance(cause, ApplicationError):
        raise AwayError("The case could not answer.", "Send the same request again; it acts once.") from cause
    if cause.type == REFUSED:
        return Refusal(reasons=REASONS.validate_python(cause.details[0]))
    raise _error(cause) from None


def _error(cause: ApplicationError) -> HandrailError:
    match cause.type:
        case str(kind) if kind == CASE_BUSY:
            return CaseBusyError("The case is being moved to a new run.", "Try again in a moment.")
        case str(kind) if kind == RECORDS_AWAY:
            return NotRecordedError(
                "The records cannot be reached, so nothing happened.",
                "Send the same request again when they are back.",
            )
        case str(kind) if kind == CANNOT_BE_RECORDED:
            return NotRecordedError("This can never be recorded, so nothing happened.", cause.message)
        case str(kind) if kind == REQUEST_REUSED:
            return RequestReusedError(
                "This request id has been used for something else.", "Choose another one, or leave it out."
            )
        case _:
            return AwayError("The case could not answer.", cause.message)


def _update_id(request: Request) -> str:
    # The request id is what acts once. Temporal, given the same id of its own again, would repeat the stored
    # answer of an attempt that failed because the records were away. It stands in Temporal as plain text, and what
    # callers put into theirs is not known.
    return f"{id_from(request.id, 'update')}/{uuid.uuid4().hex[:12]}"
