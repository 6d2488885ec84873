"""Request ids act once: which have acted, and what was answered.

Temporal forgets update ids when a workflow continues as new, so a case remembers its own, in its snapshot.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from workflows import refusals
from workflows.messages import SENT_EVENT, Answer, Answered, Request

REMEMBERED: Final = 100
"""Ids of accepted requests; a case sees a few a week, and a lost reply is asked for again within minutes."""


class Requests:
    """The latest requests that acted on one case."""

    def __init__(self, answered: Mapping[str, Answered]) -> None:
        self._answered = dict(answered)

    def answer_to(self, request: Request) -> Answer | None:
        """What this request was answered when it acted; none if it has not.

        Raises:
            ApplicationError: It acted with another event (`RequestReused`).
        """
        known = self._answered.get(request.id)
        if known is None:
            return None
        if known.digest != _digest(request):
            raise refusals.request_reused()
        return Answer(sequence=known.sequence)

    def acted(self, request: Request, sequence: int) -> Answer:
        """Remember that a request acted, as the case's event of this number."""
        self._answered[request.id] = Answered(sequence=sequence, digest=_digest(request))
        while len(self._answered) > REMEMBERED:
            del self._answered[next(iter(self._answered))]
        return Answer(sequence=sequence)

    def remembered(self) -> dict[str, Answered]:
        """For the snapshot, oldest first."""
        return dict(self._answered)


def _digest(request: Request) -> str:
    return sha256(SENT_EVENT.dump_json(request.event)).hexdigest()[:16]
