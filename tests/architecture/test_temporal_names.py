"""Names that running cases, histories and other programs hold on to. A change here breaks them; add, never rename."""

import dataclasses

from temporalio import activity, workflow

from activities import contracts
from activities.notices import Notices
from activities.record import Records
from pathway_model.language.names import CaseId
from workflows import names
from workflows.case import CaseWorkflow
from workflows.messages import Answer, Answered, CaseStart, Request, Snapshot


def test_the_case_workflow_keeps_its_names() -> None:
    definition = workflow._Definition.must_from_class(CaseWorkflow)
    assert definition.name == "Case"
    assert set(definition.updates) == {"take"}
    assert set(definition.signals) == {"nudge"}
    assert set(definition.queries) == {"case"}
    assert names.workflow_id(CASE_ID) == "case-42"


def test_activities_and_their_failures_keep_their_names() -> None:
    found = {
        activity._Definition.must_from_callable(made).name for made in (Records.record_steps, Notices.deliver_notice)
    }
    assert found == {"record_steps", "deliver_notice"}
    assert contracts.NOTHING_STORED == "NothingStored"
    assert contracts.MAY_BE_STORED == "MayBeStored"
    assert contracts.NEVER_STORED == "NeverStored"
    assert contracts.NOT_YET_DELIVERED == "NotYetDelivered"


def test_the_task_queue_and_the_answers_keep_their_names() -> None:
    assert names.TASK_QUEUE == "handrail"
    assert names.REFUSED == "Refused"
    assert names.CASE_BUSY == "CaseBusy"
    assert names.RECORDS_AWAY == "RecordsAway"
    assert names.IN_DOUBT == "InDoubt"
    assert names.CANNOT_BE_RECORDED == "CannotBeRecorded"
    assert names.REQUEST_REUSED == "RequestReused"


def test_search_attributes_keep_their_names_and_kinds() -> None:
    assert dict(names.SEARCH_ATTRIBUTES) == {
        "HandrailPathway": "Keyword",
        "HandrailVersion": "Int",
        "HandrailPhase": "Keyword",
        "HandrailStep": "KeywordList",
        "HandrailOwnerRole": "KeywordList",
        "HandrailAgency": "KeywordList",
        "HandrailNextDue": "Datetime",
        "HandrailWaitingSince": "Datetime",
        "HandrailPaused": "Bool",
        "HandrailBlocked": "Keyword",
    }


def test_temporal_has_room_for_the_search_attributes() -> None:
    """SQL visibility: ten keywords, three lists of them, three of each other kind."""
    kinds = list(names.SEARCH_ATTRIBUTES.values())
    assert kinds.count("Keyword") <= 10
    assert all(kinds.count(kind) <= 3 for kind in ("KeywordList", "Datetime", "Bool", "Int"))


def test_messages_keep_their_fields() -> None:
    """A field may be added at the end of a list, with a usual value: old histories know nothing of it."""
    assert _fields(Request) == ["id", "event", "account", "case"]
    assert _fields(Answer) == ["sequence"]
    assert _fields(Answered) == ["sequence", "digest"]
    assert _fields(CaseStart) == ["case", "definition", "epoch", "shift", "continue_after", "snapshot"]
    assert _fields(Snapshot) == ["case", "answered", "undelivered", "findings", "shown", "parked"]
    assert _fields(contracts.RecordSteps) == ["case", "epoch", "digest", "interpreter", "steps", "after"]
    assert _fields(contracts.StepRow) == [
        "sequence",
        "entered",
        "event",
        "changes",
        "effects",
        "request",
        "account",
    ]
    assert _fields(contracts.StepsRecorded) == ["nobody_in", "somebody_in", "after"]
    assert _fields(contracts.DeliverNotice) == ["case", "notice"]
    assert _fields(contracts.NoticeDelivered) == ["outcome", "reason"]


CASE_ID = CaseId("42")


def _fields(message: type) -> list[str]:
    return [field.name for field in dataclasses.fields(message)]
