"""What the checks of references share: the names that there are, where things are written, and where problems go."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pathway_model.language.definition import Definition
from pathway_model.language.names import ANYONE, OWNER, PERSON, UNCHANGED
from pathway_model.reading.known import PLURALS, Kind, Known, known_names
from pathway_model.reading.problems import Findings, said
from pathway_model.reading.shapes import Shaped
from pathway_model.reading.tree import Path, Place, key_place, place_at

_BUILT_IN: Final = frozenset({OWNER, ANYONE, PERSON, UNCHANGED})
_MEANT_ELSEWHERE: Final = {
    ("role", "notice"): "use sends",
    ("notice", "role"): "use job_for",
    ("notice", "contact"): "say who it goes to in the notice, under `to`",
    ("role", "contact"): "people outside are told by a notice: use sends",
}
"""What to do with a name of the second kind where one of the first belongs."""

_TELLING: Final = frozenset({"job_for", "sends"})


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one definition.

    Attributes:
        complete: Whether all fragments could be copied in; if not, names may be missing for that.
    """

    shaped: Shaped
    known: Known
    findings: Findings
    complete: bool

    @property
    def definition(self) -> Definition:
        """What is looked at."""
        return self.shaped.definition

    def place(self, path: Path, *, at_key: bool = False) -> Place:
        """Where a path is written."""
        return key_place(self.shaped.tree, path) if at_key else place_at(self.shaped.tree, path)

    def problem(self, path: Path, code: str, message: str, hint: str = "", *, at_key: bool = False) -> None:
        """Note a problem."""
        if self.findings.full:
            self.findings.count_one_more()
            return
        self.findings.add(self.place(path, at_key=at_key), code, message, hint, path)

    def refer(self, name: str, path: Path, *kinds: Kind, also: Iterable[str] = (), at_key: bool = False) -> bool:
        """Whether a name is one of these kinds (or one of some other words); if not, say so.

        Args:
            name: The name.
            path: Where it stands.
            kinds: What it may name.
            also: Words of the language that may stand there, too.
            at_key: Whether it stands as a key.
        """
        allowed = frozenset(also)
        if name in allowed or any(name in self.known.by_kind[kind] for kind in kinds):
            return True
        if name in self.shaped.missing_words:
            return False
        if self.findings.full:
            self.findings.count_one_more()
            return False
        others = self.known.kinds_of(name)
        if name in _BUILT_IN:
            self.problem(path, "wrong_kind", f"`{name}` cannot stand here", f"write {_wanted(kinds)}", at_key=at_key)
        elif others:
            self._wrong_kind(name, path, kinds, others[0], at_key=at_key)
        else:
            names = {known for kind in kinds for known in self.known.by_kind[kind]} | allowed
            hint = self.findings.did_you_mean(name, names)
            if hint or self.complete:
                message = f"there is no {said(kinds)} `{name}`"
                self.problem(path, "no_such_name", message, hint or self._all(names), at_key=at_key)
        return False

    def _wrong_kind(self, name: str, path: Path, kinds: tuple[Kind, ...], other: Kind, *, at_key: bool) -> None:
        key = next((str(step) for step in reversed(path) if isinstance(step, str) and step != name), "")
        article = "an" if other[0] in "aeiou" else "a"
        hint = f"write {_wanted(kinds)}"
        if key in _TELLING:
            hint = _MEANT_ELSEWHERE.get((kinds[0], other), hint)
        message = f"`{key}` is for {said(PLURALS[kind] for kind in kinds)}; `{name}` is {article} {other}"
        self.problem(path, "wrong_kind", message, hint, at_key=at_key)

    def _all(self, names: Iterable[str]) -> str:
        listed = sorted(names)
        if not listed:
            return "there are none"
        return f"there are {said(listed, 'and')}" if 1 < len(listed) <= 8 else ""  # noqa: PLR2004 - fits a line


def look_at(shaped: Shaped, findings: Findings, *, complete: bool) -> Look:
    """Begin a look at what could be read."""
    return Look(shaped, known_names(shaped.definition), findings, complete)


def _wanted(kinds: Iterable[Kind]) -> str:
    return said(f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}" for kind in kinds)
