"""Carrying a scan out, loaded with the first one: it brings all that sends packets."""

from functools import cache
from importlib import import_module
from types import ModuleType


@cache
def running() -> ModuleType:
    """Return discovery.services.running."""
    return import_module("discovery.services.running")
