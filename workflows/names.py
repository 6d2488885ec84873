"""The names that histories, other programs and operators know.

A test pins them: when one changes, running cases break.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from pathway_model.language.names import CaseId

TASK_QUEUE: Final = "handrail"

CASE: Final = "Case"
"""The workflow that is one case."""

TAKE: Final = "take"
"""The update by which people act on a case: `Request` → `Answer`."""

NUDGE: Final = "nudge"
"""The signal that makes a parked case try again."""

CASE_VALUE: Final = "case"
"""The query for the JSON form of the case; none before the referral is recorded."""

REFUSED: Final = "Refused"
CASE_BUSY: Final = "CaseBusy"
RECORDS_AWAY: Final = "RecordsAway"
IN_DOUBT: Final = "InDoubt"
CANNOT_BE_RECORDED: Final = "CannotBeRecorded"
REQUEST_REUSED: Final = "RequestReused"
"""Types of the errors that `take` answers."""

PATHWAY: Final = "HandrailPathway"
VERSION: Final = "HandrailVersion"
PHASE: Final = "HandrailPhase"
STEP: Final = "HandrailStep"
OWNER_ROLE: Final = "HandrailOwnerRole"
AGENCY: Final = "HandrailAgency"
NEXT_DUE: Final = "HandrailNextDue"
WAITING_SINCE: Final = "HandrailWaitingSince"
PAUSED: Final = "HandrailPaused"
BLOCKED: Final = "HandrailBlocked"

AttributeKind = Literal["Keyword", "KeywordList", "Datetime", "Bool", "Int"]

# Temporal's SQL visibility store has room for three keyword lists.
SEARCH_ATTRIBUTES: Final[Mapping[str, AttributeKind]] = MappingProxyType(
    {
        PATHWAY: "Keyword",
        VERSION: "Int",
        PHASE: "Keyword",
        STEP: "KeywordList",
        OWNER_ROLE: "KeywordList",
        AGENCY: "KeywordList",
        NEXT_DUE: "Datetime",
        WAITING_SINCE: "Datetime",
        PAUSED: "Bool",
        BLOCKED: "Keyword",
    }
)
"""What a namespace must have registered before a case runs in it. Plain text to whoever operates Temporal."""

BLOCKED_RECORDS_AWAY: Final = "records away"
BLOCKED_CANNOT_RECORD: Final = "cannot be recorded"


def workflow_id(case: CaseId) -> str:
    """The id of the workflow that is this case."""
    return f"case-{case}"
