"""The work that durable cases are measured by: what people do in ICoN's scenario S1, one thing right after another.

Time cannot be skipped on the real server. So everything is entered now, as if it had happened over the weekend, and the
two minimums of the pathway (six months of support, four weeks of overlap) are one day long; no other clock comes due.
The sister's consent is not withdrawn again: her notice might be on its way just then, or not, and all runs are alike.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from pathway_model.advance import open_case, proceed
from pathway_model.compiled import compile_pathway
from pathway_model.events import ActionTaken, ConsentRecorded, PersonEvent, Referred, StaffingChanged
from pathway_model.language.names import CaseId, ContactId
from pathway_model.outcome import Step
from pathway_model.pathway import Pathway
from pathway_model.reading.fragments import FragmentSource
from pathway_model.reading.reader import read
from pathway_model.scenarios.reading import read_scenario
from pathway_model.scenarios.runner import cues_of

_PATHWAYS: Final = Path(__file__).parents[1] / "pathways"
_MINIMUMS: Final = {
    "minimum_support: {at_least: 6 calendar months": "minimum_support: {at_least: 1 calendar day",
    "four_week_overlap: {at_least: 4 weeks": "four_week_overlap: {at_least: 1 calendar day",
}
NOW: Final = datetime(2026, 9, 7, 11, tzinfo=UTC)
"""A Monday, to which the cases' clocks are put, so that every run has the same weekend behind it."""

_DAYS_BEFORE: Final = {"acknowledge": 2, "start_transition": 1, "end_overlap": 0}
"""How long ago it happened, from this action on: a day for each minimum."""

CONTACTS: Final = {"referrer": "referrer", "gp": "gp", "sister": "family_member"}


def quick_icon() -> Pathway:
    """ICoN with minimums of one day."""
    text = (_PATHWAYS / "icon" / "1.yaml").read_text()
    for written, instead in _MINIMUMS.items():
        assert written in text
        text = text.replace(written, instead)
    shared = FragmentSource("standard-1.yaml", (_PATHWAYS / "shared" / "standard-1.yaml").read_text())
    reading = read(text, "icon/1.yaml", {"standard 1": shared})
    assert reading.definition is not None
    return compile_pathway(reading.definition)


def deeds(pathway: Pathway) -> tuple[PersonEvent, ...]:
    """What people do in S1 and are not refused, in order; their times are the story's."""
    path = _PATHWAYS / "icon" / "scenarios" / "s1_from_referral_to_closing.yaml"
    scenario = read_scenario(path.read_text(), path.name, pathway).scenario
    assert scenario is not None
    refused = [bool(line.expect.refused) for line in scenario.story]
    cues = [cue for cue, no in zip(cues_of(pathway, scenario), refused, strict=True) if not no]
    events = (event for cue in cues for event in cue.events if not isinstance(event, StaffingChanged))
    return tuple(event for event in events if getattr(event, "status", None) != "withdrawn")


def at_once(story: tuple[PersonEvent, ...], case: str) -> Iterator[PersonEvent]:
    """The story for one case, with contacts of its own, within three days."""
    days = _DAYS_BEFORE["acknowledge"]
    for event in story:
        days = _DAYS_BEFORE.get(getattr(event, "action", "none"), days)
        at = NOW - timedelta(days=days)
        dated = replace(event, at=at)
        if isinstance(dated, Referred):
            yield replace(dated, contacts={ContactId(f"{case}-{name}"): kind for name, kind in dated.contacts.items()})
        elif isinstance(dated, ConsentRecorded) and dated.party in CONTACTS:
            yield replace(dated, party=f"{case}-{dated.party}")
        elif isinstance(dated, ActionTaken) and "review_at" in dated.answers:
            yield replace(dated, answers={**dated.answers, "review_at": NOW})
        else:
            yield dated


def walk(pathway: Pathway, events: Iterator[PersonEvent]) -> tuple[Step, ...]:
    """The same on the pure core: every step, to compare with."""
    first = next(events)
    assert isinstance(first, Referred)
    opened = open_case(pathway, CaseId("compressed"), first, NOW)
    assert isinstance(opened, Step), opened
    steps, case = [opened], opened.case
    for event in events:
        progress = proceed(pathway, case, event, NOW)
        assert progress.refusal is None, (event, progress.refusal)
        steps += progress.steps
        case = steps[-1].case
    return tuple(steps)
