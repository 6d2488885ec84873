"""Everything that can go wrong in the records, each with a sentence that a caseworker could read.

RecordsError
├── RecordsUnavailableError       locked, away or too slow: the same call may succeed later
├── CommitUnknownError            lost while committing: only doing the same again tells
├── SchemaOutdatedError           the database belongs to another version of the program
├── NotOnRecordError              no such thing, or not for this viewer to see
├── StepNotRecordedError          a step cannot be added to the case; trying again will not help
│   ├── ConflictingStepError      another step stands at its place
│   ├── MissingStepError          the step before it was never recorded
│   ├── WrongRunError             the case is in the hands of another durable run
│   ├── BadStepError              the step contradicts itself or the definition
│   └── StagedAnswerMissingError  the words of a personal answer were never staged
├── StagedAnswerDiffersError      one request id, two different answers
├── ContactDiffersError           one contact id, two different people
├── DefinitionTakenError          name and version are published with other content
├── BadNhsNumberError             the check digit or the form is wrong
└── NhsNumberTakenError           another person has it
"""


class RecordsError(Exception):
    """The base of this tree."""


class RecordsUnavailableError(RecordsError):
    """The database is locked, away or too slow; nothing was changed."""

    def __init__(self, cause: str) -> None:
        super().__init__(f"The records cannot be reached at the moment ({cause}). Nothing was changed.")
        self.cause = cause


class CommitUnknownError(RecordsError):
    """The database was lost while committing: the change may be stored, or not."""

    def __init__(self, cause: str) -> None:
        super().__init__(f"The records went away while saving ({cause}). Do the same again: it is stored once only.")
        self.cause = cause


class SchemaOutdatedError(RecordsError):
    """The database belongs to another version of the program."""

    def __init__(self, found: str | None, expected: str | None) -> None:
        super().__init__(
            f"The database is at version {found or 'none'}, this program needs {expected}: "
            "run `handrail migrate-database`."
        )
        self.found = found
        self.expected = expected


class NotOnRecordError(RecordsError):
    """There is no such thing, or the viewer may not know of it: both look the same."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"There is no {kind} {name}, or you may not see it.")
        self.kind = kind
        self.name = name


class StepNotRecordedError(RecordsError):
    """A step cannot be added to the case, and trying again will not help."""

    def __init__(self, case: str, sequence: int, why: str) -> None:
        super().__init__(f"Step {sequence} of case {case} is not recorded: {why}.")
        self.case = case
        self.sequence = sequence


class ConflictingStepError(StepNotRecordedError):
    """Another step stands at this place, or the request has acted already."""


class MissingStepError(StepNotRecordedError):
    """The step before it was never recorded."""


class WrongRunError(StepNotRecordedError):
    """The case is in the hands of another durable run, or runs on another definition."""


class BadStepError(StepNotRecordedError):
    """The step contradicts itself, the case or the definition."""


class StagedAnswerMissingError(StepNotRecordedError):
    """The words of a personal answer were never staged: without them the step would lose what was said."""

    def __init__(self, case: str, sequence: int, fact: str) -> None:
        super().__init__(case, sequence, f"the answer to `{fact}` was not staged")
        self.fact = fact


class StagedAnswerDiffersError(RecordsError):
    """The same request id came with different words."""

    def __init__(self, request: str, fact: str) -> None:
        super().__init__(f"Request {request} has given another answer to `{fact}` before.")
        self.request = request
        self.fact = fact


class ContactDiffersError(RecordsError):
    """The same contact came with another name, address or case. None of them is repeated here."""

    def __init__(self, contact: str) -> None:
        super().__init__(f"Contact {contact} is somebody else on record.")
        self.contact = contact


class DefinitionTakenError(RecordsError):
    """This name and version are published with other content; a published version never changes."""

    def __init__(self, name: str, version: int) -> None:
        super().__init__(f"{name} {version} is published with other content: give the change a new version.")
        self.name = name
        self.version = version


class BadNhsNumberError(RecordsError):
    """The number is not a valid NHS number. It is not repeated here: messages end up in logs."""

    def __init__(self) -> None:
        super().__init__("This is not a valid NHS number: ten digits, the last of which checks the others.")


class NhsNumberTakenError(RecordsError):
    """Another person has this NHS number."""

    def __init__(self, person: str) -> None:
        super().__init__(f"Person {person} already has this NHS number.")
        self.person = person
