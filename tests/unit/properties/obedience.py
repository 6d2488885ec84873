"""Somebody who knows nothing of a pathway but its drawing, and does whatever `explain` says is still missing.

That this leads from every case to every ending is itself a property: nobody is ever stuck without being told why.
"""

from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain

from pathway_model.case import Case, StrandState
from pathway_model.events import (
    ActionTaken,
    CaseEvent,
    ConsentRecorded,
    HandoverAnswered,
    InterruptRaised,
    StaffingChanged,
)
from pathway_model.explain import Possibility, explain
from pathway_model.language.names import MAIN
from pathway_model.machines import BEGIN, BY_ITSELF, CLOSE, OUTSIDE
from pathway_model.outcome import Reason
from pathway_model.pathway import Pathway
from pathway_model.requirements import PENDING
from tests.unit.properties.answering import fitting, suitable

Deed = tuple[CaseEvent | None, datetime]
"""What to do next (or nothing but wait), and when."""


def next_deed(pathway: Pathway, case: Case, now: datetime, goal: str) -> Deed | None:
    """One thing to do on the way to a step; none if the drawing shows no way, or nothing helps."""
    return _Obedient(pathway, case, now).towards(goal)


class _Obedient:
    def __init__(self, pathway: Pathway, case: Case, now: datetime) -> None:
        self.pathway, self.case, self.now = pathway, case, now
        self.possibilities = explain(pathway, case, now)
        self.tried: set[str] = set()

    def towards(self, goal: str) -> Deed | None:
        kind = self.pathway.steps[goal].strand
        strand = next((key for key, state in self.case.strands.items() if state.kind == kind and state.open), None)
        if strand is not None:
            return self._along(strand, goal)
        if kind in self.pathway.interrupts:
            return self._raise(kind)
        return self._along(MAIN, self._first_of_phase(goal))

    def _first_of_phase(self, goal: str) -> str:
        """Where a strand that is not open begins: the first step of its phase."""
        phase = self.pathway.definition.phases[self.pathway.steps[goal].phase or ""]
        return next(iter(phase.steps))

    def _along(self, strand: str, goal: str) -> Deed | None:
        state = self.case.strands[strand]
        trigger = _first_trigger(self.pathway, state.kind, state.step, goal)
        if trigger is None:
            return None
        if trigger in self.pathway.actions:
            return self._act(strand, trigger)
        if trigger == BY_ITSELF:
            return self._let_it_move(state)
        interrupt = next(name for name in self.pathway.interrupts if trigger.startswith(f"{name} leads to "))
        opened = next((each for each in self.case.strands.values() if each.kind == interrupt), None)
        return self._raise(interrupt) if opened is None else self._let_it_move(opened)

    def _raise(self, interrupt: str) -> Deed:
        model = self.pathway.interrupts[interrupt]
        by = model.raised_by[0]
        who = {"owner": self.case.strands[MAIN].owner, "anyone": "person"}.get(by, by)
        facts = self.pathway.definition.facts
        answers = {name: fitting(facts[name], self.now)[0] for name in model.asks}
        return InterruptRaised(at=self.now, by=who, interrupt=interrupt, answers=answers), self.now

    def _act(self, strand: str, action: str) -> Deed | None:
        found = next((each for each in self.possibilities if each.action == action and each.strand == strand), None)
        if found is None or action in self.tried:
            return None
        self.tried.add(action)
        if found.possible and (event := self._take(found)) is not None:
            return event, self.now
        helped = (self._help(reason) for reason in found.reasons)
        return next(chain(filter(None, helped), filter(None, self._answer_what_it_depends_on(found))), None)

    def _take(self, found: Possibility) -> ActionTaken | None:
        return suitable(self.pathway, self.case, found, found.who[0], self.now, self.case.sequence)

    def _help(self, reason: Reason) -> Deed | None:
        match reason.code:
            case "strand_unfinished":
                return self._finish(reason.name)
            case "handover_pending":
                return self._accept(reason.name)
            case "interrupt_open" | "paused":
                return self._end(reason.name)
            case "nobody_in_role":
                return StaffingChanged(at=self.now, role=reason.name, somebody=True), self.now
            case _:
                pass
        if reason.earliest is not None:
            return None, max(reason.earliest, self.now)
        if reason.name in self.pathway.definition.consents:
            return self._ask_consent(reason.name)
        if reason.name in self.pathway.actions:
            strands = (each.strand for each in self.possibilities if each.action == reason.name)
            return self._act(next(strands, MAIN), reason.name)
        if reason.name in self.pathway.definition.facts:
            return self._answer(reason.name)
        return None

    def _answer_what_it_depends_on(self, found: Possibility) -> Iterator[Deed | None]:
        """No answers fit yet: answer what the action's needs look at elsewhere, a week later each time."""
        for need in next(iter(self.pathway.actions[found.action])).model.needs:
            fact = getattr(need, "fact", None)
            if fact is not None and fact not in found.asks:
                yield self._answer(fact)

    def _answer(self, fact: str) -> Deed | None:
        """Let a week pass, then answer a question anew."""
        if self.case.now > self.now - timedelta(days=7) and self.case.facts.get(fact):
            return None, self.now + timedelta(days=7)
        for each in self.possibilities:
            if fact in each.asks and each.possible and (event := self._take(each)) is not None:
                return event, self.now
        return None

    def _finish(self, strand: str) -> Deed | None:
        steps = self.pathway.steps.values()
        last = next(step.name for step in steps if step.strand == strand and step.ends == "strand")
        return self._along(strand, last)

    def _end(self, interrupt: str) -> Deed | None:
        for key, state in self.case.strands.items():
            if state.kind == interrupt and state.open and (deed := self._along(key, OUTSIDE)) is not None:
                return deed
        return None

    def _accept(self, handover: str) -> Deed:
        to = self.pathway.handovers[handover].to
        if to in self.case.nobody_in:
            return StaffingChanged(at=self.now, role=to, somebody=True), self.now
        return HandoverAnswered(at=self.now, by=to, handover=handover, answer="accept"), self.now

    def _let_it_move(self, state: StrandState) -> Deed | None:
        """A step that is left by itself waits for answers to handovers, requested (again) if there are none."""
        paused = next((each.kind for each in self.case.strands.values() if self._suspends(each)), None)
        if paused is not None and state.kind == MAIN:
            return self._end(paused)
        ways = self.pathway.steps[state.step].by_itself
        names = {name for way in ways for name in _handovers_in(self.pathway, way.when)}
        for name in sorted(names):
            if name in self.case.handovers and self.case.handovers[name].status in PENDING:
                return self._accept(name)
        for each in self.possibilities:
            if names & set(self.pathway.actions[each.action][0].model.requests):
                return self._act(each.strand, each.action)
        return None

    def _suspends(self, state: StrandState) -> bool:
        interrupt = self.pathway.interrupts.get(state.kind)
        return interrupt is not None and interrupt.suspends is not None

    def _ask_consent(self, consent: str) -> Deed | None:
        kinds = self.pathway.definition.consents[consent].with_
        contacts = [contact for contact, kind in self.case.contacts.items() if kind in kinds]
        agencies = [kind for kind in kinds if kind in self.pathway.definition.agencies]
        known = self.case.consents.get(consent, {})
        for party in (*contacts, *agencies):
            if party not in known:
                by = self.case.strands[MAIN].owner
                return ConsentRecorded(at=self.now, by=by, consent=consent, party=party, status="given"), self.now
        return None


def _first_trigger(pathway: Pathway, kind: str, here: str, goal: str) -> str | None:
    """The first move of a shortest way. Short cuts, then interrupts, are used only where nothing else leads there."""
    edges = [
        (source, name, str(transition.dest))
        for name, event in pathway.machines[kind].events.items()
        if name not in {BEGIN, CLOSE}
        for source, transitions in event.transitions.items()
        for transition in transitions
    ]
    usual = [edge for edge in edges if edge[1] in {*pathway.actions, BY_ITSELF}]
    planned = [edge for edge in usual if not any(way.model.ends_strands for way in pathway.actions.get(edge[1], ()))]
    for allowed in (planned, usual, edges):
        if (trigger := _first_of(allowed, here, goal)) is not None:
            return trigger
    return None


def _first_of(edges: list[tuple[str, str, str]], here: str, goal: str) -> str | None:
    ways: dict[str, str] = {}
    pending = deque([here])
    while pending:
        step = pending.popleft()
        for source, name, target in edges:
            if source == step and target not in {here, *ways}:
                ways[target] = ways.get(step, name)
                pending.append(target)
    return ways.get(goal)


def _handovers_in(pathway: Pathway, requirement: object) -> tuple[str, ...]:
    name = getattr(requirement, "handovers", None)
    return () if name is None else pathway.handovers_of.get(name, (name,))
