"""The names that a definition gives: each means one thing, and none is a word of the language."""

from collections.abc import Iterator, Mapping
from typing import Final

from pathway_model.language.definition import Definition, Interrupt
from pathway_model.language.names import RESERVED
from pathway_model.reading.known import PLURALS, Known, Named
from pathway_model.reading.look import Look
from pathway_model.reading.tree import Path

_YES_NO: Final = frozenset({"on", "off", "yes", "no", "true", "false", "null"})


def check_given_names(look: Look) -> None:
    """Check what things are called."""
    seen: dict[str, Named] = {}
    for named in look.known.given:
        if named.name in RESERVED | _YES_NO:
            look.problem(
                named.path,
                "reserved_word",
                f"`{named.name}` is a word of the language",
                "choose another name",
                at_key=True,
            )
        first = seen.setdefault(named.name, named)
        if first is not named:
            _two(first, named, look)
    _actions_within(look.known, look)
    _handled_once(look)
    for name, fact in look.known.facts.items():
        for choice in fact.answer if isinstance(fact.answer, dict) else ():
            if choice in _YES_NO:
                look.problem(
                    ("facts", name, "answer", choice), "reserved_word", f"no choice may be named `{choice}`",
                    "write `answer: yes or no`, or choose other names", at_key=True,
                )  # fmt: skip


def _handled_once(look: Look) -> None:
    """An event is handled by one interrupt: what `handles` names, or its own name."""
    handled: dict[str, str] = {}
    for above, interrupts in _all_interrupts(look.definition):
        for name, interrupt in interrupts.items():
            for at, event in enumerate(interrupt.handles or (name,)):
                first = handled.setdefault(event, name)
                if first != name:
                    look.problem(
                        (*above, "interrupts", name, *(("handles", at) if interrupt.handles else ())),
                        "two_meanings", f"`{event}` is handled by `{first}` already", "take it out of one",
                    )  # fmt: skip


def _all_interrupts(definition: Definition) -> Iterator[tuple[Path, Mapping[str, Interrupt]]]:
    for name, phase in definition.phases.items():
        yield ("phases", name), phase.interrupts
    yield ("throughout",), definition.throughout.interrupts


def _two(first: Named, named: Named, look: Look) -> None:
    if look.findings.full:
        return
    if first.kind == named.kind == "action":
        return
    if first.kind == named.kind == "role":
        agencies = " and ".join(f"`{part.path[1]}`" for part in (first, named))
        if first.path[1] == named.path[1]:
            message = f"role `{named.name}` stands twice in agency `{named.path[1]}`"
        else:
            message = f"role `{named.name}` is in two agencies, {agencies}"
        look.problem(named.path, "two_meanings", message, "a role belongs to one agency; give one another name")
        return
    line = look.place(first.path, at_key=True).line
    what = f"two {PLURALS[named.kind]}" if first.kind == named.kind else f"a {first.kind} and a {named.kind}"
    what = what.replace("a agency", "an agency").replace("a action", "an action").replace("a interrupt", "an interrupt")
    made = f" (it follows from `{named.follows}`)" if named.follows else ""
    look.problem(
        named.path, "two_meanings", f"`{named.name}` names {what}{made}, first in line {line}",
        "give one another name", at_key=True,
    )  # fmt: skip


def _actions_within(known: Known, look: Look) -> None:
    """An action may be written in several steps, but not in a step and again around it."""
    places: dict[str, list[Path]] = {}
    for named in known.given:
        if named.kind == "action" and not named.follows:
            places.setdefault(named.name, []).append(named.path[:-2])
    for name, paths in places.items():
        for inner in paths if len(paths) > 1 else ():
            if any(outer != inner and _around(outer, inner) for outer in paths):
                look.problem(
                    (*inner, "actions", name), "two_meanings", f"action `{name}` is also written around this place",
                    "take one out, or give it another name", at_key=True,
                )  # fmt: skip


def _around(outer: Path, inner: Path) -> bool:
    return outer == ("throughout",) or inner[: len(outer)] == outer
