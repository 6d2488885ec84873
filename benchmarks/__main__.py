"""`python -m benchmarks [NAME…]`: all benchmarks, or those named. Figures are only comparable within one run."""

import sys
from collections.abc import Callable, Mapping
from typing import Final

from benchmarks import advance, durable

BENCHMARKS: Final[Mapping[str, Callable[[], None]]] = {"advance": advance.main, "durable": durable.main}


def main(names: list[str]) -> int:
    """Run benchmarks by name; the exit code is 2 if there is none of a name."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"there is no benchmark {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    for name in names or BENCHMARKS:
        BENCHMARKS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
