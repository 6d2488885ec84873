"""What a caller meets while a case does not answer, and what Temporal gets to read of a request."""

import asyncio
from datetime import timedelta

import pytest
from temporalio.client import WorkflowUpdateRPCTimeoutOrCancelledError as NoAnswerError

from pathway_model.language.names import CaseId
from tests.use_cases.test_temporal_answers import REQUEST
from use_cases import durable
from use_cases.durable import TemporalCases
from use_cases.errors import AwayError
from workflows.messages import Answer, Request


class Silent:
    """Polls for ever; says when cancelled what Temporal's client says."""

    def __init__(self) -> None:
        self.updates: list[str] = []

    def get_workflow_handle(self, _workflow: str) -> "Silent":
        """Itself: the one workflow there is."""
        return self

    async def execute_update(self, _name: str, _request: Request, *, id: str, **_options: object) -> Answer:  # noqa: A002
        """Never answer."""
        self.updates.append(id)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError as error:
            raise NoAnswerError from error
        raise AssertionError


async def test_a_case_that_never_answers_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The records of a running request may be away for days."""
    monkeypatch.setattr(durable, "ANSWER_WITHIN", timedelta(seconds=0.05))
    async with asyncio.timeout(5):
        with pytest.raises(AwayError, match="acts once"):
            await TemporalCases(client=Silent(), task_queue="t").take(CaseId("c"), REQUEST)  # type: ignore[arg-type]


async def test_a_request_id_is_not_readable_in_temporal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Update ids are plain text to whoever operates Temporal; a caller may have put a name into theirs."""
    monkeypatch.setattr(durable, "ANSWER_WITHIN", timedelta(seconds=0.05))
    silent = Silent()
    with pytest.raises(AwayError):
        await TemporalCases(client=silent, task_queue="t").take(CaseId("c"), REQUEST)  # type: ignore[arg-type]
    (update,) = silent.updates
    assert REQUEST.id not in update
