"""Compares what was expected after a line with what was heard, key by key."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from pathway_model.case import Case, Turn
from pathway_model.effects import Effect, OpenJob, OpenLinkedCase, SendNotice
from pathway_model.language.names import MAIN
from pathway_model.outcome import Refusal, Step
from pathway_model.pathway import Pathway
from pathway_model.scenarios.dates import Dated
from pathway_model.scenarios.scenario import ENDED, NOTHING, Expectation


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a driver heard when it played a cue.

    Attributes:
        steps: Taken since the cue before, clocks first.
        refusal: Of the last event played, if it was refused.
        case: As it stands now; none if the referral itself was refused.
    """

    steps: tuple[Step, ...]
    refusal: Refusal | None
    case: Case | None


@dataclass(frozen=True, slots=True)
class Unlike:
    """One thing that is not as expected."""

    what: str
    expected: str
    was: str


def differences(expect: Expectation, heard: Heard, pathway: Pathway) -> Iterator[Unlike]:
    """Everything in which what was heard is not what was expected."""
    yield from _refused(expect, heard.refusal)
    if heard.case is None:
        yield Unlike("case", "one", "none: the referral was refused")
        return
    effects = tuple(effect for step in heard.steps for effect in step.effects)
    yield from _standing(expect, heard.case, pathway)
    yield from _clocks(expect, heard.case, pathway)
    yield from _notices(expect, effects)
    yield from _jobs(expect, effects, heard.case)
    opened = any(isinstance(effect, OpenLinkedCase) for effect in effects)
    if expect.linked_case not in {None, opened}:
        yield Unlike("linked_case", _yes(not opened), _yes(opened))
    yield from _strands(expect, heard.case)
    yield from _people(expect, heard.case)


def _refused(expect: Expectation, refusal: Refusal | None) -> Iterator[Unlike]:
    reasons = () if refusal is None else refusal.reasons
    was = {reason.name for reason in reasons}
    if was != set(expect.refused):
        yield Unlike("refused", _listed(expect.refused), _listed(was))
    if expect.earliest is not None:
        instants = [reason.earliest for reason in reasons if reason.earliest is not None]
        if not instants or not expect.earliest.is_when(max(instants)):
            yield Unlike("earliest", str(expect.earliest), _dates(instants))


def _standing(expect: Expectation, case: Case, pathway: Pathway) -> Iterator[Unlike]:
    main = case.strands[MAIN]
    yield from _compare("step", expect.step, main.step)
    yield from _compare("owner", expect.owner, main.owner)
    yield from _compare("outcome", expect.outcome, case.outcome or NOTHING)
    if expect.paused is not None and expect.paused is not _paused(case, pathway):
        yield Unlike("paused", _yes(expect.paused), _yes(not expect.paused))
    for count, number in expect.counts.items():
        yield from _compare(f"count {count}", str(number), str(case.counts.get(count, 0)))


def _clocks(expect: Expectation, case: Case, pathway: Pathway) -> Iterator[Unlike]:
    if expect.next_due is not None:
        was = _next_due(case, pathway)
        wanted = {} if expect.next_due == NOTHING else dict(expect.next_due)
        if set(was) != set(wanted) or not all(wanted[name].is_when(due) for name, due in was.items()):
            yield Unlike("next_due", _dues(wanted), _dues({name: Dated.of(due) for name, due in was.items()}))
    for name, dates in expect.due.items():
        yield from _same_dates(f"due {name}", dates, [turn.due for turn in _open(case, name) if turn.frozen is None])
    for name, date in expect.possible_from.items():
        turns = [turn for turn in case.clocks.values() if turn.clock == name and turn.frozen is None]
        yield from _same_dates(f"possible_from {name}", [date], [turn.due for turn in turns])
    for name in expect.overdue:
        if not any(turn.state == "missed" for turn in _open(case, name)):
            yield Unlike(f"overdue {name}", "missed", _states(_open(case, name)))
    for name in expect.frozen:
        if not any(turn.clock == name and turn.frozen for turn in case.clocks.values()):
            yield Unlike(f"frozen {name}", "frozen", _states([t for t in case.clocks.values() if t.clock == name]))
    for name in expect.no_longer_due:
        if _open(case, name):
            yield Unlike(f"no_longer_due {name}", "no open turn", _states(_open(case, name)))


def _notices(expect: Expectation, effects: Iterable[Effect]) -> Iterator[Unlike]:
    sent: dict[str, list[str]] = {}
    for effect in effects:
        if isinstance(effect, SendNotice):
            sent.setdefault(effect.notice, []).append(effect.recipient)
    if expect.sent == NOTHING and sent:
        yield Unlike("sent", NOTHING, _listed(sent))
    for notice, recipients in expect.sent.items() if isinstance(expect.sent, Mapping) else ():
        if sorted(recipients) != sorted(sent.get(notice, [])):
            yield Unlike(f"sent {notice}", _listed(recipients), _listed(sent.get(notice, [])))
    for notice, recipients in expect.not_sent.items():
        wrongly = set(recipients) & set(sent.get(notice, []))
        if wrongly:
            yield Unlike(f"not_sent {notice}", f"not to {_listed(recipients)}", f"to {_listed(wrongly)}")


def _jobs(expect: Expectation, effects: Iterable[Effect], case: Case) -> Iterator[Unlike]:
    opened = [effect for effect in effects if isinstance(effect, OpenJob)]
    for role, dates in expect.told.items():
        yield from _same_dates(f"told {role}", dates, [job.since for job in opened if job.role == role])
    for role in expect.not_told:
        told = [job.about for job in opened if job.role == role]
        if told:
            yield Unlike(f"not_told {role}", "no job", _listed(told))
    for role, about in expect.jobs.items():
        was = [_about(job.about) for job in case.jobs.values() if job.role == role]
        if sorted(about) != sorted(was):
            yield Unlike(f"jobs {role}", _listed(about), _listed(was))
    for role in expect.no_jobs:
        left = [_about(job.about) for job in case.jobs.values() if job.role == role]
        if left:
            yield Unlike(f"no_jobs {role}", "no job left", _listed(left))


def _strands(expect: Expectation, case: Case) -> Iterator[Unlike]:
    for name, steps in expect.strands.items():
        was = [strand.step for strand in case.strands.values() if strand.kind == name and strand.open]
        yield from _compare(f"strand {name}", _listed(steps), _listed(was or [ENDED]))
    for name, owner in expect.strand_owners.items():
        owners = [strand.owner for strand in case.strands.values() if strand.kind == name]
        yield from _compare(f"owner of {name}", owner, _listed(owners))


def _people(expect: Expectation, case: Case) -> Iterator[Unlike]:
    for name, status in expect.handovers.items():
        handover = case.handovers.get(name)
        yield from _compare(f"handover {name}", status, "never requested" if handover is None else handover.status)
    for consent, parties in expect.consents.items():
        for party, wanted in parties.items():
            state = case.consents.get(consent, {}).get(party)
            yield from _compare(f"consent {consent} {party}", wanted, "not asked" if state is None else state.status)


def _compare(what: str, expected: str | None, was: str) -> Iterator[Unlike]:
    if expected is not None and expected != was:
        yield Unlike(what, expected, was)


def _same_dates(what: str, expected: Iterable[Dated], was: Iterable[datetime]) -> Iterator[Unlike]:
    wanted, found = sorted(expected, key=lambda dated: dated.instant), sorted(was)
    if len(wanted) != len(found) or not all(d.is_when(i) for d, i in zip(wanted, found, strict=True)):
        yield Unlike(what, ", ".join(map(str, wanted)), _dates(found))


def _next_due(case: Case, pathway: Pathway) -> dict[str, datetime]:
    """The earliest open deadline, missed ones included, that no pause has stopped; several only at the same instant."""
    open_turns = [
        turn
        for turn in case.clocks.values()
        if turn.state != "reached" and turn.frozen is None and pathway.clocks[turn.clock].model.at_least is None
    ]
    first = min((turn.due for turn in open_turns), default=None)
    return {turn.clock: turn.due for turn in open_turns if turn.due == first}


def _open(case: Case, clock: str) -> list[Turn]:
    return [turn for turn in case.clocks.values() if turn.clock == clock and turn.state != "reached"]


def _paused(case: Case, pathway: Pathway) -> bool:
    suspending = {name for name, interrupt in pathway.interrupts.items() if interrupt.suspends is not None}
    return any(strand.open and strand.kind in suspending for strand in case.strands.values())


def _about(about: str) -> str:
    """What a job is about, without the number of the turn: `review_due#2` is `review_due`."""
    return about.rpartition(" ")[2].partition("#")[0]


def _states(turns: Iterable[Turn]) -> str:
    said = [f"{'frozen' if turn.frozen else turn.state}, due {Dated.of(turn.due)}" for turn in turns]
    return "; ".join(said) or "no open turn"


def _dues(dues: Mapping[str, Dated]) -> str:
    return ", ".join(f"{name} {dated}" for name, dated in sorted(dues.items())) or NOTHING


def _dates(instants: Iterable[datetime]) -> str:
    return ", ".join(str(Dated.of(instant)) for instant in instants) or NOTHING


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or NOTHING


def _yes(value: bool) -> str:
    return "yes" if value else "no"
