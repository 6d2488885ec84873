"""The real ICoN pathway, as its file has it, and a referral to begin cases with."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

from pathway_model.advance import open_case
from pathway_model.compiled import compile_pathway
from pathway_model.events import Referred
from pathway_model.language.names import CaseId, ContactId
from pathway_model.outcome import Step
from pathway_model.pathway import Pathway
from pathway_model.reading.fragments import FragmentSource
from pathway_model.reading.reader import read

_PATHWAYS: Final = Path(__file__).parents[3] / "pathways"

REFERRED_AT: Final = datetime(2025, 8, 21, 9, tzinfo=UTC)
CONTACTS: Final = {ContactId("r"): "referrer", ContactId("g"): "gp", ContactId("f"): "family_member"}


@cache
def icon() -> Pathway:
    """ICoN, read and compiled once."""
    shared = FragmentSource("standard-1.yaml", (_PATHWAYS / "shared" / "standard-1.yaml").read_text())
    reading = read((_PATHWAYS / "icon" / "1.yaml").read_text(), "icon/1.yaml", {"standard 1": shared})
    assert reading.definition is not None, reading.problems
    return compile_pathway(reading.definition)


def referred(at: datetime = REFERRED_AT) -> Step:
    """A new case on ICoN, with a referrer, a GP and a family member."""
    step = open_case(icon(), CaseId("case"), Referred(at=at, by="referrer", contacts=CONTACTS), at)
    assert isinstance(step, Step)
    return step


def roles() -> tuple[str, ...]:
    """Every role of the pathway."""
    return tuple(icon().agency_of)
