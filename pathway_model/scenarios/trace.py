"""What a run leaves behind in canonical form, so that two ways of running the same story can be compared byte by byte.

It holds nothing that depends on who runs it: no case id, no time of entry, only what happened when, and what followed.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import JsonValue

from pathway_model.case import Case
from pathway_model.changes import value_of
from pathway_model.effects import EFFECT, Effect
from pathway_model.events import EVENT
from pathway_model.language.names import MAIN
from pathway_model.outcome import Reason, Refusal, Step

JsonObject = dict[str, JsonValue]

_OF_THE_RUN = frozenset({"id", "definition", "opened", "now", "sequence"})
"""Parts of a case value that differ between runs, or that the entry says already."""


@dataclass(frozen=True, slots=True)
class Trace:
    """The events of a run in order, each with the case after it and its effects; refusals in their place."""

    entries: tuple[JsonObject, ...]

    def canonical(self) -> str:
        """The trace as JSON, one entry a line, with sorted keys."""
        lines = (json.dumps(entry, sort_keys=True, ensure_ascii=False) for entry in self.entries)
        return "\n".join(lines) + "\n"


def entries_of(steps: Iterable[Step], refusal: Refusal | None) -> tuple[JsonObject, ...]:
    """The trace of some steps, and of the refusal after them."""
    taken = tuple(_entry(step) for step in steps)
    return taken if refusal is None else (*taken, {"refused": [_reason(reason) for reason in refusal.reasons]})


def _entry(step: Step) -> JsonObject:
    main = step.case.strands[MAIN]
    return {
        "event": EVENT.dump_python(step.event, mode="json"),
        "sequence": step.case.sequence,
        "step": main.step,
        "owner": main.owner,
        "case": {key: value for key, value in value_of(step.case).items() if key not in _OF_THE_RUN},
        "effects": [_effect(effect, step.case) for effect in step.effects],
    }


def _effect(effect: Effect, case: Case) -> JsonObject:
    value: JsonObject = EFFECT.dump_python(effect, mode="json", exclude_none=True)
    value["id"] = str(value["id"]).removeprefix(f"{case.id}-").removeprefix(f"{case.id}/")
    return value


def _reason(reason: Reason) -> JsonObject:
    earliest = None if reason.earliest is None else reason.earliest.isoformat()
    return {"code": reason.code, "name": reason.name, "earliest": earliest}
