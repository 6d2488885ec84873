"""Judges requirements: one that is not met comes back with its sentence, what was seen, who can help, and from when.

Pure and total: a case in which something is simply not known yet does not meet what asks for it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never

from pathway_model.authority import who_may
from pathway_model.calendar import local_day
from pathway_model.case import Answer
from pathway_model.language.requirements import (
    REQUIREMENT_KINDS,
    ActionRequirement,
    AllRequirement,
    AnyRequirement,
    ClockRequirement,
    ConsentRequirement,
    CountRequirement,
    EnteredRequirement,
    FactRequirement,
    HandoversRequirement,
    NotRequirement,
    Requirement,
    StrandRequirement,
)
from pathway_model.outcome import Reason
from pathway_model.pathway import in_words, moment_key
from pathway_model.scratch import Scratch, texts
from pathway_model.sentences import fact_sentence, instant_in_words

ACCEPTED = ("accepted", "in progress", "completed")
PENDING = ("requested", "received")
OPEN = (*PENDING, "declined")


def holds(requirement: Requirement, case: Scratch) -> bool:
    """Whether a requirement is met."""
    return not unmet(requirement, case)


def unmet_of(requirements: Iterable[Requirement], case: Scratch) -> tuple[Reason, ...]:
    """Everything that is not met, of several requirements."""
    return tuple(reason for requirement in requirements for reason in unmet(requirement, case))


def unmet(requirement: Requirement, case: Scratch) -> tuple[Reason, ...]:  # noqa: C901 -- one arm per requirement
    """Why a requirement is not met; nothing if it is, or does not apply."""
    if requirement.when is not None and unmet(requirement.when, case):
        return ()
    match requirement:
        case FactRequirement():
            return _fact(requirement, case)
        case ClockRequirement():
            return _clock(requirement, case)
        case ActionRequirement():
            return _action(requirement, case)
        case EnteredRequirement():
            return _entered(requirement, case)
        case HandoversRequirement():
            return _handovers(requirement, case)
        case ConsentRequirement():
            return _consent(requirement, case)
        case StrandRequirement():
            state = case.strands.get(requirement.strand)
            sentence = f"{in_words(requirement.strand)} is at {in_words(requirement.is_at)}"
            seen = "not begun" if state is None else in_words(state.step)
            return _unless(
                state is not None and state.step == requirement.is_at,
                requirement,
                requirement.strand,
                sentence,
                seen,
            )
        case CountRequirement():
            tally = case.counts.get(requirement.count, 0)
            sentence = f"{case.pathway.definition.counts[requirement.count].title}: at least {requirement.at_least}"
            return _unless(tally >= requirement.at_least, requirement, requirement.count, sentence, str(tally))
        case AllRequirement():
            return unmet_of(requirement.all_, case)
        case AnyRequirement():
            inner = [unmet(part, case) for part in requirement.any_]
            return () if not all(inner) else (_together(requirement.say, inner),)
        case NotRequirement():
            told = subject_of(requirement), requirement.say or ""
            return _unless(bool(unmet(requirement.not_, case)), requirement, *told, None)
        case _:
            assert_never(requirement)


def subject_of(requirement: Requirement) -> str:
    """What a requirement looks at: the fact, clock, action… that it, or the first one inside it, names."""
    for kind in REQUIREMENT_KINDS:
        match getattr(requirement, kind, None) or getattr(requirement, f"{kind}_", None):
            case None:
                continue
            case str() as name:
                return name
            case tuple() as inner:
                return subject_of(inner[0])
            case inner:
                return subject_of(inner)
    raise AssertionError("a requirement looks at something")


def _entered(requirement: EnteredRequirement, case: Scratch) -> tuple[Reason, ...]:
    entries = case.entries.get(requirement.entered, 0)
    sentence = f"{in_words(requirement.entered)} may be entered at most {requirement.at_most} times"
    return _unless(entries <= requirement.at_most, requirement, requirement.entered, sentence, str(entries))


def _unless(
    met: bool, requirement: Requirement, name: str, sentence: str, evidence: str | None, *, who: tuple[str, ...] = (),
    earliest: datetime | None = None,
) -> tuple[Reason, ...]:  # fmt: skip
    if met:
        return ()
    said = requirement.say or sentence
    return (Reason(code="needs", name=name, sentence=said, evidence=evidence, who=who, earliest=earliest),)


def _together(say: str | None, inner: list[tuple[Reason, ...]]) -> Reason:
    """One reason for a choice of requirements: whoever can help with any, from when the first is possible."""
    reasons = [reason for group in inner for reason in group]
    soonest = [reason.earliest for reason in reasons if reason.earliest is not None]
    return Reason(
        code="needs",
        name=reasons[0].name,
        sentence=say or " or ".join(reason.sentence for reason in reasons),
        evidence="; ".join(reason.evidence for reason in reasons if reason.evidence) or None,
        who=tuple(dict.fromkeys(role for reason in reasons for role in reason.who)),
        earliest=min(soonest, default=None),
    )


def _fact(requirement: FactRequirement, case: Scratch) -> tuple[Reason, ...]:
    answers = case.facts.get(requirement.fact, ())
    if requirement.since is not None:
        since = case.moments.get(moment_key(requirement.since))
        answers = tuple(answer for answer in answers if since is None or answer.at >= since)
    if requirement.times is not None:
        met, evidence = _often_enough(requirement, requirement.times, answers, case)
    elif requirement.times_in_a_row is not None:
        # A run is one of what happened, in whichever order it was entered.
        run = sorted(answers, key=lambda answer: answer.at)[-requirement.times_in_a_row :]
        met = len(run) == requirement.times_in_a_row and all(_fits(requirement, answer) for answer in run)
        evidence = f"the latest {len(run)} answers: {', '.join(text for answer in run for text in texts(answer))}"
    elif requirement.answered is not None:
        met = bool(answers) is requirement.answered
        evidence = "answered" if answers else "not answered yet"
    else:
        met = bool(answers) and _fits(requirement, answers[-1])
        evidence = ", ".join(texts(answers[-1])) if answers else "not answered yet"
    if met:
        return ()
    sentence = fact_sentence(requirement, case.pathway)
    return _unless(met, requirement, requirement.fact, sentence, evidence, who=_who_can_answer(requirement.fact, case))


def _often_enough(
    requirement: FactRequirement, times: int, answers: tuple[Answer, ...], case: Scratch
) -> tuple[bool, str]:
    counted = [answer for answer in answers if _fits(requirement, answer)]
    kinds = {text for answer in counted for text in texts(answer)}
    evidence = f"{len(counted)} so far"
    if requirement.different is not None:
        evidence += f", in {len(kinds)} ways"
    long_enough = True
    if requirement.over is not None and counted:
        first, last = min(answer.at for answer in counted), max(answer.at for answer in counted)
        evidence += f", from {local_day(first):%-d %B %Y} to {local_day(last):%-d %B %Y}"
        long_enough = last >= case.pathway.calendar.reached(first, requirement.over)
    enough = len(counted) >= times and len(kinds) >= (requirement.different or 0)
    return enough and long_enough, evidence


def _fits(requirement: FactRequirement, answer: Answer) -> bool:
    """Whether one answer is what a requirement asks for; with no comparison any answer is."""
    value, written = answer.value, texts(answer)
    if requirement.is_ is not None and not set(written) & set(requirement.is_):
        return False
    if requirement.is_not is not None and set(written) & set(requirement.is_not):
        return False
    number = value if isinstance(value, int | float) else None
    if requirement.at_least is not None and (number is None or number < requirement.at_least):
        return False
    if requirement.at_most is not None and (number is None or number > requirement.at_most):
        return False
    day = str(local_day(value)) if isinstance(value, datetime) else written[0]
    if requirement.before is not None and not day < requirement.before:
        return False
    return requirement.after is None or day > requirement.after


def _who_can_answer(fact: str, case: Scratch) -> tuple[str, ...]:
    """The roles that could answer a question now."""
    who: dict[str, None] = {}
    for actions in case.pathway.actions.values():
        for action in actions:
            if fact in action.asks and case.strand_for(action.place) is not None:
                who.update(dict.fromkeys(who_may(action, case)))
    return tuple(who)


def _clock(requirement: ClockRequirement, case: Scratch) -> tuple[Reason, ...]:
    clock = case.pathway.clocks[requirement.clock]
    if case.action is not None and case.action in clock.model.exceptions:
        return ()
    turns = [turn for turn in case.clocks.values() if turn.clock == requirement.clock]
    title = in_words(requirement.clock)
    match requirement.is_:
        case "reached":
            met = any(turn.due <= case.at and turn.frozen is None for turn in turns)
            sentence = f"{title}: at least {clock.model.length} must have passed"
            waiting = [turn.due for turn in turns if turn.frozen is None]
            evidence = "not begun yet"
            if turns:
                evidence = "paused" if not waiting else f"reached on {instant_in_words(min(waiting))}"
            return _unless(met, requirement, requirement.clock, sentence, evidence, earliest=min(waiting, default=None))
        case "missed":
            met = any(turn.state == "missed" for turn in turns)
            return _unless(met, requirement, requirement.clock, f"{title} has been missed", None)
        case "running":
            met = any(turn.state == "running" for turn in turns)
            return _unless(met, requirement, requirement.clock, f"{title} is running", None)


def _action(requirement: ActionRequirement, case: Scratch) -> tuple[Reason, ...]:
    taken = case.moments.get(f"taking:{requirement.action}")
    written = case.pathway.actions[requirement.action]
    strand = next((case.strand_for(action.place) for action in written if case.strand_for(action.place)), None)
    since = case.strands[strand].since if strand else case.main.since
    who = tuple(role for action in written for role in who_may(action, case))
    met = taken is not None and taken >= since
    return _unless(met, requirement, requirement.action, f"First: {written[0].title}", "not done yet", who=who)


def _handovers(requirement: HandoversRequirement, case: Scratch) -> tuple[Reason, ...]:
    names = case.pathway.handovers_of.get(requirement.handovers, (requirement.handovers,))
    asked = {name: case.handovers[name] for name in names if name in case.handovers}
    asked = {name: state for name, state in asked.items() if state.status != "withdrawn"}
    open_ones = {name: state for name, state in asked.items() if state.status not in ACCEPTED}
    sentence = f"Every handover of {in_words(requirement.handovers).lower()} must be accepted by its receiver"
    evidence = "none has been requested"
    if open_ones:
        evidence = "; ".join(f"{in_words(name)}: {state.status}" for name, state in open_ones.items())
    who = tuple(state.to for state in open_ones.values() if state.status in PENDING)
    return _unless(bool(asked) and not open_ones, requirement, requirement.handovers, sentence, evidence, who=who)


def _consent(requirement: ConsentRequirement, case: Scratch) -> tuple[Reason, ...]:
    consent = case.pathway.definition.consents[requirement.consent]
    given = case.consents.get(requirement.consent, {})
    parties = consent_parties(requirement.consent, case)
    wanted = ("asked", "given", "refused", "withdrawn") if requirement.is_ == "asked" else ("given",)
    missing = [party for party in parties if party not in given or given[party].status not in wanted]
    sentence = f"Consent “{consent.purpose}” must have been {requirement.is_}"
    evidence = f"not yet for {', '.join(missing)}"
    who = (case.main.owner,)
    return _unless(not missing, requirement, requirement.consent, sentence, evidence, who=who)


def consent_parties(consent: str, case: Scratch) -> tuple[str, ...]:
    """Whom a consent is about in this case: its contacts, and the agencies to which something is being handed over."""
    parties: dict[str, None] = {}
    pending = [state.to for state in case.handovers.values() if state.status in PENDING]
    receivers = [*pending, *(case.pathway.handovers[name].to for name in case.requested)]
    agencies = {case.pathway.agency_of[role] for role in receivers}
    for party in case.pathway.definition.consents[consent].with_:
        if party in case.pathway.definition.contacts:
            parties.update({contact: None for contact, kind in case.contacts.items() if kind == party})
        elif party in agencies:
            parties[party] = None
    return tuple(parties)
