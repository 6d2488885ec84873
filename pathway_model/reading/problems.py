"""What is wrong with a text, said so that a designer can mend it; and the collector that gathers all of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, Literal

from pathway_model.reading.tree import Path, Place, path_text

Severity = Literal["error", "warning"]

MOST_PROBLEMS: Final = 500
"""After so many, a text is not a pathway: the rest is only counted."""

MOST_COMPARED: Final = 50_000
"""Comparing words is slow: a text with more to compare gets its last problems without a suggestion."""

_LONGEST_WORD: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding at one place.

    Attributes:
        line, column: Both count from 1; columns are characters.
        code: Stable, for programs.
        message: What is wrong, in one sentence.
        hint: How to mend it; empty where nothing better than the message can be said.
        path: Where it stands in the definition, such as `phases.referral.steps.referred.owner`.
        counterexample: How a case would meet it; only the checker's findings have one.
    """

    file: str
    line: int
    column: int
    severity: Severity
    code: str
    message: str
    hint: str
    path: str
    counterexample: str | None = None


class Findings:
    """Gathers problems; the same problem at the same place is kept once."""

    def __init__(self) -> None:
        self._problems: dict[tuple[str, int, int, str, str], Problem] = {}
        self._left_off = 0
        self._compared = 0

    def add(
        self,
        place: Place,
        code: str,
        message: str,
        hint: str = "",
        path: Path = (),
        *,
        severity: Severity = "error",
    ) -> None:
        """Note a problem."""
        if self.full:
            self._left_off += 1
            return
        told = "; ".join(part for part in (hint, place.note) if part)
        problem = Problem(
            file=place.file,
            line=place.line,
            column=place.column,
            severity=severity,
            code=code,
            message=message,
            hint=told,
            path=path_text(path),
        )
        self._problems.setdefault((place.file, place.line, place.column, code, message), problem)

    @property
    def full(self) -> bool:
        """Whether more problems are only counted: there is no need to work them out."""
        return len(self._problems) >= MOST_PROBLEMS

    def count_one_more(self) -> None:
        """Note that there is one more than can be shown."""
        self._left_off += 1

    def __len__(self) -> int:
        return len(self._problems) + self._left_off

    def did_you_mean(self, word: str, known: Iterable[str]) -> str:
        """`did you mean …?`, or nothing when no known word is close."""
        close = self.closest(word, known)
        return f"did you mean `{close}`?" if close else ""

    def closest(self, word: str, known: Iterable[str]) -> str | None:
        """The known word that is most like this one, if any is like it at all."""
        candidates = sorted(set(known))
        self._compared += len(candidates)
        if self._compared > MOST_COMPARED or len(word) > _LONGEST_WORD:
            return None
        found = get_close_matches(word, candidates, n=1, cutoff=0.7)
        return found[0] if found else None

    def ordered(self) -> tuple[Problem, ...]:
        """All problems by place."""
        problems = sorted(
            self._problems.values(), key=lambda problem: (problem.file, problem.line, problem.column, problem.code)
        )
        if self._left_off:
            last = problems[-1]
            problems.append(
                Problem(
                    file=last.file,
                    line=last.line,
                    column=last.column,
                    severity="error",
                    code="too_many_problems",
                    message=f"there are {self._left_off} more problems than can be shown",
                    hint="mend these first",
                    path="",
                )
            )
        return tuple(problems)


def said(words: Iterable[str], link: str = "or") -> str:
    """A list as a sentence says it: `a, b or c`."""
    listed = list(words)
    if len(listed) < 2:  # noqa: PLR2004 - one word needs no link
        return "".join(listed)
    return f"{', '.join(listed[:-1])} {link} {listed[-1]}"
