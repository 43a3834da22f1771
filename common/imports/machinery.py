"""openpyxl, loaded with the first workbook: with the libraries it brings, 15 MB that most processes never need."""

from functools import cache
from importlib import import_module
from types import ModuleType


@cache
def openpyxl() -> ModuleType:
    """Return the package, its module of errors imported."""
    import_module("openpyxl.utils.exceptions")
    return import_module("openpyxl")
