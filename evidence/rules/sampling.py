"""Pure decisions of evidence: which entries a sample takes."""

import hashlib
from collections.abc import Iterable


def sample_of(sequences: Iterable[int], *, seed: str, size: int) -> list[int]:
    """Return a sample anyone can draw again: the entries whose SHA-256 of "seed:sequence" is smallest.

    >>> sample_of(range(1, 100), seed="1/4/ 2026", size=3)
    [55, 76, 93]
    """
    ranked = sorted(
        sequences, key=lambda number: hashlib.sha256(f"{seed}:{number}".encode()).digest()
    )
    return sorted(ranked[:size])
