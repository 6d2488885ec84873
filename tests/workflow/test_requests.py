"""Request ids act once, and are answered when it is recorded."""

import asyncio

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from pathway_model.events import ActionTaken
from pathway_model.language.names import CaseId
from tests.workflow.support import Bench
from workflows.messages import REASONS, Answer, Request
from workflows.names import CANNOT_BE_RECORDED, REFUSED, REQUEST_REUSED, TAKE


async def test_an_action_is_answered_only_when_it_is_recorded(running: Bench) -> None:
    """Whoever is answered finds what they did in the records."""
    running.records.asked.clear()
    running.records.open.clear()
    answer = asyncio.create_task(running.take("one"))
    await running.records.asked.wait()
    assert await running.sequence() == 1
    assert not answer.done()
    running.records.open.set()
    assert (await answer).sequence == 2
    assert [row.request for row in running.records.rows] == ["referral", "one"]
    assert [row.account for row in running.records.rows] == ["ann", "ann"]


async def test_the_same_request_again_is_answered_the_same_and_does_nothing(running: Bench) -> None:
    """A lost reply, asked for again."""
    event = ActionTaken(at=await running.now(), by="keyworker", action="note")
    first = await running.send("one", event)
    await running.take("two")
    assert await running.send("one", event) == first
    assert await running.sequence() == 3


async def test_two_at_once_with_one_id_act_once(running: Bench) -> None:
    """A double click: both are on their way before either is recorded."""
    event = ActionTaken(at=await running.now(), by="keyworker", action="note")
    answers = await asyncio.gather(*(running.send("twice", event) for _ in range(4)))
    assert {answer.sequence for answer in answers} == {2}
    assert len(running.records.rows) == 2


async def test_one_id_for_two_things_is_refused(running: Bench) -> None:
    """A request id stands for one event."""
    await running.take("one")
    with pytest.raises(ApplicationError) as raised:
        await running.take("one", "greet")
    assert raised.value.type == REQUEST_REUSED


async def test_a_refusal_explains_itself(running: Bench) -> None:
    """The reasons travel as data, all of them."""
    with pytest.raises(ApplicationError) as raised:
        await running.take("one", "only_manager")
    assert raised.value.type == REFUSED
    reasons = REASONS.validate_python(raised.value.details[0])
    assert [(reason.code, reason.who) for reason in reasons] == [("not_yours", ("manager",))]
    assert len(running.records.attempts) == 1


async def test_nothing_is_possible_before_the_referral(bench: Bench) -> None:
    """A case that was started by hand, without its first event."""
    async with bench.worker():
        await bench.client.start_workflow("Case", bench.start, id=bench.handle.id, task_queue="handrail")
        with pytest.raises(ApplicationError) as raised:
            await bench.take("one")
        assert raised.value.type == REFUSED
        await bench.begin()
        assert (await bench.take("one")).sequence == 2


async def test_a_request_for_another_case_is_of_no_use_here(running: Bench) -> None:
    """Whoever copies an encrypted request cannot send it to somebody else's case."""
    event = ActionTaken(at=await running.now(), by="keyworker", action="note")
    copied = Request(id="copied", event=event, case=CaseId("another"))
    with pytest.raises(WorkflowUpdateFailedError) as raised:
        await running.handle.execute_update(TAKE, copied, result_type=Answer)
    assert isinstance(raised.value.cause, ApplicationError)
    assert raised.value.cause.type == CANNOT_BE_RECORDED
    assert await running.sequence() == 1
