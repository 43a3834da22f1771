"""httpx, loaded with the first running NetBox that is read: most processes never ask one."""

from functools import cache
from importlib import import_module
from types import ModuleType


@cache
def http() -> ModuleType:
    """Return httpx."""
    return import_module("httpx")
