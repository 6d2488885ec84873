"""Measuring side by side: every contender has its turn in each round, so that a noisy machine is noisy for all."""

import gc
from collections.abc import Callable, Mapping
from statistics import median
from time import process_time

Seconds = dict[str, list[float]]


def interleaved(contenders: Mapping[str, Callable[[], object]], *, rounds: int, repeats: int) -> Seconds:
    """CPU seconds for one call of each contender, once a round (the mean of `repeats` calls)."""
    seconds: Seconds = {name: [] for name in contenders}
    for call in contenders.values():
        call()
    for _ in range(rounds):
        for name, call in contenders.items():
            gc.collect()
            began = process_time()
            for _ in range(repeats):
                call()
            seconds[name].append((process_time() - began) / repeats)
    return seconds


def ratios(seconds: Seconds, name: str, base: str) -> tuple[float, float, float]:
    """How many times as long as the base a contender takes: least, middle and most of the rounds."""
    each = [ours / theirs for ours, theirs in zip(seconds[name], seconds[base], strict=True)]
    return min(each), median(each), max(each)


def spread(values: list[float]) -> str:
    """`min / median / max`."""
    return " / ".join(f"{value:,.1f}" for value in (min(values), median(values), max(values)))
