"""The arithmetic of the hash chain: what an entry's hash covers, byte for byte."""

import hashlib
from typing import Any

import rfc8785

GENESIS = "0" * 64


def entry_content(values: dict[str, Any]) -> bytes:
    """Return the canonical JSON (RFC 8785) that an entry's hash covers.

    >>> entry_content({"b": 1, "a": "x"})
    b'{"a":"x","b":1}'
    """
    return rfc8785.dumps(values)


def entry_hash(*, previous_hash: str, content: bytes) -> str:
    """Return SHA-256(previous hash as ASCII, content) as 64 hex digits.

    >>> len(entry_hash(previous_hash=GENESIS, content=b"{}"))
    64
    """
    return hashlib.sha256(previous_hash.encode("ascii") + content).hexdigest()
