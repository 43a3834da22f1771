"""Checking an extract of the ledger: each entry's hash, the links between neighbours, the place of each."""

from collections.abc import Mapping, Sequence
from typing import Any

from evidence.rules.canonical import canonical_bytes
from evidence.rules.chain import entry_hash
from evidence.rules.merkle import root_from_proof
from evidence.verification.verdicts import Verdict


def check_entries(entries: Sequence[Mapping[str, Any]], verdict: Verdict) -> dict[int, str]:
    """Recompute each entry's hash and follow links between neighbours; return hash by sequence."""
    known: dict[int, str] = {}
    previous = 0
    for entry in entries:
        sequence, digest = entry["content"]["sequence"], entry["hash"]
        content = canonical_bytes(entry["content"])
        if entry_hash(previous_hash=entry["previous_hash"], content=content) != digest:
            verdict.find("altered", f"Entry {sequence} is not as it was written.", sequence)
        if sequence <= previous:
            verdict.find("reordered", f"Entry {sequence} stands out of order.", sequence)
        if known.get(sequence - 1, entry["previous_hash"]) != entry["previous_hash"]:
            verdict.find(
                "broken-link", f"Entry {sequence} does not follow from {sequence - 1}.", sequence
            )
        known[sequence] = digest
        previous = sequence
    verdict.facts["entries"] = len(known)
    return known


def check_proofs(
    entries: Mapping[int, str],
    proofs: Sequence[Mapping[str, Any]],
    statements: Sequence[Mapping[str, Any]],
    verdict: Verdict,
) -> None:
    """Join the entries to the signed roots, by their numbers."""
    nodes = {proof["checkpoint"]: proof["nodes"] for proof in proofs}
    proven: set[int] = set()
    for number, fields in enumerate(statements):
        leaves = {
            sequence - fields["first"]: digest
            for sequence, digest in entries.items()
            if fields["first"] <= sequence <= fields["last"]
        }
        if not leaves:
            continue
        size = fields["last"] - fields["first"] + 1
        root = root_from_proof(size=size, leaves=leaves, nodes=nodes.get(number, {}))
        if root != fields["root"]:
            verdict.find(
                "not-in-ledger",
                f"Entries between {fields['first']} and {fields['last']} do not lead to the root "
                "that was signed: one was altered, added or moved.",
                fields["first"],
            )
        proven.update(
            sequence for sequence in entries if fields["first"] <= sequence <= fields["last"]
        )
    unproven = sorted(set(entries) - proven)
    if unproven:
        verdict.find("unproven", f"{len(unproven)} entries have no signed checkpoint.", unproven[0])
    verdict.facts["proven_in_place"] = len(proven)
