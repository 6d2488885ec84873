"""A scenario made ready to play: each line becomes the events that a driver sends, with the instant they are entered.

This is where the names and answers of a story meet its pathway; everything that does not fit is reported, all at once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from itertools import pairwise

from pathway_model.case import Value
from pathway_model.events import (
    ActionTaken,
    ConsentRecorded,
    ContactAdded,
    FactCorrected,
    HandoverAnswered,
    InterruptRaised,
    PersonEvent,
    Referred,
    StaffingChanged,
)
from pathway_model.language.names import MAIN, PERSON, ContactId
from pathway_model.pathway import Pathway
from pathway_model.scenarios.dates import Dated
from pathway_model.scenarios.scenario import ENDED, HANDOVER_ANSWERS, REFER, Expectation, Line, Scenario
from pathway_model.values import WrongAnswerError, checked_value

Path = tuple[str | int, ...]
"""Where something stands in a scenario: `("story", 3, "does")`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """What a driver plays: at this instant, these events, in this order; none where the line only looks.

    Attributes:
        at: When they are entered, UTC; clocks that are due by then fire first.
    """

    at: datetime
    events: tuple[PersonEvent | StaffingChanged, ...]


@dataclass(frozen=True, slots=True)
class Misfit:
    """Something in a story that does not fit its pathway."""

    path: Path
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Script:
    """The cues of a scenario, one a line of its story; no cues where there are misfits."""

    cues: tuple[Cue, ...]
    misfits: tuple[Misfit, ...]


def script_of(scenario: Scenario, pathway: Pathway) -> Script:
    """Make a scenario ready to play on a pathway."""
    names = _Names(scenario, pathway)
    misfits = [
        *_wrong_order(scenario.story),
        *_wrong_version(scenario, pathway),
        *_wrong_people(scenario, names),
    ]
    cues = []
    for number, line in enumerate(scenario.story):
        path: Path = ("story", number)
        found = [
            *_wrong_names(line, path, names),
            *_wrong_expectations(line.expect, (*path, "expect"), names),
        ]
        answers, wrong = _answers(line, path, pathway)
        misfits += [*found, *wrong]
        if not found and not wrong:
            cues.append(Cue(at=line.at.instant, events=tuple(_events(scenario, line, answers, names))))
    return Script(() if misfits else tuple(cues), tuple(misfits))


class _Names:
    """The names that a story may use, by what they are names of."""

    def __init__(self, scenario: Scenario, pathway: Pathway) -> None:
        definition = pathway.definition
        self.roles = tuple(role for agency in definition.agencies.values() for role in agency.roles)
        self.contacts = {name: kind for name, kind in scenario.people.items() if name != PERSON}
        for line in scenario.story:
            self.contacts |= line.adds
        self.contact_kinds = tuple(definition.contacts)
        self.actors = (*self.roles, *self.contact_kinds, PERSON)
        self.parties = (*definition.agencies, *self.contacts)
        self.recipients = (PERSON, *self.contacts)
        self.actions = tuple(pathway.actions)
        self.interrupts = tuple(pathway.interrupts)
        self.handovers = tuple(pathway.handovers)
        self.facts = tuple(definition.facts)
        self.consents = tuple(definition.consents)
        self.notices = tuple(definition.notices)
        self.counts = tuple(definition.counts)
        self.steps = tuple(pathway.steps)
        self.clocks = tuple(pathway.clocks)
        self.strands = tuple(strand for strand in pathway.machines if strand != MAIN)


def _wrong_order(story: tuple[Line, ...]) -> Iterator[Misfit]:
    for number, (before, line) in enumerate(pairwise(story), start=1):
        if line.at.instant < before.at.instant:
            message = f"{line.at} comes after {before.at} in the story, but not in time"
            yield Misfit(("story", number, "at"), message, "put the lines in the order in which they were entered")


def _wrong_version(scenario: Scenario, pathway: Pathway) -> Iterator[Misfit]:
    definition = pathway.definition
    written = f"{definition.pathway} {definition.version}"
    if scenario.pathway != written:
        yield Misfit(("pathway",), f"the scenario is about {scenario.pathway}, not {written}", f"write `{written}`")


def _wrong_people(scenario: Scenario, names: _Names) -> Iterator[Misfit]:
    for name, kind in scenario.people.items():
        if name != PERSON:
            yield from _unknown([kind], names.contact_kinds, "kind of contact", ("people", name))


def _wrong_names(line: Line, path: Path, names: _Names) -> Iterator[Misfit]:
    if line.who is not None:
        yield from _unknown([line.who], names.actors, "role or kind of contact", (*path, "who"))
    if line.does is not None and line.handover is None:
        yield from _unknown(
            [line.does], (*names.actions, *names.interrupts, REFER), "action or interrupt", (*path, "does")
        )
    if line.handover is not None:
        yield from _unknown([line.handover], names.handovers, "handover", (*path, "handover"))
    if line.does == REFER and path[1] != 0:
        yield Misfit(
            (*path, "does"),
            "a story has one referral, on its first line",
            "for a later one, raise an interrupt",
        )
    yield from _unknown(line.consents, names.consents, "consent", (*path, "consents"))
    for consent, parties in line.consents.items():
        yield from _unknown(parties, names.parties, "agency or contact", (*path, "consents", consent))
    for contact, kind in line.adds.items():
        yield from _unknown([kind], names.contact_kinds, "kind of contact", (*path, "adds", contact))
    yield from _unknown(line.staffing, names.roles, "role", (*path, "staffing"))


def _wrong_expectations(expect: Expectation, path: Path, names: _Names) -> Iterator[Misfit]:
    next_due = expect.next_due if isinstance(expect.next_due, dict) else {}
    sent = expect.sent if isinstance(expect.sent, dict) else {}
    looked_at: tuple[tuple[str, Iterable[str], tuple[str, ...], str], ...] = (
        ("step", [expect.step] if expect.step else [], names.steps, "step"),
        ("owner", [expect.owner] if expect.owner else [], names.roles, "role"),
        ("next_due", next_due, names.clocks, "clock"),
        ("due", expect.due, names.clocks, "clock"),
        ("possible_from", expect.possible_from, names.clocks, "clock"),
        ("overdue", expect.overdue, names.clocks, "clock"),
        ("frozen", expect.frozen, names.clocks, "clock"),
        ("no_longer_due", expect.no_longer_due, names.clocks, "clock"),
        ("sent", sent, names.notices, "notice"),
        ("not_sent", expect.not_sent, names.notices, "notice"),
        ("told", expect.told, names.roles, "role"),
        ("not_told", expect.not_told, names.roles, "role"),
        ("jobs", expect.jobs, names.roles, "role"),
        ("no_jobs", expect.no_jobs, names.roles, "role"),
        ("counts", expect.counts, names.counts, "count"),
        ("strands", expect.strands, names.strands, "strand"),
        ("strand_owners", expect.strand_owners, names.strands, "strand"),
        ("handovers", expect.handovers, names.handovers, "handover"),
        ("consents", expect.consents, names.consents, "consent"),
    )
    for key, written, known, kind in looked_at:
        yield from _unknown(written, known, kind, (*path, key))
    for name, steps in expect.strands.items():
        yield from _unknown(steps, (*names.steps, ENDED), "step", (*path, "strands", name))
    yield from _unknown(expect.strand_owners.values(), names.roles, "role", (*path, "strand_owners"))
    for key, notices in (("sent", sent), ("not_sent", expect.not_sent)):
        for notice, recipients in notices.items():
            yield from _unknown(recipients, names.recipients, "recipient", (*path, key, notice))
    for consent, parties in expect.consents.items():
        yield from _unknown(parties, names.parties, "agency or contact", (*path, "consents", consent))


def _unknown(written: Iterable[str], known: tuple[str, ...], kind: str, path: Path) -> Iterator[Misfit]:
    for name in written:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(known[:12])}"
            yield Misfit(path, f"there is no {kind} `{name}`", hint)


def _answers(line: Line, path: Path, pathway: Pathway) -> tuple[dict[str, Value], list[Misfit]]:
    """The typed answers of a line (given or corrected), and what is wrong with them."""
    key, written = ("corrects", line.corrects) if line.corrects else ("answers", line.answers)
    typed: dict[str, Value] = {}
    misfits: list[Misfit] = []
    for name, texts in written.items():
        fact = pathway.definition.facts.get(name)
        if fact is None:
            misfits += _unknown([name], tuple(pathway.definition.facts), "question", (*path, key))
            continue
        try:
            typed[name] = checked_value(fact, _dated(fact.answer, texts))
        except (WrongAnswerError, ValueError) as error:
            misfits.append(Misfit((*path, key, name), f"{name}: {error}", f"the question is: {fact.ask}"))
    return typed, misfits


def _dated(kind: object, texts: tuple[str, ...]) -> Value:
    value: Value = texts[0] if len(texts) == 1 else texts
    if kind == "date" and isinstance(value, str):
        return Dated.parse(value).day
    if kind == "date and time" and isinstance(value, str):
        return Dated.parse(value).instant
    return value


def _events(
    scenario: Scenario, line: Line, answers: dict[str, Value], names: _Names
) -> Iterator[PersonEvent | StaffingChanged]:
    at, by = line.happened_at.instant, line.who or ""
    for role, found in line.staffing.items():
        yield StaffingChanged(at=at, role=role, somebody=found == "somebody")
    for contact, kind in line.adds.items():
        yield ContactAdded(at=at, by=by, contact=ContactId(contact), contact_kind=kind)
    for consent, parties in line.consents.items():
        for party, status in parties.items():
            yield ConsentRecorded(at=at, by=by, consent=consent, party=party, status=status)
    for fact in line.corrects:
        yield FactCorrected(at=at, by=by, fact=fact, value=answers[fact])
    if line.does is not None:
        yield _deed(scenario, line, answers, names)


def _deed(scenario: Scenario, line: Line, answers: dict[str, Value], names: _Names) -> PersonEvent:
    at, by, does = line.happened_at.instant, line.who or "", line.does or ""
    if does == REFER:
        added = {contact for later in scenario.story for contact in later.adds}
        known = {ContactId(name): kind for name, kind in names.contacts.items() if name not in added}
        return Referred(at=at, by=by, answers=answers, contacts=known)
    if line.handover is not None:
        answer = next(answer for answer in HANDOVER_ANSWERS if answer == does)
        return HandoverAnswered(
            at=at,
            by=by,
            handover=line.handover,
            answer=answer,
            reason=line.reason,
            alternative=line.alternative,
        )
    if does in names.interrupts and does not in names.actions:
        return InterruptRaised(at=at, by=by, interrupt=does, answers=answers)
    return ActionTaken(at=at, by=by, action=does, answers=answers, strand=line.strand)
