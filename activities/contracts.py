"""What a case asks of the world, by name: inputs, outputs, time limits and retries, all in one place.

The only module of this package that a workflow may import. The activities themselves are in
`activities.record` and `activities.notices`. How an attempt failed is told by a type, because that decides
whether a case may give up.
"""

from datetime import timedelta
from typing import Final

from temporalio.common import RetryPolicy
from temporalio.workflow import ActivityConfig

from pathway_model.recording import (
    DeliverNotice,
    NotDelivered,
    NoticeDelivered,
    RecordSteps,
    StepRow,
    StepsRecorded,
)

__all__ = [
    "DELIVERY",
    "DELIVER_NOTICE",
    "MAY_BE_STORED",
    "NEVER_STORED",
    "NOTHING_STORED",
    "NOT_YET_DELIVERED",
    "ONE_ATTEMPT",
    "RECORD_STEPS",
    "UNTIL_RECORDED",
    "DeliverNotice",
    "NotDelivered",
    "NoticeDelivered",
    "RecordSteps",
    "StepRow",
    "StepsRecorded",
]

RECORD_STEPS: Final = "record_steps"
"""`RecordSteps` → `StepsRecorded`. Recording the same steps again changes nothing."""

DELIVER_NOTICE: Final = "deliver_notice"
"""`DeliverNotice` → `NoticeDelivered`. Delivered at least once, recorded once."""

NOTHING_STORED: Final = "NothingStored"
"""This attempt certainly stored nothing: it never came to the commit."""

MAY_BE_STORED: Final = "MayBeStored"
"""The commit was sent and its answer lost: only recording the same steps again tells."""

NEVER_STORED: Final = "NeverStored"
"""These steps can never be recorded: something else stands there, or they break a rule of the records."""

NOT_YET_DELIVERED: Final = "NotYetDelivered"
"""The notice could not be delivered now; it is tried again."""

# Longer than the database's own time limits, so that a slow attempt fails by itself, saying what it stored,
# before it is given up here, when nobody can say.
ATTEMPT: Final = timedelta(seconds=15)

ONE_ATTEMPT: Final = ActivityConfig(start_to_close_timeout=ATTEMPT, retry_policy=RetryPolicy(maximum_attempts=1))
"""For `record_steps` while a person waits: the case hears how each attempt failed."""

UNTIL_RECORDED: Final = ActivityConfig(
    start_to_close_timeout=ATTEMPT,
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=1),
        backoff_coefficient=2.0,
        maximum_interval=timedelta(seconds=30),
        non_retryable_error_types=[NEVER_STORED],
    ),
)
"""For `record_steps` when giving up is not possible: one pending activity, which operators can see."""

DELIVERY: Final = ActivityConfig(
    start_to_close_timeout=timedelta(minutes=1),
    schedule_to_close_timeout=timedelta(days=2),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=2),
        backoff_coefficient=2.0,
        maximum_interval=timedelta(minutes=10),
        non_retryable_error_types=[NEVER_STORED],
    ),
)
"""For `deliver_notice`. What cannot be delivered for two days becomes somebody's job."""
