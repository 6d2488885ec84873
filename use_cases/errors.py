"""Everything that can go wrong at the door, in one tree, in sentences that a caseworker can read.

    HandrailError
    ├── InputError             what was asked cannot be understood
    │   ├── AnswersError         some answers cannot be read
    │   ├── NotFoundError      there is no such case, account, definition, action…
    │   └── RequestReusedError the same request id came with something else in it
    ├── NotAllowedError        this account may not do or see that
    ├── ConflictError          something else is there already
    │   └── MovedOnError         the case is not as it was seen when the form was filled in
    └── AwayError              something that Handrail needs cannot be reached; repeat the request
        ├── CaseBusyError      the case is being moved to a new run: try again
        ├── NotRecordedError   the case could not be recorded, so nothing happened
        └── UnfitError         the database or the machine is not in a state to work with

What a pathway refuses is no error: it is an answer, with its reasons (`use_cases.outcomes.Refused`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(eq=False)
class HandrailError(Exception):
    """Something went wrong.

    Attributes:
        sentence: What a caseworker reads.
        mend: What to do about it; empty when nothing helps.
    """

    sentence: str
    mend: str = ""

    def __post_init__(self) -> None:
        super().__init__(self.sentence, self.mend)

    def __str__(self) -> str:
        return f"{self.sentence} {self.mend}".strip()


class InputError(HandrailError):
    """What was asked cannot be understood."""


@dataclass(eq=False)
class AnswersError(InputError):
    """Some answers cannot be read.

    Attributes:
        answers: What is wrong with each, by fact.
    """

    answers: Mapping[str, str] = field(default_factory=dict)


class NotFoundError(InputError):
    """There is nothing of that name, or not for this account: the two are told in the same words."""


class RequestReusedError(InputError):
    """The same request id came with something else in it."""


class NotAllowedError(HandrailError):
    """The account may not do or see that."""


class ConflictError(HandrailError):
    """Something else is there already."""


class MovedOnError(ConflictError):
    """The case is not as it was seen when the form was filled in; nothing happened."""


class AwayError(HandrailError):
    """Something that Handrail needs cannot be reached. Whether it acted is not known: repeat the request."""


class CaseBusyError(AwayError):
    """The case is being moved to a new run; the same request succeeds a moment later."""


class NotRecordedError(AwayError):
    """The records could not be written, so nothing happened."""


class UnfitError(AwayError):
    """The database or the machine is not in a state to work with."""
