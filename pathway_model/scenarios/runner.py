"""Plays a scenario and says where what happened differs from what was expected.

`run` plays it on the pure core. Whoever else can play a cue (a real workflow on a test server, say) is a `Driver`, or
awaits what it hears, and hands it to `report`: the same expectations, and a trace to compare.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from pathway_model.advance import open_case, proceed, settle
from pathway_model.case import Case
from pathway_model.clocks import next_wake
from pathway_model.events import ClockCameDue, Referred
from pathway_model.language.names import CaseId
from pathway_model.outcome import Refusal, Step
from pathway_model.pathway import Pathway
from pathway_model.scenarios.dates import Dated
from pathway_model.scenarios.expectations import Heard, Unlike, differences
from pathway_model.scenarios.scenario import Line, Scenario
from pathway_model.scenarios.script import Cue, script_of
from pathway_model.scenarios.trace import Trace, entries_of

_CASE: Final = CaseId("scenario")


class Driver(Protocol):
    """Whoever can play a story, cue by cue."""

    def play(self, cue: Cue) -> Heard:
        """Let time pass until the cue, then do what it says. Contacts keep the names that the story gives them."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that was not as expected.

    Attributes:
        line: Of the scenario's file, from 1; the number of the story's line where the file is not known.
    """

    line: int
    at: str
    unlike: Unlike
    because: str

    def __str__(self) -> str:
        said = f"line {self.line}, {self.at}: expected {self.unlike.what} {self.unlike.expected}, was {self.unlike.was}"
        return f"{said} because: {self.because}" if self.because else said


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How a scenario went."""

    scenario: str
    differences: tuple[Difference, ...]
    trace: Trace

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return not self.differences


def run(pathway: Pathway, scenario: Scenario, lines: Sequence[int] = ()) -> Report:
    """Play a scenario on the pure core.

    Args:
        pathway: The pathway that it was checked against.
        scenario: The story.
        lines: Where each line of the story stands in its file.

    Raises:
        ValueError: The story does not fit the pathway; reading it would have said so.
    """
    driver = InMemory(pathway)
    return report(pathway, scenario, [driver.play(cue) for cue in cues_of(pathway, scenario)], lines)


def cues_of(pathway: Pathway, scenario: Scenario) -> tuple[Cue, ...]:
    """What a driver plays, one cue for each line of the story.

    Raises:
        ValueError: The story does not fit the pathway; reading it would have said so.
    """
    script = script_of(scenario, pathway)
    if script.misfits:
        raise ValueError("; ".join(misfit.message for misfit in script.misfits))
    return script.cues


def report(pathway: Pathway, scenario: Scenario, heard: Sequence[Heard], lines: Sequence[int] = ()) -> Report:
    """Compare what a driver heard, one for each line of the story, with what was expected."""
    found = []
    numbers = lines or range(1, len(scenario.story) + 1)
    for number, line, one in zip(numbers, scenario.story, heard, strict=True):
        because = _because(line, one)
        found += [
            Difference(line=number, at=str(line.at), unlike=unlike, because=because)
            for unlike in differences(line.expect, one, pathway)
        ]
    entries = tuple(entry for one in heard for entry in entries_of(one.steps, one.refusal))
    return Report(scenario=scenario.scenario, differences=tuple(found), trace=Trace(entries))


class InMemory:
    """A case on the pure core, which wakes for each clock exactly as a durable one does."""

    def __init__(self, pathway: Pathway) -> None:
        self._pathway = pathway
        self._case: Case | None = None

    def play(self, cue: Cue) -> Heard:
        """Let time pass until the cue, then do what it says; a refusal ends the line."""
        steps = list(self._clocks_until(cue))
        refusal: Refusal | None = None
        for event in cue.events:
            taken: tuple[Step, ...]
            if self._case is None:
                if not isinstance(event, Referred):
                    break
                opened = open_case(self._pathway, _CASE, event, cue.at)
                taken, refusal = ((), opened) if isinstance(opened, Refusal) else ((opened,), None)
            else:
                progress = proceed(self._pathway, self._case, event, cue.at)
                taken, refusal = progress.steps, progress.refusal
            steps += taken
            self._case = taken[-1].case if taken else self._case
            if refusal is not None:
                break
        # What was entered late may be overdue at once.
        steps += self._clocks_until(cue)
        return Heard(steps=tuple(steps), refusal=refusal, case=self._case)

    def _clocks_until(self, cue: Cue) -> Sequence[Step]:
        steps: list[Step] = []
        while self._case is not None and (wake := next_wake(self._case)) is not None and wake <= cue.at:
            fired = settle(self._pathway, self._case, wake)
            if not fired:
                raise RuntimeError(f"the case asked to be woken at {wake} and then did nothing")
            steps += fired
            self._case = fired[-1].case
        return steps


def _because(line: Line, heard: Heard) -> str:
    """What a reader needs to understand a difference: the refusal, or what the clocks did before."""
    if heard.refusal is not None:
        return "; ".join(reason.sentence for reason in heard.refusal.reasons)
    clocks = [step.event for step in heard.steps if isinstance(step.event, ClockCameDue)]
    if clocks:
        return "before it, " + ", ".join(f"{clock.turn} came due {Dated.of(clock.at)}" for clock in clocks)
    return f"{line.does} was accepted" if line.does else ""
