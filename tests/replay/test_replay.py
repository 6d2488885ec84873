"""Cases that were run by older code go on under today's: every command, and every argument, comes out as it did."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowHistory
from temporalio.worker import (
    Interceptor,
    Replayer,
    StartActivityInput,
    UnsandboxedWorkflowRunner,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)
from temporalio.workflow import ActivityHandle, NondeterminismError

from pathway_model.advance import open_case, proceed
from pathway_model.case import Case
from pathway_model.events import CaseEvent, Referred
from pathway_model.language.names import CaseId
from pathway_model.outcome import Progress, Refusal, Step
from pathway_model.pathway import Pathway
from tests.replay import corpus
from workflows.case import CaseWorkflow

ASKED: list[object] = []
"""What replayed workflows asked of activities. Filled inside the replayer's own threads."""


class _Listening(WorkflowOutboundInterceptor):
    def start_activity(self, input: StartActivityInput) -> ActivityHandle[Any]:  # noqa: A002 - the SDK's name
        ASKED.append(input.args[0])
        return super().start_activity(input)


class _Inbound(WorkflowInboundInterceptor):
    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        super().init(_Listening(outbound))


class _Listener(Interceptor):
    def workflow_interceptor_class(
        self, _input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor] | None:
        return _Inbound


async def _replay(history: WorkflowHistory) -> list[object]:
    ASKED.clear()
    replayer = Replayer(
        workflows=[CaseWorkflow],
        data_converter=corpus.CONVERTER,
        interceptors=[_Listener()],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    await replayer.replay_workflow(history)
    return list(ASKED)


def _asked_then(history: WorkflowHistory) -> list[Payload]:
    scheduled = (event.activity_task_scheduled_event_attributes for event in history.events)
    return [one.input.payloads[0] for one in scheduled if one.activity_id]


def test_histories_are_added_and_never_edited() -> None:
    """A history that changes would let a worker through that breaks running cases."""
    lines = [line.split() for line in corpus.DIGESTS.read_text().splitlines()]
    assert lines
    assert [(corpus.digest(name), name) for _, name in lines] == [(digest, name) for digest, name in lines]
    kept = {path.name.removesuffix(".json.gz") for path in corpus.FOLDER.glob("*.json.gz")}
    assert kept == {name for _, name in lines}


@pytest.mark.parametrize("name", corpus.names())
async def test_an_old_history_comes_out_as_it_did(name: str) -> None:
    """Commands are compared by Temporal; what activities were handed is compared here."""
    history = corpus.load(name)
    asked = await _replay(history)
    converter = corpus.CONVERTER.payload_converter
    again = [converter.to_payload(argument).data for argument in asked]
    assert again == [payload.data for payload in _asked_then(history)]


async def test_rules_that_ask_for_other_steps_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Activities are named by the steps that they record: Temporal itself refuses to replay others."""

    def begins_later(pathway: Pathway, case: CaseId, event: Referred, now: datetime) -> Step | Refusal:
        step = open_case(pathway, case, event, now)
        assert isinstance(step, Step)
        return replace(step, case=replace(step.case, sequence=2))

    monkeypatch.setattr("workflows.case.open_case", begins_later)
    with pytest.raises(NondeterminismError):
        await _replay(corpus.load(corpus.names()[0]))


async def test_rules_that_only_make_another_case_of_it_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same activities in the same order, and yet the records say something else of the case."""

    def counts_more(pathway: Pathway, case: Case, event: CaseEvent, now: datetime) -> Progress:
        progress = proceed(pathway, case, event, now)
        if not progress.steps:
            return progress
        *before, last = progress.steps
        more = replace(last, case=replace(last.case, counts={**last.case.counts, "more": 1}))
        return replace(progress, steps=(*before, more))

    monkeypatch.setattr("workflows.case.proceed", counts_more)
    with pytest.raises(RuntimeError, match="RulesChangedError"):
        await _replay(corpus.load(corpus.names()[0]))
