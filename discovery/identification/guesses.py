"""What looks like a version or a model in texts nobody has written a rule for. Two candidates are no answer."""

import re
from collections.abc import Iterable

_VERSION = re.compile(
    r"(?:^|[ ,;:(/])(?:[A-Za-z]{1,12}:|[vV]er(?:sion)?[.: ] ?)?"
    r"([vVrR]?\.?\d{1,4}(?:\.[0-9A-Za-z]{1,8}){1,4}(?:[-_][0-9A-Za-z.]{1,16})?)(?=$|[ ,;)])"
)
_WHOLE_VERSION = re.compile(
    r"(?i)(?:[a-z][a-z .-]{0,30} )?(v?\.?\d{1,3}(?:\.[0-9a-z]{1,8}){1,4}(?:[-_][0-9a-z.]{1,16})?"
    r"(?: \(?(?:build|rel|rev)[ .:]?\S{1,20})?)"
)
_ADDRESS = re.compile(r"(?:[1-9]\d|1\d\d|2[0-5]\d|0|255)(?:\.\d{1,3}){3}")
_DATE = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[/-]\d{1,2}[/-]\d\d"
)
_MODEL = re.compile(
    r"[A-Z][A-Za-z]{1,11}[- ]?[A-Za-z]{0,6}\d[A-Za-z0-9]{0,16}(?:[-/ +][A-Za-z0-9+]{1,16}){0,5}"
)
_NO_MODEL = re.compile(
    r"(?i)(?:v|ver|version|rev|release|build|port|eth|slot|unit|fan|psu|vlan|sensor|outlet|[ad]c)\W?\d.{0,40}"
)
_SPLIT = re.compile(r"[^A-Za-z0-9+/-]+")


def version_in_description(text: str) -> str:
    """Return the only text in a description that looks like a version, "" when there are none or several.

    >>> version_in_description("; AXIS P1435-LE; Network Camera; 9.80.69; May 13 2024 09:11; 70D; 1;")
    '9.80.69'
    >>> version_in_description("Card (MB:v4.1.0 PF:v6.4.0)")
    ''
    """
    found = {one for one in _VERSION.findall(text) if _is_version(one)}
    return found.pop() if len(found) == 1 else ""


def only_version(texts: Iterable[str]) -> str:
    """Return the only one of several texts that is a version, "" when there are none or several.

    >>> only_version(["hall 2", "Firmware v2.4.11", "10.0.0.1"])
    'v2.4.11'
    """
    found = {
        match[1]
        for text in texts
        if len(text) <= 60 and (match := _WHOLE_VERSION.fullmatch(text)) and _is_version(match[1])
    }
    return found.pop() if len(found) == 1 else ""


def likely_model(texts: Iterable[str], description: str) -> str:
    """Return the text that looks like a model and shares a word with the description, else the only one that does.

    >>> likely_model(["hall 2", "EKX-7428G-4C", "PSU-1"], "Switch")
    'EKX-7428G-4C'
    """
    models = list(
        dict.fromkeys(
            text for text in texts if _MODEL.fullmatch(text) and not _NO_MODEL.match(text)
        )
    )
    words = {word for word in _SPLIT.split(description) if len(word) > 3}
    shared = [text for text in models if words & set(_SPLIT.split(text))]
    if shared:
        return shared[0]
    dashed = [text for text in models if "-" in text or " " in text]
    return dashed[0] if len(dashed) == 1 else ""


def _is_version(text: str) -> bool:
    return not _ADDRESS.fullmatch(text) and not _DATE.fullmatch(text)
