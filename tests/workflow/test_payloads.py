"""What Temporal keeps is compressed and encrypted, and keys can be changed."""

import json

import pytest
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError

from pathway_model.events import ActionTaken
from tests.workflow.support import KEYS, SOON, Bench
from workflows.messages import SENT_EVENT
from workflows.names import TAKE, workflow_id
from workflows.payloads import (
    KEY_BYTES,
    PayloadKeys,
    PayloadKeysError,
    SharedJsonConverter,
    UnreadablePayloadError,
    data_converter,
    read_keys,
)

OLD = PayloadKeys(current="old", keys={"old": b"o" * KEY_BYTES})
BOTH = PayloadKeys(current="new", keys={"new": b"n" * KEY_BYTES, "old": b"o" * KEY_BYTES})
NEW = PayloadKeys(current="new", keys={"new": b"n" * KEY_BYTES})
WORDS = "substance_use " * 100


async def test_a_payload_says_nothing_and_is_smaller() -> None:
    """The words are not in it, and it is compressed before it is encrypted."""
    (payload,) = await data_converter(OLD).encode([WORDS])
    assert b"substance" not in payload.SerializeToString()
    assert len(payload.data) < len(WORDS) / 5
    assert await data_converter(OLD).decode([payload], [str]) == [WORDS]


async def test_the_same_value_never_looks_the_same() -> None:
    """A nonce of its own each time."""
    first, second = await data_converter(OLD).encode([WORDS, WORDS])
    assert first.data != second.data


async def test_after_a_change_of_keys_old_payloads_are_read_and_new_ones_use_the_new_key() -> None:
    """The current key encrypts; all decrypt."""
    (before,) = await data_converter(OLD).encode(["before"])
    (after,) = await data_converter(BOTH).encode(["after"])
    assert await data_converter(BOTH).decode([before, after], [str, str]) == ["before", "after"]
    assert await data_converter(NEW).decode([after], [str]) == ["after"]
    with pytest.raises(UnreadablePayloadError):
        await data_converter(NEW).decode([before], [str])


async def test_a_changed_payload_is_refused() -> None:
    """One bit is enough."""
    (payload,) = await data_converter(OLD).encode(["words"])
    payload.data = payload.data[:-1] + bytes([payload.data[-1] ^ 1])
    with pytest.raises(UnreadablePayloadError):
        await data_converter(OLD).decode([payload], [str])


def test_keys_are_read_from_their_file_and_never_shown() -> None:
    """The form that `handrail up` writes."""
    text = json.dumps({"current": "a", "keys": {"a": "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE="}})
    keys = read_keys(text)
    assert keys == PayloadKeys(current="a", keys={"a": b"a" * KEY_BYTES})
    assert "aaaa" not in repr(keys)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "not json",
        '{"current": "b", "keys": {}}',
        '{"current": "a", "keys": {"a": "c2hvcnQ="}}',
        '{"current": "a", "keys": {"a": "???"}}',
    ],
)
def test_keys_that_cannot_be_used_are_refused(text: str) -> None:
    with pytest.raises(PayloadKeysError) as raised:
        read_keys(text)
    assert "c2hvcnQ" not in str(raised.value)


async def test_what_was_not_encrypted_is_not_read() -> None:
    """Temporal's own door asks nobody who they are: the key is what tells."""
    (plain,) = await pydantic_data_converter.encode(["forged"])
    with pytest.raises(KeyError, match="not-encrypted"):
        await data_converter(OLD).decode([plain], [str])


async def test_who_has_no_key_cannot_act_on_a_case(real_bench: Bench) -> None:
    """A request in clear is rejected, leaves no trace, and the case goes on."""
    stranger = await Client.connect(real_bench.client.service_client.config.target_host)
    async with real_bench.worker():
        await real_bench.begin()
        greet = ActionTaken(at=await real_bench.now(), by="keyworker", action="greet")
        forged = {"id": "forged", "event": SENT_EVENT.dump_python(greet, mode="json")}
        with pytest.raises(WorkflowUpdateFailedError):
            await stranger.get_workflow_handle(workflow_id(real_bench.start.case)).execute_update(
                TAKE, forged, rpc_timeout=SOON
            )
        await real_bench.take("one", "greet")
    assert [row.request for row in real_bench.records.rows] == ["referral", "one"]
    updates = [
        event
        for event in (await real_bench.handle.fetch_history()).events
        if event.HasField("workflow_execution_update_accepted_event_attributes")
    ]
    assert len(updates) == len(real_bench.records.rows)


async def test_a_history_holds_no_readable_word_of_the_case(real_bench: Bench) -> None:
    """Inputs, answers, summaries and refusals alike; only ids, names of messages and search attributes are plain."""
    async with real_bench.worker():
        await real_bench.begin()
        await real_bench.take("one", "greet")
        with pytest.raises(ApplicationError):
            await real_bench.send("two", ActionTaken(at=await real_bench.now(), by="keyworker", action="no_such"))
        history = await real_bench.handle.fetch_history()
    text = "\n".join(
        str(event)
        for event in history.events
        if not event.HasField("upsert_workflow_search_attributes_event_attributes")
    )
    assert "record_steps" in text
    for word in ("A tiny pathway", "referrer", "greeting", "the next clock"):
        assert word not in text, word
    assert KEYS.current in text


def test_cases_share_what_reads_their_messages() -> None:
    """Temporal makes a converter for each case; adapters of its own would be most of what a waiting case holds."""
    one, other = (data_converter(KEYS).payload_converter_class() for _ in range(2))
    assert isinstance(one, SharedJsonConverter)
    assert isinstance(other, SharedJsonConverter)
    assert one.converters[b"json/plain"] is other.converters[b"json/plain"]
