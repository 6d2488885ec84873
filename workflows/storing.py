"""Getting steps into the records, and knowing for certain when they are not there.

A case may only go back to where it was if nothing was stored. An attempt that timed out, or lost the answer
to its commit, may have stored something, now or a little later; then the same steps are recorded again until
they stand.
docs/adr/0030 has the reasoning.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Final, Literal

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from activities.contracts import (
    NEVER_STORED,
    NOTHING_STORED,
    ONE_ATTEMPT,
    RECORD_STEPS,
    UNTIL_RECORDED,
    RecordSteps,
    StepsRecorded,
)

PAUSES: Final = (timedelta(seconds=1), timedelta(seconds=3))
"""Between attempts while a person waits. Each is an activity of its own, so that each tells how it failed."""

FLAGGED_AFTER: Final = timedelta(seconds=30)

Outcome = Literal["nothing stored", "never", "may be stored"]


class NotStoredError(Exception):
    """The steps are certainly not in the records. `never`: and never will be."""

    def __init__(self, *, never: bool) -> None:
        super().__init__("never" if never else "not now")
        self.never = never


class StillInDoubtError(Exception):
    """A recording that retries without limit has ended, and nobody knows how: somebody ended it from outside.

    No `ApplicationError` either: neither going on nor going back would be right.
    """


class RulesChangedError(Exception):
    """In a replay: today's rules make something else of this case than what was recorded.

    No `ApplicationError`, so that the workflow task fails, visibly, and nothing is done on a state that no record
    knows. Mended by a worker with the old rules, or by beginning the case anew from its records.
    """


class Store:
    """The way of one case into the records. One recording at a time: the caller holds the case's lock.

    Attributes:
        stalled: A recording is under way that cannot be given up, and takes as long as it takes.
    """

    def __init__(self, flag: Callable[[], None]) -> None:
        """Take what to call when a recording has been stalled for 30 seconds."""
        self.stalled = False
        self._flag = flag

    async def store_or_give_up(self, steps: RecordSteps) -> StepsRecorded:
        """Record steps for somebody who waits; give up after a few attempts that stored nothing.

        Raises:
            NotStoredError: Nothing was stored.
        """
        for number, pause in enumerate((*PAUSES, None), start=1):
            try:
                return await _attempt(steps, number)
            except ActivityError as error:
                outcome = _outcome(error)
            if outcome == "may be stored":
                break
            if outcome == "never" or pause is None:
                raise NotStoredError(never=outcome == "never")
            await workflow.sleep(pause, summary="before recording again")
        return await self._until_stored(steps)

    async def store(self, steps: RecordSteps) -> StepsRecorded:
        """Record steps that nobody waits for, however long it takes.

        Raises:
            NotStoredError: They can never be recorded.
        """
        try:
            return await _attempt(steps, 1)
        except ActivityError as error:
            if _outcome(error) == "never":
                raise NotStoredError(never=True) from None
        return await self._until_stored(steps)

    async def _until_stored(self, steps: RecordSteps) -> StepsRecorded:
        self.stalled = True
        # Beside one pending activity: raised once however many attempts fail, so that the flag never flaps.
        flagging = asyncio.create_task(self._flag_when_it_lasts())
        try:
            return await _record(steps, "until-recorded", UNTIL_RECORDED)
        except ActivityError as error:
            if _outcome(error) == "never":
                raise NotStoredError(never=True) from None
            raise StillInDoubtError from error
        finally:
            flagging.cancel()
            self.stalled = False

    async def _flag_when_it_lasts(self) -> None:
        await workflow.sleep(FLAGGED_AFTER, summary="until the case is flagged")
        self._flag()


async def _attempt(steps: RecordSteps, number: int) -> StepsRecorded:
    return await _record(steps, f"attempt-{number}", ONE_ATTEMPT)


async def _record(steps: RecordSteps, how: str, policy: workflow.ActivityConfig) -> StepsRecorded:
    first, last = steps.steps[0], steps.steps[-1]
    # Replay compares ids and never arguments: a worker that would record other steps is found out by this.
    name = f"{first.sequence}-{last.sequence} {last.event.kind} {how}"
    config: workflow.ActivityConfig = {**policy, "activity_id": name}
    recorded: StepsRecorded = await workflow.execute_activity(RECORD_STEPS, steps, result_type=StepsRecorded, **config)
    if recorded.after not in {None, steps.after}:
        raise RulesChangedError
    return recorded


def _outcome(error: ActivityError) -> Outcome:
    cause = error.cause
    if isinstance(cause, ApplicationError):
        if cause.type == NEVER_STORED:
            return "never"
        if cause.type == NOTHING_STORED:
            return "nothing stored"
    # A time-out, a lost worker, an error nobody foresaw: the attempt may still commit.
    return "may be stored"
