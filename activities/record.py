"""The activity that records steps: one attempt is one transaction, and a repetition changes nothing."""

from dataclasses import dataclass, replace

from sqlalchemy import Engine
from sqlalchemy.exc import DataError, IntegrityError
from temporalio import activity

from activities.contracts import (
    MAY_BE_STORED,
    NEVER_STORED,
    NOTHING_STORED,
    RECORD_STEPS,
    RecordSteps,
    StepsRecorded,
)
from activities.failures import failed, unforeseen_errors_unnamed
from records.case_events import append
from records.engine import writing
from records.errors import (
    CommitUnknownError,
    NotOnRecordError,
    RecordsUnavailableError,
    StepNotRecordedError,
)


@dataclass(frozen=True, slots=True)
class Records:
    """The records, as the cases of one worker reach them."""

    engine: Engine

    @activity.defn(name=RECORD_STEPS)
    def record_steps(self, steps: RecordSteps) -> StepsRecorded:
        """Record steps, in a thread of its own.

        Raises:
            ApplicationError: `NothingStored`, `MayBeStored` or `NeverStored`; anything else may have stored them.
        """
        with unforeseen_errors_unnamed():
            try:
                with writing(self.engine) as session:
                    return replace(append(session, steps), after=steps.after)
            except RecordsUnavailableError as error:
                raise failed(NOTHING_STORED, error) from None
            except CommitUnknownError as error:
                raise failed(MAY_BE_STORED, error) from None
            except (StepNotRecordedError, NotOnRecordError) as error:
                raise failed(NEVER_STORED, error) from None
            except (IntegrityError, DataError) as error:
                # Rolled back, and so it will be the next time. The driver's own words repeat the row.
                raise failed(NEVER_STORED, f"{type(error).__name__} of the database") from None
