"""openpyxl (reads) and XlsxWriter (writes), loaded with the first workbook: 15 MB each that most processes never need.

charset-normalizer comes with the first file that is not Unicode.
"""

from functools import cache
from importlib import import_module
from types import ModuleType


@cache
def openpyxl() -> ModuleType:
    """Return the package, its module of errors imported."""
    import_module("openpyxl.utils.exceptions")
    return import_module("openpyxl")


@cache
def xlsxwriter() -> ModuleType:
    """Return the package."""
    return import_module("xlsxwriter")


@cache
def charset_normalizer() -> ModuleType:
    """Return the package."""
    return import_module("charset_normalizer")
