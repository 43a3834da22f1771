"""What printed pages need from templates: fingerprints one can read aloud, names from certificates."""

import re
from collections.abc import Mapping
from typing import Any

import orjson
from cryptography import x509
from cryptography.x509.oid import NameOID
from django import template
from django.utils.translation import gettext as _

from evidence.queries.shown import kind_in_words

LONGEST = 200
TIME = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d)")

register = template.Library()
register.filter(kind_in_words)


@register.filter
def in_groups(digest: str) -> str:
    """Return hex digits in groups of eight.

    >>> in_groups("0123456789abcdef")
    '01234567 89abcdef'
    """
    return " ".join(digest[n : n + 8] for n in range(0, len(digest), 8))


@register.filter
def certificate_name(certificate: x509.Certificate) -> str:
    """Return the common name of a certificate."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


@register.filter
def entry_fields(entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the fields of an entry with before and after, empty ones as a dash."""
    before, after = entry["before"], entry["after"]
    return [
        {"name": name, "before": _shown(before.get(name)), "after": _shown(after.get(name))}
        for name in sorted({*before, *after})
    ]


def _shown(value: object) -> object:
    if isinstance(value, (Mapping, list)) and len(text := orjson.dumps(value).decode()) > LONGEST:
        return _("(%d characters, in ledger.json)") % len(text)
    if isinstance(value, (Mapping, list)):
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    return "-" if value in (None, "") else value


@register.filter
def in_words(name: str) -> str:
    """Return a fact's name as words.

    >>> in_words("signed_up_to")
    'Signed up to'
    """
    return name.replace("_", " ").capitalize()


@register.filter
def cell(value: object) -> object:
    """Return what a table's cell prints: a dash for nothing, moments that never break.

    >>> cell("2026-11-16 08:00") == "2026-11-16\\u00a008:00"
    True
    """
    if value is None:
        return "-"
    return TIME.sub("\\1\u00a0\\2", value) if isinstance(value, str) else value
