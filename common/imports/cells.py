"""From the text of a cell to a value and back: one pure function per type, each saying what it allows.

`format_value` writes what the parsers read, so an export imports again to the same values.
"""

import ipaddress
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.utils.translation import gettext as _

Parser = Callable[[str], Any]
TRUE_WORDS = frozenset({"true", "yes", "y", "1", "x"})
FALSE_WORDS = frozenset({"false", "no", "n", "0"})
CLEAR_WORD = "-"
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "'")
_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_MAC = re.compile(r"[0-9A-F]{2}([:-])(?:[0-9A-F]{2}\1){4}[0-9A-F]{2}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_SLUG = re.compile(r"[-a-zA-Z0-9_]+")


class CellError(ValueError):
    """A cell cannot be read; the text says why, and with `names_allowed` also what is allowed."""

    def __init__(self, message: str, *, names_allowed: bool = False) -> None:
        super().__init__(message)
        self.names_allowed = names_allowed


def neutralised(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula.

    >>> neutralised("=cmd()"), neutralised("-5"), neutralised("pump")
    ("'=cmd()", '-5', 'pump')
    """
    if text.startswith(_FORMULA_START) and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def restored(text: str) -> str:
    """Return what `neutralised` was given.

    >>> restored(neutralised("=cmd()")), restored(neutralised("'tis")), restored("it's")
    ('=cmd()', "'tis", "it's")
    """
    if text.startswith("'") and text[1:].startswith(_FORMULA_START):
        return text[1:]
    return text


def text_parser(max_length: int | None = None) -> Parser:
    """Return a parser of free text."""

    def parse(text: str) -> str:
        if max_length and len(text) > max_length:
            raise CellError(
                _("is %(length)s characters long; at most %(most)s are allowed")
                % {"length": len(text), "most": max_length}
            )
        return text

    return parse


def slug_parser(max_length: int) -> Parser:
    """Return a parser of slugs."""
    checked = text_parser(max_length)

    def parse(text: str) -> str:
        if not _SLUG.fullmatch(text):
            raise CellError(_("must consist of letters, digits, hyphens and underscores"))
        return str(checked(text))

    return parse


def parse_email(text: str) -> str:
    """Read an e-mail address."""
    if not _EMAIL.fullmatch(text) or len(text) > 254:
        raise CellError(_("is not an e-mail address such as name@example.com"))
    return text


def parse_boolean(text: str) -> bool:
    """Read a yes or no.

    >>> parse_boolean("TRUE"), parse_boolean("no")
    (True, False)
    """
    word = text.lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise CellError(_("must be true or false"))


def parse_date(text: str) -> date:
    """Read an ISO date.

    >>> parse_date("2026-11-21")
    datetime.date(2026, 11, 21)
    """
    try:
        return date.fromisoformat(text[:10] if text.endswith("T00:00:00") else text)
    except ValueError:
        raise CellError(_("must be a date written as 2026-11-21")) from None


def moment_parser(zone: ZoneInfo) -> Parser:
    """Return a parser of times; one without a zone is taken to be in `zone`."""

    def parse(text: str) -> datetime:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise CellError(_("must be a time written as 2026-11-21T08:00+01:00")) from None
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)

    return parse


def integer_parser(minimum: int | None = None, maximum: int | None = None) -> Parser:
    """Return a parser of whole numbers."""

    def parse(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise CellError(_("must be a whole number")) from None
        if minimum is not None and number < minimum:
            raise CellError(_("must be %(number)s or more") % {"number": minimum})
        if maximum is not None and number > maximum:
            raise CellError(_("must be %(number)s or less") % {"number": maximum})
        return number

    return parse


def decimal_parser(digits: int, places: int) -> Parser:
    """Return a parser of decimal numbers with a point."""

    def parse(text: str) -> Decimal:
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise CellError(_("must be a number with a decimal point, such as 99.95")) from None
        if not number.is_finite() or abs(number) >= 10 ** (digits - places):
            raise CellError(
                _("must have at most %(count)s digits before the point")
                % {"count": digits - places}
            )
        if number != round(number, places):
            raise CellError(
                _("must have at most %(count)s digits after the point") % {"count": places}
            )
        return round(number, places)

    return parse


def choice_parser(values: Sequence[Any]) -> Parser:
    """Return a parser that takes one of `values`, which may be text or numbers."""
    by_text = {str(value): value for value in values}
    allowed = ", ".join(by_text)

    def parse(text: str) -> Any:
        try:
            return by_text[text]
        except KeyError:
            raise CellError(
                _("is not one of: %(allowed)s") % {"allowed": allowed}, names_allowed=True
            ) from None

    return parse


def parse_list(text: str) -> list[str]:
    """Read a list separated by semicolons, without repeats.

    >>> parse_list("a; b;a;")
    ['a', 'b']
    """
    return list(dict.fromkeys(part for part in (p.strip() for p in text.split(";")) if part))


def parse_object(text: str) -> dict[str, Any]:
    """Read a JSON object."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise CellError(_("is not JSON: %(error)s") % {"error": error}) from None
    if not isinstance(value, dict):
        raise CellError(_("must be a JSON object such as {}"))
    return value


def parse_address(text: str) -> str:
    """Read an IPv4 or IPv6 address in its canonical form."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise CellError(_("must be an IP address such as 10.20.1.5")) from None


def parse_mac(text: str) -> str:
    """Read a MAC address.

    >>> parse_mac("00-1b-1b-aa-00-01")
    '00:1B:1B:AA:00:01'
    """
    address = text.upper()
    if not _MAC.fullmatch(address):
        raise CellError(_("must be a MAC address such as 00:1B:1B:AA:00:01"))
    return address.replace("-", ":")


def format_value(value: Any) -> str:
    """Return the text that the parsers read back as `value`.

    >>> format_value(True), format_value(["a", "b"]), format_value(None), format_value(Decimal("9.50"))
    ('true', 'a;b', '', '9.50')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, (list, tuple)) and all(isinstance(part, str) for part in value):
        return ";".join(value)
    if isinstance(value, (list, tuple, dict)):
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode() if value else ""
    return str(value)
