"""Simulates the failure of every item upstream at once: one bit per candidate, k-of-n included.

Row v, bit c: "v is down when c alone fails". Dominators of the graph would miss what redundancy does.
"""

import numpy as np
import numpy.typing as npt

from assets.graph.upstream import GroupNeed, Needs, Upstream

Bits = npt.NDArray[np.uint8]
#: Candidates simulated in one go; bounds the memory to items x 256 bytes.
_AT_ONCE = 2048


def failures(upstream: Upstream, observed: int, *, certainly: bool) -> Bits:
    """Return for the first `observed` items which candidate's failure takes them down.

    A boolean array of shape (observed, number of items upstream).
    """
    count = len(upstream.nodes)
    parts = [
        _simulate(upstream, first, min(first + _AT_ONCE, count), certainly=certainly)[:observed]
        for first in range(0, count, _AT_ONCE)
    ]
    return np.concatenate(parts, axis=1)


def _simulate(upstream: Upstream, first: int, last: int, *, certainly: bool) -> Bits:
    """Run the monotone fixpoint for candidates first..last; providers come last, so go backwards."""
    rows = np.zeros((len(upstream.nodes), (last - first + 7) // 8), np.uint8)
    for candidate in range(first, last):
        bit = candidate - first
        rows[candidate, bit >> 3] = 0x80 >> (bit & 7)
    is_stable = False
    while not is_stable:
        is_stable = True
        for place in range(len(rows) - 1, -1, -1):
            if _raise(rows, place, upstream.needs[place], certainly=certainly):
                is_stable = False
    bits: Bits = np.unpackbits(rows, axis=1, count=last - first)
    return bits


def _raise(rows: Bits, place: int, needs: Needs, *, certainly: bool) -> bool:
    """Add to a row what its providers' rows imply; say whether that changed it."""
    if not len(needs.lone) and not needs.groups:
        return False
    now = rows[place].copy()
    if len(needs.lone):
        now |= np.bitwise_or.reduce(rows[needs.lone], axis=0)
    for group in needs.groups:
        now |= _failing(rows, group, certainly=certainly)
    if np.array_equal(now, rows[place]):
        return False
    rows[place] = now
    return True


def _failing(rows: Bits, group: GroupNeed, *, certainly: bool) -> Bits:
    need = group.certain if certainly else group.possible
    members = rows[group.members]
    if need == 1:
        anyone: Bits = np.bitwise_or.reduce(members, axis=0)
        return anyone
    if need > len(members):
        return np.zeros(rows.shape[1], np.uint8)
    lost = np.unpackbits(members, axis=1).sum(axis=0)
    failing: Bits = np.packbits(lost >= need)
    return failing
