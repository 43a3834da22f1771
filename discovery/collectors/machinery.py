"""What only a process that scans needs, loaded when it does.

asyncua takes 50 MB and a second, scans take 5 MB, cryptography 7 MB.
"""

from functools import cache
from importlib import import_module
from types import ModuleType


@cache
def opcua() -> ModuleType:
    """Return discovery.collectors.opcua."""
    return import_module("discovery.collectors.opcua")


@cache
def fernet() -> ModuleType:
    """Return cryptography.fernet."""
    return import_module("cryptography.fernet")


@cache
def scanning() -> ModuleType:
    """Return discovery.collectors.scanning."""
    return import_module("discovery.collectors.scanning")
