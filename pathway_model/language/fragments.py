"""Fragment files: parts of pathways, written once and used by many. Schema and documentation of what stands in them.

A fragment's body holds blanks where a definition holds names, lengths or requirements; it is checked as part of each
definition that uses it. `pathway_model.reading.expansion` copies it in: a published definition holds no fragments.
"""

from typing import Any, Final

from pydantic import Field

from pathway_model.language.names import Name
from pathway_model.language.parts import Part

MUST_BE_GIVEN: Final = "must be given"
"""The usual value of a blank that has none."""

ALWAYS: Final = "always"
"""The usual value of a blank for a `when` that is left out."""


class Fragment(Part):
    """One part, with the blanks that whoever uses it may fill."""

    blanks: dict[Name, Any] = Field(default_factory=dict, description="with usual values, or `must be given`")
    facts: dict[Name, Any] = Field(default_factory=dict, description="arrives once, however often it is used")
    forms: dict[Name, Any] = Field(default_factory=dict, description="arrives once")
    counts: dict[Name, Any] = Field(default_factory=dict, description="arrives once")
    consents: dict[Name, Any] = Field(default_factory=dict, description="arrives once")
    notices: dict[Name, Any] = Field(default_factory=dict, description="arrives once")
    use: Any = Field(None, description="other fragments that belong to it")
    deadline: Any = None
    actions: dict[Name, Any] = Field(default_factory=dict)
    clocks: dict[Name, Any] = Field(default_factory=dict)
    handovers: dict[Name, Any] = Field(default_factory=dict)
    interrupts: dict[Name, Any] = Field(default_factory=dict)
    steps: dict[Name, Any] = Field(default_factory=dict)
    strands: dict[Name, Any] = Field(default_factory=dict)
    leave_when: Any = None
    moves_by_itself: Any = None
    sends: Any = None
    job_for: Any = None
    notes: Any = None


SHARED: Final = ("facts", "forms", "counts", "consents", "notices")
"""What a fragment brings to the definition as a whole."""

NAMED: Final = ("actions", "clocks", "handovers", "interrupts", "steps", "strands")
"""What it brings to the place where it is used, and what `as` renames."""

LISTED: Final = ("leave_when", "moves_by_itself", "sends", "job_for", "notes")
"""What is added to the lists of the place where it is used."""
