"""The hash chain over the events of a case: canonical forms and digests, as pure functions.

Each row's hash covers the hash of the row before: a row changed, removed or put in between shows.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from pydantic import JsonValue, TypeAdapter

from pathway_model.effects import Effect
from pathway_model.events import EVENT
from pathway_model.recording import JsonObject, RecordSteps, StepRow

_EFFECTS: Final[TypeAdapter[tuple[Effect, ...]]] = TypeAdapter(tuple[Effect, ...])
_INSTANT: Final = TypeAdapter(datetime)


def event_json(step: StepRow) -> JsonObject:
    """The JSON form of a step's event."""
    value: JsonObject = EVENT.dump_python(step.event, mode="json")
    return value


def effects_json(step: StepRow) -> list[JsonValue]:
    """The JSON forms of a step's effects, in order."""
    value: list[JsonValue] = _EFFECTS.dump_python(step.effects, mode="json")
    return value


def digest_of_step(recording: RecordSteps, step: StepRow) -> str:
    """Of everything that a case asks to be recorded about a step."""
    return digest_of_row(
        {
            "case": recording.case,
            "epoch": recording.epoch,
            "digest": recording.digest,
            "interpreter": recording.interpreter,
            "sequence": step.sequence,
            "entered": instant_json(step.entered),
            "event": event_json(step),
            "changes": step.changes,
            "effects": effects_json(step),
            "request": step.request,
            "account": step.account,
        }
    )


def digest_of_row(content: Mapping[str, JsonValue]) -> str:
    """SHA-256 of the canonical JSON of a row's content, in hexadecimal."""
    return _sha256(content)


def digest_of_answer(salt: str, answer: JsonValue) -> str:
    """Of a personal answer: whoever has only the digest cannot guess the words, for want of the salt."""
    return _sha256([salt, answer])


def hash_of(previous: str | None, row_digest: str, answers: Mapping[str, str]) -> str:
    """The hash of a row: it covers the row before, the step, and the personal answers given in it."""
    return _sha256([previous, row_digest, dict(answers)])


def instant_json(instant: datetime) -> str:
    """An instant as it stands in JSON, in UTC."""
    text: str = _INSTANT.dump_python(instant.astimezone(UTC), mode="json")
    return text


def instant_of(text: JsonValue) -> datetime:
    """The instant that stands in JSON."""
    instant: datetime = _INSTANT.validate_python(text)
    return instant


def _sha256(value: Mapping[str, JsonValue] | Sequence[object]) -> str:
    # Sorted keys and pure ASCII: the digest depends on what is said, not on how a database gives it back.
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
