"""Times a call the way timeit does: the best of several, since noise of a machine only ever adds."""

import gc
import time
from collections.abc import Callable
from typing import Any, NamedTuple


class Timed(NamedTuple):
    """Best milliseconds of a call, and what the last one returned."""

    milliseconds: float
    result: Any


def timed(call: Callable[[], Any], repeats: int) -> Timed:
    """Call repeatedly, with the collector paused as timeit does."""
    times, result = [], None
    gc.collect()
    gc.disable()
    for _ in range(repeats):
        started = time.perf_counter()
        result = call()
        times.append((time.perf_counter() - started) * 1000)
    gc.enable()
    return Timed(min(times), result)
