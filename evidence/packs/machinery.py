"""WeasyPrint, pyHanko and cryptography, loaded with the first pack or signature: 70 MB that nobody at rest needs.

Also the one place that knows what a missing system library looks like, and what to install.
"""

from functools import cache
from importlib import import_module
from types import ModuleType

from django.utils.translation import gettext as _

from common.errors import DomainError

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"


class MissingLibraryError(DomainError):
    """The system lacks a library that typesetting needs."""

    status = 503
    code = "missing_library"


@cache
def typesetting() -> ModuleType:
    """Return evidence.packs.typesetting. Raises MissingLibraryError."""
    try:
        return import_module("evidence.packs.typesetting")
    except OSError as error:
        raise MissingLibraryError(
            _(
                "PDF documents cannot be written: a library is missing on this machine (%(reason)s). "
                "On Debian or Ubuntu run: apt-get install %(packages)s, then restart."
            )
            % {"reason": str(error).splitlines()[0], "packages": PACKAGES}
        ) from error


@cache
def signing() -> ModuleType:
    """Return evidence.keys."""
    return import_module("evidence.keys")


@cache
def chain_verification() -> ModuleType:
    """Return evidence.verification.checkpoints."""
    return import_module("evidence.verification.checkpoints")


@cache
def certifying() -> ModuleType:
    """Return evidence.packs.certifying."""
    return import_module("evidence.packs.certifying")


@cache
def pack_verification() -> ModuleType:
    """Return evidence.verification.pack."""
    return import_module("evidence.verification.pack")
