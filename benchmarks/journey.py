"""The work that is measured: ICoN's own scenario S1, from the referral to the closing, on the pure core."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from pathway_model.advance import advance, open_case, proceed, settle
from pathway_model.case import Case
from pathway_model.clocks import next_wake
from pathway_model.compiled import compile_pathway
from pathway_model.events import CaseEvent, Referred
from pathway_model.language.names import CaseId
from pathway_model.outcome import Step
from pathway_model.pathway import Pathway
from pathway_model.reading.fragments import FragmentSource
from pathway_model.reading.reader import read
from pathway_model.scenarios.reading import read_scenario
from pathway_model.scenarios.runner import cues_of

_PATHWAYS: Final = Path(__file__).parents[1] / "pathways"
_CASE: Final = CaseId("measured")


@dataclass(frozen=True, slots=True)
class Journey:
    """Every accepted event of a scenario, clocks included, with the instant at which each is entered."""

    pathway: Pathway
    steps: tuple[Step, ...]

    def opened(self) -> Case:
        """A fresh case."""
        event = self.steps[0].event
        assert isinstance(event, Referred)
        step = open_case(self.pathway, _CASE, event, self.steps[0].entered)
        assert isinstance(step, Step)
        return step.case

    def after_opening(self) -> tuple[tuple[CaseEvent, datetime], ...]:
        """The events that follow, with their instants."""
        return tuple((step.event, step.entered) for step in self.steps[1:])

    def walk(self) -> Case:
        """The whole journey by `advance`, one call for each event; its last case."""
        case = self.opened()
        for event, now in self.after_opening():
            step = advance(self.pathway, case, event, now)
            assert isinstance(step, Step)
            case = step.case
        return case


def s1() -> Journey:
    """The scenario as it is shipped."""
    pathway = _icon()
    path = _PATHWAYS / "icon" / "scenarios" / "s1_from_referral_to_closing.yaml"
    scenario = read_scenario(path.read_text(), path.name, pathway).scenario
    assert scenario is not None
    steps: list[Step] = []
    for cue in cues_of(pathway, scenario):
        while steps and (wake := next_wake(steps[-1].case)) is not None and wake <= cue.at:
            steps += settle(pathway, steps[-1].case, wake)
        for event in cue.events:
            if isinstance(event, Referred):
                opened = open_case(pathway, _CASE, event, cue.at)
                assert isinstance(opened, Step)
                steps.append(opened)
            else:
                steps += proceed(pathway, steps[-1].case, event, cue.at).steps
    return Journey(pathway, tuple(steps))


def _icon() -> Pathway:
    shared = FragmentSource("standard-1.yaml", (_PATHWAYS / "shared" / "standard-1.yaml").read_text())
    reading = read((_PATHWAYS / "icon" / "1.yaml").read_text(), "icon/1.yaml", {"standard 1": shared})
    assert reading.definition is not None
    return compile_pathway(reading.definition)
