"""Small pathways for the tests of the core, and stories that are played on them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pathway_model.advance import open_case, proceed, settle
from pathway_model.case import Case, ConsentStatus, Turn, Value
from pathway_model.compiled import compile_pathway
from pathway_model.effects import CloseJob, OpenJob, SendNotice, WithholdNotice
from pathway_model.events import (
    ActionTaken,
    CaseEvent,
    ConsentRecorded,
    FactCorrected,
    HandoverAnswered,
    InterruptRaised,
    Referred,
)
from pathway_model.language.definition import Definition
from pathway_model.language.names import CaseId, ContactId
from pathway_model.outcome import Reason, Refusal, Step
from pathway_model.pathway import Pathway

HOLIDAYS = ["2025-08-25", "2025-12-25", "2025-12-26", "2026-01-01", "2026-04-03", "2026-04-06"]
"""Of England, typed from gov.uk: the summer bank holiday, Christmas, New Year and Easter."""

AGENCIES = {
    "us": {"title": "Us", "roles": ["worker", "manager", "senior"]},
    "them": {"title": "Them", "roles": ["receiver", "their_manager"]},
    "others": {"title": "Others", "roles": ["other_receiver", "other_manager"]},
}

Table = dict[str, Any]
HandoverAnswer = Literal["receive", "accept", "decline", "begin", "complete", "withdraw"]


def local(text: str) -> datetime:
    """A London time such as `2025-09-01 10:00`, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)


def pathway(**parts: object) -> Pathway:
    """A compiled pathway of three roles in one agency and two other agencies; `parts` are those of a definition."""
    usual: Table = {
        "pathway": "small",
        "version": 1,
        "title": "Small",
        "holidays": HOLIDAYS,
        "agencies": AGENCIES,
        "contacts": {"gp": "one", "relative": "many"},
    }
    return compile_pathway(Definition.model_validate(usual | parts))


def one_step(actions: Table | None = None, **step: object) -> Table:
    """Phases with one step `start` of the worker's, and an ending `done`."""
    start: Table = {"owner": "worker", "actions": actions or {}} | step
    return {"first": {"steps": {"start": start}}, "last": {"steps": {"done": {"owner": "worker", "ends": "completed"}}}}


class Story:
    """A case that events are played on, one after another; its clocks fire as time passes."""

    def __init__(self, on: Pathway, began: str = "2025-09-01 10:00", contacts: Mapping[str, str] | None = None) -> None:
        self.pathway = on
        self.steps: list[Step] = []
        kinds = {ContactId(key): kind for key, kind in (contacts or {}).items()}
        opened = open_case(on, CaseId("c"), Referred(at=local(began), by="gp", contacts=kinds), local(began))
        assert isinstance(opened, Step), opened
        self.steps.append(opened)

    @property
    def case(self) -> Case:
        return self.steps[-1].case

    @property
    def last(self) -> Step:
        return self.steps[-1]

    @property
    def at(self) -> dict[str, str]:
        """The step of every open strand."""
        return {key: state.step for key, state in self.case.strands.items() if state.open}

    @property
    def jobs(self) -> set[tuple[str, str]]:
        """Open jobs, as role and what they are about."""
        return {(job.role, job.about) for job in self.case.jobs.values()}

    def turn(self, key: str) -> Turn:
        return self.case.clocks[key]

    def told(self) -> list[tuple[str, datetime]]:
        """Who was given a job, and since when, in the whole story."""
        return [(one.role, one.since) for step in self.steps for one in step.effects if isinstance(one, OpenJob)]

    def closed(self) -> list[str]:
        """How jobs were closed in the last step."""
        return [effect.outcome for effect in self.last.effects if isinstance(effect, CloseJob)]

    def sent(self) -> list[tuple[str, str]]:
        """Which notices went to whom in the last step."""
        return [(one.notice, one.recipient) for one in self.last.effects if isinstance(one, SendNotice)]

    def withheld(self) -> list[tuple[str, str, str]]:
        """Which notices did not go to whom in the last step, and why."""
        return [(one.notice, one.recipient, one.reason) for one in self.last.effects if isinstance(one, WithholdNotice)]

    def wait(self, until: str) -> tuple[Step, ...]:
        """Let the clocks do what they do by a London time."""
        fired = settle(self.pathway, self.case, local(until))
        self.steps += fired
        return fired

    def play(self, event: CaseEvent, entered: datetime | None = None) -> Step:
        """An event that is accepted."""
        progress = proceed(self.pathway, self.case, event, entered or event.at)
        assert progress.refusal is None, progress.refusal
        self.steps += progress.steps
        return self.last

    def do(
        self,
        action: str,
        at: str,
        by: str = "worker",
        *,
        entered: str | None = None,
        strand: str | None = None,
        **answers: Value,
    ) -> Step:
        """An action that is accepted."""
        event = ActionTaken(at=local(at), by=by, action=action, answers=answers, strand=strand)
        return self.play(event, local(entered) if entered else None)

    def refused(
        self, action: str, at: str, by: str = "worker", *, entered: str | None = None, **answers: Value
    ) -> tuple[Reason, ...]:
        """An action that is refused, with its reasons; it leaves nothing."""
        return self.refuse(ActionTaken(at=local(at), by=by, action=action, answers=answers), entered)

    def refuse(self, event: CaseEvent, entered: str | None = None) -> tuple[Reason, ...]:
        """An event that is refused, with its reasons; it leaves nothing."""
        progress = proceed(self.pathway, self.case, event, local(entered) if entered else event.at)
        assert isinstance(progress.refusal, Refusal), "it was accepted"
        self.steps += progress.steps
        return progress.refusal.reasons

    def interrupt(
        self, name: str, at: str, by: str = "worker", *, entered: str | None = None, **answers: Value
    ) -> Step:
        event = InterruptRaised(at=local(at), by=by, interrupt=name, answers=answers)
        return self.play(event, local(entered) if entered else None)

    def handover(
        self,
        name: str,
        answer: HandoverAnswer,
        at: str,
        by: str = "receiver",
        *,
        entered: str | None = None,
        reason: str | None = None,
        alternative: str | None = None,
    ) -> Step:
        event = HandoverAnswered(
            at=local(at), by=by, handover=name, answer=answer, reason=reason, alternative=alternative
        )
        return self.play(event, local(entered) if entered else None)

    def consent(self, name: str, party: str, status: ConsentStatus, at: str) -> Step:
        return self.play(ConsentRecorded(at=local(at), by="worker", consent=name, party=party, status=status))

    def correct(self, fact: str, value: Value, at: str, answer: int = -1) -> Step:
        return self.play(FactCorrected(at=local(at), by="worker", fact=fact, value=value, answer=answer))


def codes(reasons: tuple[Reason, ...]) -> set[tuple[str, str]]:
    """Reasons as code and name."""
    return {(reason.code, reason.name) for reason in reasons}
