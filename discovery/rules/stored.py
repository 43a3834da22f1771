"""A reading as it is kept: compressed JSON of {identifier: value}, octets in base64."""

import base64
import json
import zlib
from collections.abc import Iterable, Sequence

from discovery.rules.readings import Reading, Value, dotted, oid


def packed(reading: Reading) -> bytes:
    """Return a reading as it is stored."""
    return zlib.compress(
        json.dumps(
            [[dotted(name), _text(value)] for name, value in reading.varbinds.items()]
        ).encode()
    )


def unpacked(raw: bytes, problems: Sequence[str] = ()) -> Reading:
    """Return the reading that was stored, with what went wrong.

    >>> kept = Reading({(1, 3, 1): bytes([255]), (1, 3, 2): 5, (1, 3, 3): (1, 2)})
    >>> unpacked(packed(kept)) == kept
    True
    """
    rows = json.loads(zlib.decompress(raw)) if raw else []
    found = {oid(name): _value(kind, text) for name, (kind, text) in rows}
    return Reading(found, tuple(problems))


def packed_reports(reports: Iterable[bytes]) -> bytes:
    """Return reports as they are stored: compressed JSON of a list of texts, nothing for none."""
    listed = [one.decode(errors="replace") for one in reports]
    return zlib.compress(json.dumps(listed).encode()) if listed else b""


def unpacked_reports(kept: bytes) -> list[str]:
    """Return the reports that were stored.

    >>> unpacked_reports(packed_reports([b"<nmaprun/>"])), unpacked_reports(b"")
    (['<nmaprun/>'], [])
    """
    return list(json.loads(zlib.decompress(kept))) if kept else []


def _text(value: Value) -> tuple[str, str]:
    if isinstance(value, bytes):
        return "b", base64.b64encode(value).decode()
    return ("i", str(value)) if isinstance(value, int) else ("o", dotted(value))


def _value(kind: str, text: str) -> Value:
    if kind == "b":
        return base64.b64decode(text)
    return int(text) if kind == "i" else oid(text)
