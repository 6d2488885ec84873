"""Random journeys through ICoN: mostly sensible people, who now and then are late, wrong, or in trouble.

Half of what they do leads towards a step drawn for the journey (`obedience`), so that far steps are reached too. Every
event is one attempt, clocks included; nothing is judged here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final, TypeVar, get_args

from hypothesis import strategies as st

from pathway_model.advance import advance, settle
from pathway_model.case import Case, ConsentStatus, Value
from pathway_model.clocks import next_wake
from pathway_model.events import (
    ActionTaken,
    CaseEvent,
    ClockCameDue,
    ConsentRecorded,
    ContactAdded,
    FactCorrected,
    HandoverAnswered,
    InterruptRaised,
    JobDone,
    NoticeNotDelivered,
    Referred,
    StaffingChanged,
)
from pathway_model.explain import explain
from pathway_model.language.names import MAIN, ContactId
from pathway_model.outcome import Refusal, Step
from pathway_model.requirements import PENDING
from tests.unit.pathways.files import icon
from tests.unit.properties.answering import fitting, suitable, unfitting, written_as
from tests.unit.properties.cases import REFERRED_AT, referred, roles
from tests.unit.properties.obedience import next_deed

_One = TypeVar("_One")

_MOST_EVENTS: Final = 70
_LOOK_ON: Final = 6
"""How many more events a case meets after its end."""

_FAR: Final = ("overlap", "closed", "closed_without_contact", "closed_moved", "closed_died")
"""Steps that a journey reaches only if it makes for them from early on."""

_ANSWERS: Final = get_args(HandoverAnswered.__annotations__["answer"])
"""Every answer to a handover; receivers are likelier to accept or decline."""


@dataclass(frozen=True)
class Attempt:
    """One event on one case, and what came of it."""

    before: Case
    event: CaseEvent
    now: datetime
    outcome: Step | Refusal

    @property
    def accepted(self) -> bool:
        return isinstance(self.outcome, Step)

    @property
    def after(self) -> Case:
        return self.outcome.case if isinstance(self.outcome, Step) else self.before

    @property
    def refused_for(self) -> tuple[str, ...]:
        """The codes of the reasons, if it was refused."""
        return () if isinstance(self.outcome, Step) else tuple(reason.code for reason in self.outcome.reasons)

    @property
    def by_clock(self) -> bool:
        return isinstance(self.event, ClockCameDue)


class Journey:
    """A case from its referral on. No dataclass: printed by its events, not by all its cases."""

    def __init__(self, opened: Step, attempts: tuple[Attempt, ...]) -> None:
        self.opened = opened
        self.attempts = attempts

    @property
    def steps(self) -> tuple[Step, ...]:
        """Everything that was accepted, the referral first."""
        return (self.opened, *(each.outcome for each in self.attempts if isinstance(each.outcome, Step)))

    @property
    def end(self) -> Case:
        return self.steps[-1].case

    def __repr__(self) -> str:
        """The events alone: what a failure is understood by."""
        return "\n".join([f"{step.entered:%F %T} {step.event}" for step in self.steps])

    @property
    def now(self) -> datetime:
        """When the last attempt was made."""
        return self.attempts[-1].now if self.attempts else self.opened.entered


@st.composite
def journeys(draw: st.DrawFn, most: int = _MOST_EVENTS) -> Journey:
    """A journey of up to so many events, apart from those of clocks."""
    start = REFERRED_AT + timedelta(hours=draw(st.integers(0, 24 * 200)))
    # Chance comes from a seed: examples differ as much as they can, and a short journey is the beginning of a long one.
    return journey_of(
        draw(st.randoms(use_true_random=True)), start, draw(st.sampled_from([most // 4, most // 2, most]))
    )


def journey_of(chance: Random, start: datetime, most: int) -> Journey:
    """The journey that a generator of chance makes; it ends soon after the case does."""
    walk = _Walk(chance, start)
    after_the_end = 0
    for _ in range(most):
        walk.go_on()
        after_the_end += walk.case.outcome is not None
        if after_the_end > _LOOK_ON:
            break
    return Journey(walk.opened, tuple(walk.attempts))


class _Walk:
    def __init__(self, chance: Random, start: datetime) -> None:
        self.chance = chance
        self.now = start
        self.opened = referred(start)
        self.case = self.opened.case
        self.attempts: list[Attempt] = []
        self.goal = self.one_of((*_FAR, *icon().steps))
        self.trouble = chance.randint(0, 6)

    def go_on(self) -> None:
        """One more event, after some time."""
        dice = self.chance.randint(0, 19)
        if dice < 10 - self.trouble and self._towards_goal():
            return
        self._let_time_pass()
        if dice < 13:
            self._try(self._sensible())
        elif dice < 16:
            self._try(self._unusual())
        else:
            self._try(self._wrong())

    def one_of(self, options: Sequence[_One]) -> _One:
        return self.chance.choice(options)

    def _towards_goal(self) -> bool:
        if all(state.step != self.goal for state in self.case.strands.values()):
            deed = next_deed(icon(), self.case, self.now, self.goal)
            if deed is not None:
                event, self.now = deed
                self._settle()
                if event is not None:
                    self._try(event)
                return True
        self.goal = self.one_of((*_FAR, *icon().steps))
        return False

    def _let_time_pass(self) -> None:
        wake = next_wake(self.case)
        jumps = [timedelta(0), timedelta(minutes=20), timedelta(hours=5), timedelta(days=1), timedelta(days=9)]
        jumps += [timedelta(days=50)] if self.trouble else []
        jumps += [max(wake - self.now, timedelta(0)) + timedelta(seconds=edge) for edge in (-1, 0) if wake is not None]
        self.now = max(self.now, self.now + self.one_of(jumps))
        if self.chance.randint(0, 30):
            self._settle()

    def _settle(self) -> None:
        for step in settle(icon(), self.case, self.now):
            self._note(step.event, step)

    def _try(self, event: CaseEvent | None) -> None:
        if event is not None:
            self._note(event, advance(icon(), self.case, event, self.now))

    def _note(self, event: CaseEvent, outcome: Step | Refusal) -> None:
        attempt = Attempt(self.case, event, self.now, outcome)
        self.attempts.append(attempt)
        self.case = attempt.after

    def _happened(self) -> datetime:
        """Mostly now; sometimes it is entered late."""
        late = self.one_of((0, 0, 0, 0, 1, 26, 24 * 6))
        return self.now - timedelta(hours=late)

    def _sensible(self) -> CaseEvent | None:
        asked = [name for name, state in self.case.handovers.items() if state.status in (*PENDING, "accepted")]
        kinds = ["action"] * 5 + ["consent", "consent", "done", *["handover"] * 4 * len(asked)]
        match self.one_of(kinds):
            case "action":
                return self._possible_action()
            case "consent":
                return self._consent()
            case "handover":
                return self._answer_handover(self.one_of(asked))
            case _:
                return self._job_done()

    def _possible_action(self) -> CaseEvent | None:
        found = [each for each in explain(icon(), self.case, self.now) if each.possible]
        if not found:
            return self._consent()
        chosen = self.one_of(found)
        by = self.one_of(chosen.who)
        if self.chance.randint(0, 3):
            return suitable(icon(), self.case, chosen, by, self.now, self.chance.randint(0, 5))
        asks = written_as(icon(), self.case, chosen).asks
        return ActionTaken(
            at=self._happened(), by=by, action=chosen.action, answers=self._answers(asks), strand=chosen.strand
        )

    def _answers(self, asks: Sequence[str]) -> dict[str, Value]:
        facts = icon().definition.facts
        return {name: self.one_of(fitting(facts[name], self.now)) for name in asks}

    def _consent(self) -> CaseEvent:
        name, model = self.one_of(tuple(icon().definition.consents.items()))
        parties = [*self.case.contacts] if set(model.with_) & set(icon().definition.contacts) else [*model.with_]
        parties = [party for party in parties if self.case.contacts.get(ContactId(party), party) in model.with_]
        statuses: tuple[ConsentStatus, ...] = ("given", "given", "asked", "refused", "withdrawn")
        return ConsentRecorded(
            at=self._happened(),
            by=self.case.strands[MAIN].owner,
            consent=name,
            party=self.one_of(parties),
            status=self.one_of(statuses),
        )

    def _answer_handover(self, name: str) -> HandoverAnswered:
        handover = icon().handovers[name]
        pending = self.case.handovers[name].status in PENDING
        answer = self.one_of((*_ANSWERS, "accept", "accept", "decline") if pending else ("begin", "complete"))
        never = handover.never_for.reasons if handover.never_for is not None else ()
        return HandoverAnswered(
            at=self._happened(),
            by=self.case.strands[MAIN].owner if answer == "withdraw" else handover.to,
            handover=name,
            answer=answer,
            reason=self.one_of((*handover.may_decline_for, *never)) if answer == "decline" else None,
            alternative="local_recovery" if answer == "decline" else None,
        )

    def _job_done(self) -> CaseEvent | None:
        if not self.case.jobs:
            return None
        key, job = self.one_of(tuple(self.case.jobs.items()))
        return JobDone(at=self.now, by=job.role, job=key)

    def _unusual(self) -> CaseEvent | None:
        """What does not happen every day: interrupts, corrections, new contacts, empty roles, lost notices."""
        match self.one_of(("interrupt", "interrupt", "correction", "contact", "staffing", "staffing", "notice")):
            case "interrupt":
                return self._interrupt()
            case "correction":
                return self._correction()
            case "contact":
                key = ContactId(f"c{len(self.attempts)}")
                return ContactAdded(at=self.now, by="keyworker", contact=key, contact_kind="family_member")
            case "staffing":
                owners = [state.owner for state in self.case.strands.values()]
                role = self.one_of((*roles(), *owners, *self.case.nobody_in))
                return StaffingChanged(at=self.now, role=role, somebody=role in self.case.nobody_in)
            case _:
                return NoticeNotDelivered(at=self.now, notice=f"{self.case.sequence}-closing-r", reason="unreachable")

    def _interrupt(self) -> CaseEvent:
        name = self.one_of((*icon().interrupts, "risk", "pause", "pause"))
        if name == "died" and self.chance.randint(0, 4):
            name = "risk"
        model = icon().interrupts[name]
        by = self.one_of(model.raised_by)
        who = {"owner": self.case.strands[MAIN].owner, "anyone": "person"}.get(by, by)
        return InterruptRaised(at=self._happened(), by=who, interrupt=name, answers=self._answers(model.asks))

    def _correction(self) -> CaseEvent | None:
        if not self.case.facts:
            return None
        name, given = self.one_of(tuple(self.case.facts.items()))
        value = self.one_of(fitting(icon().definition.facts[name], self.now))
        index = self.chance.randint(-len(given), len(given) - 1)
        return FactCorrected(at=self.now, by="keyworker", fact=name, value=value, answer=index)

    def _not_possible(self) -> CaseEvent:
        """An action that something stands in the way of, or that is somebody else's."""
        found = explain(icon(), self.case, self.now)
        chosen = self.one_of([each for each in found if not each.possible] or found) if found else None
        action = self.one_of(tuple(icon().actions)) if chosen is None else chosen.action
        by = self.one_of((*(chosen.who if chosen is not None else ()), "psychologist", "recovery_manager"))
        return ActionTaken(at=self.now, by=by, action=action, answers=self._answers(icon().actions[action][0].asks))

    def _wrong(self) -> CaseEvent:
        """What a muddled or hostile caller might send."""
        dice = self.chance.randint(0, 5)
        if dice == 0 and self.attempts:
            return self.attempts[-1].event  # a double click
        if dice < 5:
            return self._not_possible()
        facts, now, by = icon().definition.facts, self.now, "keyworker"
        action = self.one_of(tuple(icon().actions))
        asks = icon().actions[action][0].asks
        given, wrong = self._answers(asks), {name: self.one_of(unfitting(facts[name])) for name in asks}
        fact, role, handover = self.one_of(tuple(facts)), self.one_of(roles()), self.one_of(tuple(icon().handovers))
        events: tuple[CaseEvent, ...] = (
            ActionTaken(at=now, by=role, action=action, answers=given),
            ActionTaken(at=now, by=role, action=action, answers=wrong),
            ActionTaken(at=now, by="nobody", action="no_such_action", answers=wrong, strand="no_such_strand"),
            ActionTaken(at=now + timedelta(hours=1), by=by, action=action),
            ActionTaken(at=now - timedelta(days=900), by=by, action=action, answers=given),
            HandoverAnswered(at=now, by=by, handover=handover, answer="accept"),
            HandoverAnswered(at=now, by="nobody", handover="no_such_handover", answer="decline"),
            ConsentRecorded(at=now, by=by, consent="no_such_consent", party="g", status="given"),
            ConsentRecorded(at=now, by=by, consent="share_with_gp", party="no_such_party", status="given"),
            ContactAdded(at=now, by=by, contact=ContactId("g"), contact_kind="gp"),
            InterruptRaised(at=now, by="person", interrupt="pause"),
            InterruptRaised(at=now, by="person", interrupt="no_such_interrupt"),
            FactCorrected(at=now, by=by, fact="no_such_fact", value=3),
            FactCorrected(at=now, by=by, fact=fact, value=self.one_of(unfitting(facts[fact]))),
            ClockCameDue(at=now, turn="no_such_clock#1"),
            JobDone(at=now, by=by, job="no_such_job"),
            Referred(at=now, by="referrer"),
        )
        return self.one_of(events)


def people_and_records(attempts: Sequence[Attempt]) -> Iterator[Attempt]:
    """The attempts that no clock made."""
    return (attempt for attempt in attempts if not attempt.by_clock)
