"""Occasions: all the instants, as far as a case remembers, from which a clock is counted or at which something met it.

Of most moments a case keeps only when they last occurred; of answers, when each was given.
"""

from collections.abc import Iterator
from datetime import datetime

from pathway_model.answers import moment_of
from pathway_model.pathway import CompiledClock, moment_key
from pathway_model.scratch import Scratch
from pathway_model.values import as_written


def first_known(case: Scratch, clock: CompiledClock) -> tuple[str, datetime] | None:
    """Of the moments that a clock is counted from, the first that has occurred, with its key."""
    return next(((key, case.moments[key]) for key in clock.start_keys if key in case.moments), None)


def runs_alone(case: Scratch, clock: CompiledClock) -> bool:
    """Whether a clock has one turn at a time.

    So has one that is counted from the first known of a list, from the last activity, or from a date given anew.
    """
    moment = clock.starts[0]
    given_anew = moment.kind == "fact" and not case.pathway.definition.facts[moment.name].repeats
    return len(clock.starts) > 1 or moment.kind == "last" or given_anew or clock.model.every is not None


def beginnings(case: Scratch, clock: CompiledClock) -> dict[datetime, int | None]:
    """From when turns of a clock are counted, met ones too, with the number of the event that said so, if known."""
    if not clock.starts:
        return {}
    if runs_alone(case, clock):
        known = first_known(case, clock)
        return {} if known is None else {known[1]: None}
    return dict(_instants(case, clock.start_keys[0]))


def first_met(case: Scratch, clock: CompiledClock, since: datetime) -> datetime | None:
    """When something first met a turn that is counted from `since`; none if nothing has yet."""
    keys = map(moment_key, clock.model.met_by or ())
    return min((at for key in keys for at, _ in _instants(case, key) if at > since), default=None)


def _instants(case: Scratch, key: str) -> Iterator[tuple[datetime, int | None]]:
    if key in case.moments:
        yield case.moments[key], None
    kind, _, asked = key.partition(":")
    fact = asked.partition("=")[0]
    meant = dict(case.pathway.answer_moments.get(fact, ())).get(key)
    for answer in case.facts.get(fact, ()):
        if kind == "answering" and (meant is None or meant & set(as_written(answer.value))):
            yield answer.at, answer.sequence
        elif kind == "fact" and (instant := moment_of(answer.value)) is not None:
            yield instant, answer.sequence
