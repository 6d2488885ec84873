"""Every name refers to something of the right kind."""

from pathway_model.reading.problems import Findings
from pathway_model.reading.shapes import Shaped


def check_references(shaped: Shaped, findings: Findings) -> None:
    """Check all names."""
