"""New cases on the real ICoN pathway, as its file has it."""

from datetime import UTC, datetime
from typing import Final

from pathway_model.advance import open_case
from pathway_model.events import Referred
from pathway_model.language.names import CaseId, ContactId
from pathway_model.outcome import Step
from tests.unit.pathways.files import icon

REFERRED_AT: Final = datetime(2025, 8, 21, 9, tzinfo=UTC)
CONTACTS: Final = {ContactId("r"): "referrer", ContactId("g"): "gp", ContactId("f"): "family_member"}


def referred(at: datetime = REFERRED_AT) -> Step:
    """A new case on ICoN, with a referrer, a GP and a family member."""
    step = open_case(icon(), CaseId("case"), Referred(at=at, by="referrer", contacts=CONTACTS), at)
    assert isinstance(step, Step)
    return step


def roles() -> tuple[str, ...]:
    """Every role of the pathway."""
    return tuple(icon().agency_of)
