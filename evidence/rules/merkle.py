"""Merkle trees over entry hashes (RFC 6962 prefixes), and one compact proof for many leaves.

A checkpoint signs a root; a pack proves with it that its entries stand at their places, without showing the others.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

Node = dict[str, str]


def leaf_digest(entry_hash: str) -> bytes:
    """Return the digest of a leaf: SHA-256(0x00, entry hash)."""
    return hashlib.sha256(b"\x00" + bytes.fromhex(entry_hash)).digest()


def _parent(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _levels(hashes: Sequence[str]) -> list[list[bytes]]:
    """Return all levels, leaves first; an odd node at the end rises as it is."""
    levels = [[leaf_digest(value) for value in hashes]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        above = [_parent(below[n], below[n + 1]) for n in range(0, len(below) - 1, 2)]
        if len(below) % 2:
            above.append(below[-1])
        levels.append(above)
    return levels


def merkle_root(hashes: Sequence[str]) -> str:
    """Return the root over entry hashes in order, as hex.

    >>> merkle_root(["00" * 32])[:8]
    '7f9c9e31'
    """
    return _levels(hashes)[-1][0].hex()


def proof_of(hashes: Sequence[str], positions: Iterable[int]) -> Node:
    """Return the nodes (`level/index` to hex) that complete the leaves at `positions` to the root."""
    levels = _levels(hashes)
    needed: Node = {}
    known = set(positions)
    for level, nodes in enumerate(levels[:-1]):
        for index in sorted(known):
            sibling = index ^ 1
            if sibling < len(nodes) and sibling not in known:
                needed[f"{level}/{sibling}"] = nodes[sibling].hex()
        known = {index // 2 for index in known}
    return needed


def root_from_proof(
    *, size: int, leaves: Mapping[int, str], nodes: Mapping[str, str]
) -> str | None:
    """Return the root that leaves (position to entry hash) and proof nodes lead to; None when one lacks.

    >>> hashes = [f"{n:064x}" for n in range(5)]
    >>> proof = proof_of(hashes, [1, 4])
    >>> root_from_proof(size=5, leaves={1: hashes[1], 4: hashes[4]}, nodes=proof) == merkle_root(hashes)
    True
    """
    known = {position: leaf_digest(value) for position, value in leaves.items()}
    width, level = size, 0
    while width > 1:
        above: dict[int, bytes] = {}
        for index in known:
            digest = _joined(known, nodes, level, index, width)
            if digest is None:
                return None
            above[index // 2] = digest
        known, width, level = above, (width + 1) // 2, level + 1
    return known[0].hex() if 0 in known else None


def _joined(
    known: Mapping[int, bytes], nodes: Mapping[str, str], level: int, index: int, width: int
) -> bytes | None:
    sibling = index ^ 1
    if sibling >= width:
        return known[index]
    other = known.get(sibling)
    if other is None:
        text = nodes.get(f"{level}/{sibling}")
        if text is None:
            return None
        other = bytes.fromhex(text)
    return _parent(other, known[index]) if index % 2 else _parent(known[index], other)
