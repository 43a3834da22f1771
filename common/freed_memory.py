"""Gives memory back to the system that a large piece of work has freed.

glibc keeps freed heap for the next allocation; after a load of the whole plant that is as much as the graph itself.
"""

import ctypes
import sys
from collections.abc import Callable
from functools import cache


@cache
def _trim() -> Callable[[int], int] | None:
    """Return glibc's malloc_trim, None where the C library has none (musl, macOS)."""
    if not sys.platform.startswith("linux"):
        return None
    return getattr(ctypes.CDLL(None), "malloc_trim", None)


def give_back_freed_memory() -> None:
    """Return what is free to the system; does nothing where that cannot be asked for."""
    trim = _trim()
    if trim is not None:
        trim(0)
