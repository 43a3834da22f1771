"""The arithmetic of the hash chain: what an entry's hash covers, byte for byte.

No Django here: the offline verifier and the ledger compute with the same lines.
"""

import hashlib
from typing import Any, NamedTuple

import orjson

GENESIS = "0" * 64


class Link(NamedTuple):
    """The columns of an entry that its hash covers, in the order of the table.

    `at` is ISO 8601 in UTC with microseconds; `before` and `after` are canonical JSON.
    """

    sequence: int
    at: str
    actor_label: str
    actor_user_id: int | None
    actor_person_id: int | None
    acting_for: str
    channel: str
    request_id: str
    action: str
    object_type: str
    object_id: int | None
    object_label: str
    scope_path: str
    before: str | bytes
    after: str | bytes
    comment: str


def entry_content(link: tuple[Any, ...]) -> bytes:
    """Return the canonical JSON (RFC 8785) that an entry's hash covers; takes a `Link`.

    >>> link = Link(1, "2026-11-16T08:00:00.000000+00:00", "R", 1, None, "", "web", "", "create",
    ...     "assets.location", 4, "Hall", "1/4/", "{}", '{"code":"H"}', "")
    >>> entry_content(link)[:60]
    b'{"acting_for":"","action":"create","actor_label":"R","actor_'
    """
    return orjson.dumps(
        {
            "acting_for": link[5],
            "action": link[8],
            "actor_label": link[2],
            "actor_person_id": link[4],
            "actor_user_id": link[3],
            "after": orjson.Fragment(link[14]),
            "at": link[1],
            "before": orjson.Fragment(link[13]),
            "channel": link[6],
            "comment": link[15],
            "object_id": link[10],
            "object_label": link[11],
            "object_type": link[9],
            "request_id": link[7],
            "scope_path": link[12],
            "sequence": link[0],
        }
    )


def entry_hash(*, previous_hash: str, content: bytes) -> str:
    """Return SHA-256(previous hash as ASCII, content) as 64 hex digits.

    >>> len(entry_hash(previous_hash=GENESIS, content=b"{}"))
    64
    """
    return hashlib.sha256(previous_hash.encode("ascii") + content).hexdigest()
