"""What a vote binds to: the canonical bytes of a change and of its impact set, and their SHA-256."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any


def canonical(values: Mapping[str, Any] | list[Any]) -> bytes:
    """Return the canonical JSON of plain values (text, whole numbers, booleans, lists, maps).

    Sorted names, no white space, UTF-8: equal to RFC 8785 for these types.

    >>> canonical({"b": 1, "a": ["é", None]})
    b'{"a":["\\xc3\\xa9",null],"b":1}'
    """
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def content_hash(values: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a change's content as 64 hex digits.

    >>> content_hash({"title": "x"}) == content_hash({"title": "y"})
    False
    """
    return hashlib.sha256(canonical(values)).hexdigest()


def impact_hash(states: Iterable[tuple[str, str]]) -> str:
    """Return the SHA-256 of an impact set of (item code, state), whatever its order.

    Depth and path are left out: a shorter way to the same damage is the same damage.

    >>> impact_hash([("A-1", "down"), ("A-2", "degraded")]) == impact_hash(
    ...     [("A-2", "degraded"), ("A-1", "down")])
    True
    """
    return hashlib.sha256(canonical(sorted([code, state] for code, state in states))).hexdigest()


def difference(
    before: Mapping[str, str], after: Mapping[str, str]
) -> dict[str, list[dict[str, str]]]:
    """Return what differs between two impact sets (code -> state): added, removed, changed.

    >>> found = difference({"A": "down", "B": "down"}, {"B": "degraded", "C": "down"})
    >>> [row["code"] for row in found["added"]], [row["code"] for row in found["removed"]]
    (['C'], ['A'])
    >>> found["changed"]
    [{'code': 'B', 'before': 'down', 'after': 'degraded'}]
    """
    return {
        "added": _rows((code, "", after[code]) for code in after.keys() - before.keys()),
        "removed": _rows((code, before[code], "") for code in before.keys() - after.keys()),
        "changed": _rows(
            (code, before[code], after[code])
            for code in before.keys() & after.keys()
            if before[code] != after[code]
        ),
    }


def _rows(found: Iterable[tuple[str, str, str]]) -> list[dict[str, str]]:
    return [{"code": code, "before": old, "after": new} for code, old, new in sorted(found)]
