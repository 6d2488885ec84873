"""What pydantic found, in the words of a service: every kind of error as message and hint."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from pathway_model.language import clocks, definition, parts, requirements
from pathway_model.language.parts import Part
from pathway_model.reading.problems import Findings, said
from pathway_model.reading.source import snake

Words = tuple[str, str, str]
"""Code, message, hint."""

_NOUNS: Final[Mapping[type[Part], str]] = {
    definition.NeverFor: "`never_for`",
    definition.Throughout: "`throughout`",
    definition.Definition: "a pathway",
    definition.Alternative: "an alternative",
    requirements.FactRequirement: "a requirement about a fact",
    requirements.ClockRequirement: "a requirement about a clock",
    requirements.ActionRequirement: "a requirement about an action",
    requirements.EnteredRequirement: "a requirement about a step",
    requirements.HandoversRequirement: "a requirement about handovers",
    requirements.ConsentRequirement: "a requirement about a consent",
    requirements.StrandRequirement: "a requirement about a strand",
    requirements.CountRequirement: "a requirement about a count",
    requirements.AllRequirement: "`all`",
    requirements.AnyRequirement: "`any`",
    requirements.NotRequirement: "`not`",
    parts.Moment: "a moment",
    clocks.Deadline: "a deadline",
}
_OTHER_WORDS: Final[Mapping[str, str]] = {
    "tells": "write `job_for` for roles, `sends` for notices",
    "taken": "write `action: …, is: taken`",
    "due": "write `within`",
    "roles": "roles stand under `agencies`",
    "choices": "write the choices under `answer`",
    "steps": "steps stand in a phase, a strand or an interrupt",
}


def noun(model: type[Part] | None) -> str:
    """`a step`, `an interrupt`."""
    if model is None:
        return "this"
    name = model.__name__.lower()
    return _NOUNS.get(model) or f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def keys_of(model: type[Part]) -> tuple[str, ...]:
    """The keys that a designer may write there."""
    keys = (known.alias or name for name, known in model.model_fields.items())
    return tuple(key for key in keys if key != "holidays")


def words_for(error: Mapping[str, Any], model: type[Part] | None, written: object, findings: Findings) -> Words:
    """Say one of pydantic's errors.

    Args:
        error: From `ValidationError.errors()`.
        model: The part in which it was found.
        written: What stands there.
        findings: Knows close words.
    """
    if error["type"] == "extra_forbidden" and model is not None:
        return _unknown_key(str(error["loc"][-1]), model, findings)
    if error["type"] == "missing" and model is not None:
        return _missing_key(str(error["loc"][-1]), model)
    if error["type"] == "value_error":
        message, _, hint = str(error["ctx"]["error"]).partition("; ")
        return "bad_value", message, hint
    if error["type"] == "requirement_kind":
        return _no_requirement(written, str(error["msg"]))
    if error["type"] == "literal_error":
        return _no_choice(str(error["ctx"]["expected"]), written, findings)
    say = _SAYINGS.get(error["type"])
    if say is not None:
        return say(_shown(written), error.get("ctx", {}))
    return "bad_value", f"{_shown(written)} cannot stand here: {error['msg']}", ""


def _unknown_key(key: str, model: type[Part], findings: Findings) -> Words:
    keys = keys_of(model)
    hint = findings.did_you_mean(key, keys) or _OTHER_WORDS.get(key) or f"it has {said(keys, 'and')}"
    return "unknown_key", f"{noun(model)} has no `{key}`", hint


def _missing_key(key: str, model: type[Part]) -> Words:
    known = next((known for name, known in model.model_fields.items() if key in {name, known.alias}), None)
    meaning = f": {known.description}" if known is not None and known.description else ""
    return "missing_key", f"{noun(model)} needs `{key}`", f"add `{key}`{meaning}"


def _no_requirement(written: object, message: str) -> Words:
    hint = ""
    if isinstance(written, Mapping):
        hint = next((_OTHER_WORDS[key] for key in written if key in _OTHER_WORDS), "")
    elif isinstance(written, str):
        hint = "a requirement is a small table, such as `{fact: outcome, is: no_reply}`"
    return "not_a_requirement", message, hint


def _no_choice(expected: str, written: object, findings: Findings) -> Words:
    choices = re.findall(r"'([^']*)'", expected)
    word = str(written)
    hint = findings.did_you_mean(word, choices)
    return "not_a_choice", f"{_shown(written)} cannot stand here; write {said(choices)}", hint


def _shown(written: object) -> str:
    match written:
        case str():
            return f"`{written}`" if len(written) <= 60 else f"`{written[:57]}…`"  # noqa: PLR2004 - fits a line
        case Mapping():
            return "a table of keys and values"
        case _:
            return "a list"


def _bad_name(shown: str, _: Mapping[str, Any]) -> Words:
    mended = snake(shown)
    return "not_a_name", f"{shown} is not a name", f"write `{mended}`" if mended else "small letters, digits and _ only"


_SAYINGS: Final[Mapping[str, Callable[[str, Mapping[str, Any]], Words]]] = {
    "string_pattern_mismatch": _bad_name,
    "string_too_long": lambda shown, ctx: (
        "too_long", f"{shown} is too long for a name", f"{ctx['max_length']} characters are the most"
    ),
    "string_type": lambda shown, _: ("wrong_shape", f"one value should stand here, not {shown}", ""),
    "tuple_type": lambda shown, _: ("wrong_shape", f"a list should stand here, not {shown}", "write `[one, two]`"),
    "dict_type": lambda shown, _: (
        "wrong_shape", f"names with their parts should stand here, not {shown}", "write `name: …`, indented"
    ),
    "model_type": lambda shown, _: (
        "wrong_shape", f"keys with values should stand here, not {shown}", "write `key: value`, indented or in { }"
    ),
    "int_parsing": lambda shown, _: ("not_a_number", f"{shown} is not a whole number", ""),
    "int_type": lambda shown, _: ("not_a_number", f"a whole number should stand here, not {shown}", ""),
    "int_parsing_size": lambda shown, _: ("not_a_number", f"{shown} is too large", ""),
    "float_parsing": lambda shown, _: ("not_a_number", f"{shown} is not a number", ""),
    "float_type": lambda shown, _: ("not_a_number", f"a number should stand here, not {shown}", ""),
    "finite_number": lambda shown, _: ("not_a_number", f"{shown} is not a number", ""),
    "greater_than_equal": lambda shown, ctx: ("out_of_range", f"{shown} is too small", f"{ctx['ge']} is the least"),
    "less_than_equal": lambda shown, ctx: ("out_of_range", f"{shown} is too large", f"{ctx['le']} is the most"),
    "too_short": lambda _, __: ("nothing_in_it", "there is nothing in it", "name at least one"),
}  # fmt: skip
