"""What Temporal answers, put into our words: a busy case is asked again with the same request id."""

from collections import deque
from datetime import UTC, datetime

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from pathway_model.events import JobDone
from pathway_model.language.names import CaseId
from pathway_model.outcome import Reason, Refusal
from use_cases.durable import TemporalCases
from use_cases.errors import AwayError, ConflictError, HandrailError, NotRecordedError, RequestReusedError
from workflows import names
from workflows.messages import REASONS, Answer, Request

REQUEST = Request(id="once", event=JobDone(at=datetime(2026, 3, 2, tzinfo=UTC), by="keyworker", job="1"), account="a")


class Handle:
    """Answers what it was given, in turn; keeps what it was sent."""

    def __init__(self, *answers: Answer | BaseException) -> None:
        self._answers = deque(answers)
        self.requests: list[str] = []
        self.updates: list[str] = []

    def get_workflow_handle(self, _workflow: str) -> "Handle":
        """Itself: the one workflow there is."""
        return self

    async def execute_update(self, _name: str, request: Request, *, id: str, **_options: object) -> Answer:  # noqa: A002
        """Answer the next one."""
        self.requests.append(request.id)
        self.updates.append(id)
        answer = self._answers.popleft()
        if isinstance(answer, BaseException):
            raise answer
        return answer


def _failed(kind: str, *details: object) -> WorkflowUpdateFailedError:
    return WorkflowUpdateFailedError(ApplicationError("no", *details, type=kind, non_retryable=True))


async def _take(handle: Handle) -> Answer | Refusal:
    return await TemporalCases(client=handle, task_queue="t").take(CaseId("c"), REQUEST)  # type: ignore[arg-type]


async def test_a_busy_case_is_asked_again_with_the_same_request_id() -> None:
    handle = Handle(_failed(names.CASE_BUSY), Answer(sequence=7))
    assert await _take(handle) == Answer(sequence=7)
    assert handle.requests == ["once", "once"]
    assert len(set(handle.updates)) == 2


async def test_a_refusal_comes_back_with_its_reasons() -> None:
    reasons = (Reason(code="ended", name="case", sentence="It has ended"),)
    handle = Handle(_failed(names.REFUSED, REASONS.dump_python(reasons, mode="json")))
    assert await _take(handle) == Refusal(reasons=reasons)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (_failed(names.RECORDS_AWAY), NotRecordedError),
        (_failed(names.CANNOT_BE_RECORDED), NotRecordedError),
        (_failed(names.REQUEST_REUSED), RequestReusedError),
        (_failed("anything else"), AwayError),
        (RPCError("gone", RPCStatusCode.NOT_FOUND, b""), ConflictError),
        (RPCError("away", RPCStatusCode.UNAVAILABLE, b""), AwayError),
        (RPCError("keys of another", RPCStatusCode.INVALID_ARGUMENT, b""), AwayError),
    ],
)
async def test_each_failure_is_told_in_our_words(answer: BaseException, told: type[HandrailError]) -> None:
    with pytest.raises(told):
        await _take(Handle(answer))
