"""An extract of the ledger with proof: each entry, and the Merkle nodes that join it to a signed checkpoint.

The entries between need not be shown: a person reads what lies in their scope, and its place is proven all the same.
"""

from collections.abc import Iterable
from typing import Any

import orjson

from evidence.models import LedgerEntry
from evidence.queries.chain_reading import link_batches
from evidence.queries.checkpoints import signed_checkpoints
from evidence.rules.chain import entry_content
from evidence.rules.merkle import proof_of

FORMAT = "raceway-ledger-extract-1"
AT_ONCE = 500


def extract_of(sequences: Iterable[int]) -> dict[str, Any]:
    """Return entries as canonical JSON can hold them, with proofs; all must be covered by a checkpoint."""
    wanted = sorted(set(sequences))
    return {
        "format": FORMAT,
        "entries": [_entry(row) for row in _rows(wanted)],
        "proofs": list(_proofs(wanted)),
    }


def _rows(wanted: list[int]) -> Iterable[tuple[Any, ...]]:
    """Read the wanted rows: neighbours together, so that a dense extract is few queries."""
    position = 0
    while position < len(wanted):
        end = position
        while end + 1 < len(wanted) and wanted[end + 1] - wanted[end] <= AT_ONCE:
            end += 1
        span = set(wanted[position : end + 1])
        for batch in link_batches(first=wanted[position], last=wanted[end]):
            yield from (row for row in batch if row[0] in span)
        position = end + 1


def _entry(row: tuple[Any, ...]) -> dict[str, Any]:
    return {
        "content": orjson.loads(entry_content(row)),
        "previous_hash": row[16],
        "hash": row[17],
    }


def _proofs(wanted: list[int]) -> Iterable[dict[str, Any]]:
    """Yield one proof for each checkpoint that covers some of the entries."""
    for number, checkpoint in enumerate(signed_checkpoints()):
        fields = checkpoint.read()
        if fields is None:
            continue
        first, last = fields["first"], fields["last"]
        positions = [sequence - first for sequence in wanted if first <= sequence <= last]
        if positions:
            hashes = list(
                LedgerEntry.objects.filter(sequence__gte=first, sequence__lte=last)
                .order_by("sequence")
                .values_list("hash", flat=True)
            )
            yield {"checkpoint": number, "nodes": proof_of(hashes, positions)}
