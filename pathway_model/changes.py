"""What an event changed in a case, as data: a JSON Merge Patch (RFC 7386) between the JSON forms of two case values.

Each recorded event keeps its patch, so a case is rebuilt by folding patches: nothing is decided a second time,
whichever interpreter is running by then. No value of a case is ever null, which is what merge patches need.
"""

from collections.abc import Mapping

from pydantic import JsonValue

from pathway_model.case import CASE, Case

JsonObject = dict[str, JsonValue]


def value_of(case: Case) -> JsonObject:
    """The JSON form of a case, without what has its usual value."""
    value: JsonObject = CASE.dump_python(case, mode="json", exclude_defaults=True)
    return value


def case_from(value: Mapping[str, JsonValue]) -> Case:
    """The case that a JSON form stands for.

    Raises:
        pydantic.ValidationError: It is not the JSON form of a case.
    """
    return CASE.validate_python(value)


def changes(before: Case | None, after: Case) -> JsonObject:
    """The merge patch that makes `after` of `before`; the whole value where there was nothing before."""
    new = value_of(after)
    return new if before is None else _difference(value_of(before), new)


def fold(value: Mapping[str, JsonValue], patch: Mapping[str, JsonValue]) -> JsonObject:
    """The value after a merge patch; neither argument is changed."""
    folded = dict(value)
    for key, changed in patch.items():
        if changed is None:
            folded.pop(key, None)
        elif isinstance(changed, dict):
            current = folded.get(key)
            folded[key] = fold(current if isinstance(current, dict) else {}, changed)
        else:
            folded[key] = changed
    return folded


def _difference(old: JsonObject, new: JsonObject) -> JsonObject:
    patch: JsonObject = {key: None for key in old if key not in new}
    for key, value in new.items():
        before = old.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            nested = _difference(before, value)
            if nested:
                patch[key] = nested
        elif before != value or type(before) is not type(value):
            patch[key] = value
    return patch
