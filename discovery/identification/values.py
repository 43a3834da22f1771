"""What a value must look like to be believed: texts of devices are cut to length, cleaned and checked here."""

import re
from enum import StrEnum

#: No text of a device is looked at beyond this many characters.
MOST_TEXT = 512


class Attribute(StrEnum):
    """What can be told of a device."""

    VENDOR = "vendor"
    MODEL = "model"
    OS = "os"
    VERSION = "version"
    SERIAL = "serial"
    ROLE = "role"
    ITEM_CLASS = "item_class"


_LENGTHS = {
    Attribute.VENDOR: 60,
    Attribute.MODEL: 80,
    Attribute.OS: 60,
    Attribute.VERSION: 80,
    Attribute.SERIAL: 40,
    Attribute.ROLE: 40,
    Attribute.ITEM_CLASS: 60,
}
#: Words that say that there is nothing to say.
_EMPTY = frozenset(
    [
        "n/a",
        "na",
        "none",
        "null",
        "nil",
        "unknown",
        "undefined",
        "unspecified",
        "invalid",
        "empty",
        "default",
        "notset",
        "notavailable",
        "notapplicable",
        "notspecified",
        "notsupported",
        "notpresent",
        "noinfo",
        "tobefilledbyoem",
        "defaultstring",
        "systemserialnumber",
        "serialnumber",
        "serial",
        "model",
        "modelname",
        "product",
        "productname",
        "systemproductname",
        "private",
        "redacted",
        "noserialnumber",
        "noserial",
        "unavailable",
        "notdefined",
        "xxx",
    ]
)
_SERIAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:+#-]{2,38}[A-Za-z0-9]")
#: A letter, or a number of three digits: some makers have nothing else.
_MODEL = re.compile(r"[^\W\d_]|\d{3}")
_NO_SERIAL = re.compile(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}"  # a date
    r"|v?\d+\.\d+(\.\d+){0,3}"  # a version, an address
    r"|\d{1,2}:\d{2}(:\d{2})?",  # a time
    re.IGNORECASE,
)


def bounded(text: str) -> str:
    """Return what is looked at of a text: its beginning."""
    return text[:MOST_TEXT]


def cleaned(attribute: Attribute, text: str) -> str:
    """Return a value fit to be shown and stored, "" when it is no value of this attribute.

    >>> cleaned(Attribute.MODEL, '  "WS-C3560G-24TS-S" ')
    'WS-C3560G-24TS-S'
    >>> cleaned(Attribute.SERIAL, "01/02/2021"), cleaned(Attribute.SERIAL, "N/A")
    ('', '')
    """
    value = bounded(text).strip(" \t\"'\\,;|")
    plain = "".join(sign for sign in value.lower() if sign.isalnum() or sign == "/")
    if not plain or plain in _EMPTY or (len(set(plain)) == 1 and len(plain) > 1):
        return ""
    if "<private>" in value or len(value) > _LENGTHS[attribute] or not value.isprintable():
        return ""
    if attribute is Attribute.SERIAL:
        return value if _is_serial(value) else ""
    if attribute is Attribute.MODEL:
        return value if _MODEL.search(value) else ""
    return value


def _is_serial(value: str) -> bool:
    return (
        _SERIAL.fullmatch(value) is not None
        and _NO_SERIAL.fullmatch(value) is None
        and (any(sign.isdigit() for sign in value) or set("xX*") >= set(value[-3:]))
    )
