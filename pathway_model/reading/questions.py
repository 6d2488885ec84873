"""References in requirements and moments: facts and the answers they can have, clocks, steps, handovers, consents."""

from collections.abc import Iterable
from datetime import date
from typing import assert_never

from pathway_model.language.definition import Fact
from pathway_model.language.lengths import Length, Unit
from pathway_model.language.parts import Moment
from pathway_model.language.requirements import (
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
from pathway_model.reading.look import Look
from pathway_model.reading.problems import said
from pathway_model.reading.tree import Path

YES_NO = ("yes", "no")
DATES = ("date", "date and time")


def check_requirements(
    requirements: Iterable[Requirement], path: Path, look: Look, *, holds_up: str | None = None
) -> None:
    """Check a list of requirements; `holds_up` names the action or step that they can hold up."""
    for at, requirement in enumerate(requirements):
        check_requirement(requirement, (*path, at), look, holds_up=holds_up)


def check_requirement(  # noqa: C901 - one branch for each kind of requirement
    requirement: Requirement | None, path: Path, look: Look, *, holds_up: str | None = None
) -> None:
    """Check one requirement and all inside it."""
    if requirement is None:
        return
    check_requirement(requirement.when, (*path, "when"), look, holds_up=holds_up)
    match requirement:
        case FactRequirement():
            _fact(requirement, path, look, holds_up)
        case ClockRequirement():
            _clock(requirement, path, look)
        case ActionRequirement():
            look.refer(requirement.action, (*path, "action"), "action")
        case EnteredRequirement():
            look.refer(requirement.entered, (*path, "entered"), "step")
        case HandoversRequirement():
            check_accepted(requirement.handovers, (*path, "handovers"), look)
        case ConsentRequirement():
            look.refer(requirement.consent, (*path, "consent"), "consent")
        case StrandRequirement():
            _strand(requirement, path, look)
        case CountRequirement():
            look.refer(requirement.count, (*path, "count"), "count")
        case AllRequirement():
            check_requirements(requirement.all_, (*path, "all"), look, holds_up=holds_up)
        case AnyRequirement():
            check_requirements(requirement.any_, (*path, "any"), look, holds_up=holds_up)
        case NotRequirement():
            check_requirement(requirement.not_, (*path, "not"), look, holds_up=holds_up)
        case _:
            assert_never(requirement)


def check_moments(moments: Iterable[Moment], path: Path, look: Look, length: Length | None = None) -> None:
    """Check a list of moments; `length` is what a clock counts from them."""
    for at, moment in enumerate(moments):
        check_moment(moment, (*path, at), look, length)


def check_moment(moment: Moment, path: Path, look: Look, length: Length | None = None) -> None:
    """Check one moment."""
    inner = (*path, moment.kind)
    match moment.kind:
        case "entering" | "leaving":
            look.refer(moment.name, inner, "step", "phase", "strand", "interrupt")
        case "taking":
            look.refer(moment.name, inner, "action")
        case "answering":
            if look.refer(moment.name, inner, "fact") and moment.is_ is not None:
                _answers(moment.name, moment.is_, (*path, "is"), look)
        case "fact":
            if look.refer(moment.name, inner, "fact"):
                _dated(moment.name, inner, look, length)
        case "accepted":
            check_accepted(moment.name, inner, look)
        case _:
            pass


def check_accepted(name: str, path: Path, look: Look) -> None:
    """A handover, or a phase in which there are some."""
    if not look.refer(name, path, "handover", "phase") or name in look.known.handovers:
        return
    if name not in look.known.phases_with_handovers() and ("phases", name) not in look.shaped.gaps and look.complete:
        look.problem(
            path, "no_handovers", f"phase `{name}` has no handovers", "name a handover, or a phase that has some"
        )


def _strand(requirement: StrandRequirement, path: Path, look: Look) -> None:
    strand = look.refer(requirement.strand, (*path, "strand"), "strand", also=("main",))
    step = look.refer(requirement.is_at, (*path, "is_at"), "step")
    if strand and step and (at := look.known.steps[requirement.is_at].name) != requirement.strand:
        line = "the phases" if at == "main" else f"`{at}`"
        look.problem(
            (*path, "is_at"), "wrong_strand", f"`{requirement.is_at}` is no step of `{requirement.strand}`",
            f"it belongs to {line}",
        )  # fmt: skip


def _clock(requirement: ClockRequirement, path: Path, look: Look) -> None:
    if not look.refer(requirement.clock, (*path, "clock"), "clock"):
        return
    counted = look.known.clocks.get(requirement.clock)
    if counted is None:
        return
    if requirement.is_ == "reached" and not counted.minimum:
        look.problem(
            (*path, "is"), "wrong_clock", f"`{requirement.clock}` is no minimum, so it is never reached",
            "a deadline is missed or running",
        )  # fmt: skip
    if requirement.is_ == "missed" and counted.minimum:
        look.problem(
            (*path, "is"), "wrong_clock", f"`{requirement.clock}` is a minimum, so it is never missed",
            "a minimum is reached or running",
        )  # fmt: skip


def _fact(requirement: FactRequirement, path: Path, look: Look, holds_up: str | None) -> None:
    if requirement.since is not None:
        check_moment(requirement.since, (*path, "since"), look)
    if not look.refer(requirement.fact, (*path, "fact"), "fact"):
        return
    fact = look.known.facts[requirement.fact]
    if fact.never_a_barrier and holds_up is not None:
        look.problem(
            (*path, "fact"), "never_a_barrier",
            f"`{requirement.fact}` may never be a barrier, but `{holds_up}` needs it",
            "choose between kinds of care with `decide` instead",
        )  # fmt: skip
    _compared(requirement, fact, path, look)
    for key in ("times", "times_in_a_row"):
        if getattr(requirement, key) is not None and not fact.repeats:
            look.problem(
                (*path, key), "asked_once", f"`{requirement.fact}` is asked only once",
                f"add `repeats: yes` to `{requirement.fact}`", at_key=True,
            )  # fmt: skip


def _compared(requirement: FactRequirement, fact: Fact, path: Path, look: Look) -> None:
    asked = {key: getattr(requirement, name) for key, name in _COMPARISONS if getattr(requirement, name) is not None}
    if fact.personal and (asked or requirement.different is not None):
        key = next(iter(asked), "different")
        look.problem(
            (*path, key), "personal_fact", f"of `{requirement.fact}` a case knows only that it was answered",
            "ask `answered: yes`, or how many `times`", at_key=True,
        )  # fmt: skip
        return
    for key, value in asked.items():
        match key:
            case "is" | "is_not":
                _answers(requirement.fact, value, (*path, key), look)
            case "at_least" | "at_most" if fact.answer != "number":
                look.problem((*path, key), "wrong_answer", f"`{requirement.fact}` is not a number", at_key=True)
            case "before" | "after" if fact.answer not in DATES:
                look.problem((*path, key), "wrong_answer", f"`{requirement.fact}` is not a date", at_key=True)
            case "before" | "after" if not _is_date(value):
                look.problem((*path, key), "wrong_answer", f"`{value}` is not a date", "write it like `2026-05-31`")
            case _:
                pass


_COMPARISONS = (
    ("is", "is_"),
    ("is_not", "is_not"),
    ("at_least", "at_least"),
    ("at_most", "at_most"),
    ("before", "before"),
    ("after", "after"),
)


def _answers(name: str, answers: Iterable[str], path: Path, look: Look) -> None:
    """Answers that a requirement or moment names must be answers that its question can have."""
    fact = look.known.facts[name]
    if fact.personal:
        look.problem(path, "personal_fact", f"of `{name}` a case knows only that it was answered", "leave out `is`")
        return
    choices = YES_NO if fact.answer == "yes or no" else tuple(fact.answer) if isinstance(fact.answer, dict) else None
    if choices is None:
        wanted = "at_least or at_most" if fact.answer == "number" else "before, after or answered"
        look.problem(path, "wrong_answer", f"`{name}` has no choices", f"write {wanted}", at_key=True)
        return
    for at, answer in enumerate(answers):
        if answer in choices or answer in look.shaped.missing_words:
            continue
        close = look.findings.closest(answer, choices)
        hint = f"did you mean `{close}`?" if close else f"its answers are {said(choices, 'and')}"
        look.problem((*path, at), "no_such_answer", f"`{answer}` is no answer to `{name}`", hint)


def _dated(name: str, path: Path, look: Look, length: Length | None) -> None:
    answer = look.known.facts[name].answer
    if answer not in DATES:
        look.problem(path, "wrong_answer", f"`{name}` is not a date", "count from a fact that is one")
    elif length is not None and length.unit is Unit.HOURS and answer == "date":
        look.problem(
            path, "needs_a_time", f"{length} needs a date and time; `{name}` is a date",
            f"write `answer: date and time` at `{name}`, or count in days",
        )  # fmt: skip


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
