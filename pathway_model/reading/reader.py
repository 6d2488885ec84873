"""The door of reading: text → a definition, or all that is wrong with it, at once. Pure: callers load the files."""

from collections.abc import Mapping
from dataclasses import dataclass

from pathway_model.language.definition import Definition
from pathway_model.reading.bank_holidays import bank_holidays
from pathway_model.reading.expansion import expand
from pathway_model.reading.fragments import FragmentSource
from pathway_model.reading.problems import Findings, Problem
from pathway_model.reading.references import check_references
from pathway_model.reading.shapes import shape
from pathway_model.reading.source import compose


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a text came to.

    Attributes:
        definition: The definition with the calendar's holidays inside; none if there is any error.
        problems: All findings by place, warnings among them.
    """

    definition: Definition | None
    problems: tuple[Problem, ...]


def read(text: str, file: str, fragments: Mapping[str, FragmentSource]) -> Reading:
    """Read a pathway.

    Args:
        text: What its designer wrote.
        file: The file's name, for problems.
        fragments: The fragment files there are, by name and version, such as `standard 1`.
    """
    findings = Findings()
    shaped = None
    tree = compose(text, file, findings)
    if tree is not None:
        expanded = expand(tree, fragments, findings)
        shaped = shape(expanded.tree, findings)
        if shaped is not None:
            check_references(shaped, findings, complete=expanded.complete)
    problems = findings.ordered()
    if shaped is None or any(problem.severity == "error" for problem in problems):
        return Reading(None, problems)
    return Reading(shaped.definition.model_copy(update={"holidays": bank_holidays()}), problems)
