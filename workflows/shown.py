"""What a case shows in Temporal: search attributes, upserted only when they change, and where it stands.

Neither says anything personal: roles, steps and dates of a random id.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import JsonValue
from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

from pathway_model.case import Case
from pathway_model.pathway import Pathway
from pathway_model.summary import Summary, summarise
from workflows import names
from workflows.messages import JsonObject

Shape = str | int | bool | datetime | tuple[str, ...] | None

_MAKERS: Final[Mapping[names.AttributeKind, Callable[[str], SearchAttributeKey[Any]]]] = {
    "Keyword": SearchAttributeKey.for_keyword,
    "KeywordList": SearchAttributeKey.for_keyword_list,
    "Datetime": SearchAttributeKey.for_datetime,
    "Bool": SearchAttributeKey.for_bool,
    "Int": SearchAttributeKey.for_int,
}
_KEYS: Final[Mapping[str, SearchAttributeKey[Any]]] = {
    name: _MAKERS[kind](name) for name, kind in names.SEARCH_ATTRIBUTES.items()
}


class Shown:
    """The search attributes of one case, as they stand. Temporal lists them a moment later."""

    def __init__(self, pathway: Pathway, shown: JsonObject) -> None:
        self._pathway = pathway
        self._shown = dict(shown)

    def show(self, case: Case) -> None:
        """Show where the case stands. It was just recorded, so nothing blocks it."""
        definition = self._pathway.definition
        summary = summarise(self._pathway, case)
        self._upsert(
            {
                names.PATHWAY: definition.pathway,
                names.VERSION: definition.version,
                names.PHASE: summary.phase,
                names.STEP: summary.steps,
                names.OWNER_ROLE: summary.owner_roles,
                names.AGENCY: summary.agencies,
                names.NEXT_DUE: summary.next_due,
                names.WAITING_SINCE: summary.waiting_since,
                names.PAUSED: summary.paused,
                names.BLOCKED: None,
            }
        )
        workflow.set_current_details(_details(definition.title, summary))

    def block(self, why: str) -> None:
        """Show that the case cannot go on by itself."""
        self._upsert({names.BLOCKED: why})

    def remembered(self) -> JsonObject:
        """For the snapshot."""
        return dict(self._shown)

    def _upsert(self, values: Mapping[str, Shape]) -> None:
        changed = {name: value for name, value in values.items() if self._shown.get(name) != _plain(value)}
        if changed:
            workflow.upsert_search_attributes([_update(name, value) for name, value in changed.items()])
            self._shown |= {name: _plain(value) for name, value in changed.items()}


def _update(name: str, value: Shape) -> SearchAttributeUpdate[Any]:
    key = _KEYS[name]
    # An empty list is no value to Temporal.
    if value is None or value == ():
        return key.value_unset()
    return key.value_set(list(value) if isinstance(value, tuple) else value)


def _plain(value: Shape) -> JsonValue:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _details(title: str, summary: Summary) -> str:
    """Markdown for Temporal's own pages. Lost when a case continues in a new run; each step sets it again."""
    due = summary.next_due.isoformat() if summary.next_due else "nothing"
    lines = (
        f"**{title}**",
        f"- phase: {summary.phase or 'none'}",
        f"- at: {', '.join(summary.steps)}",
        f"- owned by: {', '.join(summary.owner_roles)}",
        f"- next due: {due}",
        f"- waiting since: {summary.waiting_since.isoformat()}",
    )
    return "\n".join((*lines, *(("- paused",) if summary.paused else ())))
