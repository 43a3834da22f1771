"""The embedded files of a pack: content, ledger extract, checkpoints, and the manifest that binds them by hash.

Same inputs, same bytes: every file is canonical JSON (RFC 8785).
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from common.actor import Actor
from evidence.choices import PackKind
from evidence.packs.content import PackContent, total_of
from evidence.packs.shipped import Shipped
from evidence.rules.canonical import canonical_bytes, plain

if TYPE_CHECKING:
    from evidence.keys import SigningKey

FORMAT = "raceway-pack-1"
PREFIX = {PackKind.DECISION: "DR", PackKind.AUDIT: "AP"}
CONTENT, LEDGER, CHECKPOINTS, MANIFEST = (
    "content.json",
    "ledger.json",
    "checkpoints.json",
    "manifest.json",
)


@dataclass(frozen=True)
class Assembly:
    """A pack's embedded files and what its pages say of itself."""

    identifier: str
    files: Mapping[str, bytes]
    manifest: Mapping[str, Any]

    @property
    def content_sha256(self) -> str:
        """The hash printed at the foot of every page."""
        return sha256(self.files[CONTENT])


def sha256(content: bytes) -> str:
    """Return SHA-256 as hex."""
    return hashlib.sha256(content).hexdigest()


def assemble(
    *,
    content: PackContent,
    extract: Mapping[str, Any],
    shipped: Shipped,
    actor: Actor,
    now: datetime,
    key: "SigningKey",
) -> Assembly:
    """Return the files of a pack."""
    data = plain(content.data)
    files = {
        CONTENT: canonical_bytes(data),
        LEDGER: canonical_bytes(extract),
        CHECKPOINTS: checkpoint_file(shipped),
    }
    created_at = now.astimezone(UTC).isoformat()
    who = {"label": actor.label, "acting_for": actor.acting_for}
    identifier = identifier_of(content.kind, sha256(files[CONTENT]), created_at, actor.label)
    sequences = [entry["content"]["sequence"] for entry in extract["entries"]]
    manifest = {
        "format": FORMAT,
        "identifier": identifier,
        "kind": str(content.kind),
        "title": content.title,
        "subject": content.subject,
        "created_at": created_at,
        "requested_by": who,
        "certificate": key.fingerprint,
        "files": {name: sha256(one) for name, one in files.items()},
        "entries": {"count": len(sequences), "ranges": ranges_of(sequences)},
        "totals": _totals(content, data),
        "limits": list(content.limits),
    }
    files[MANIFEST] = canonical_bytes(plain(manifest))
    return Assembly(identifier, files, manifest)


def checkpoint_file(shipped: Shipped) -> bytes:
    """Return the checkpoints with their certificates, as embedded."""
    return canonical_bytes(
        {
            "format": "raceway-checkpoints-1",
            "checkpoints": [
                {"statement": one.statement, "signature": one.signature}
                for one in shipped.checkpoints
            ],
            "certificates": dict(shipped.certificates),
        }
    )


def identifier_of(kind: str, content_sha256: str, created_at: str, requested_by: str) -> str:
    """Return the document id: kind, time, and eight digits over content, time and requester.

    >>> identifier_of("decision", "ab", "2026-11-16T08:00:00+00:00", "Rosa")
    'DR-20261116-080000-f37f5677'
    """
    digest = sha256(f"{content_sha256} {created_at} {requested_by}".encode())
    stamp = f"{created_at[:10].replace('-', '')}-{created_at[11:19].replace(':', '')}"
    return f"{PREFIX[PackKind(kind)]}-{stamp}-{digest[:8]}"


def ranges_of(sequences: Iterable[int]) -> list[list[int]]:
    """Return sorted numbers as ranges.

    >>> ranges_of([3, 1, 2, 7])
    [[1, 3], [7, 7]]
    """
    ranges: list[list[int]] = []
    for number in sorted(sequences):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ranges


def _totals(content: PackContent, data: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    totals = []
    for total in content.totals:
        rule = {
            "name": str(total.name),
            "of": total.of,
            "where": plain(total.where),
            "sum_of": total.sum_of,
        }
        totals.append({**rule, "value": total_of(rule, data)})
    return totals
