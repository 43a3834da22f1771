"""Working arrays of a question, kept for the next one: a fresh array costs more than a small answer.

A scratch belongs to one question at a time; between questions it is all zeros.
"""

import numpy as np

from assets.graph.csr import Int64s

#: Up to here the numbers 0, 1, 2... are at hand.
SHORT = 4096


class Scratch:
    """`status` by item index, `lost` providers by group index, `mark` for removing duplicates.

    `asked_for` flags groups while a question looks for their losses.
    """

    def __init__(self, items: int, groups: int) -> None:
        self.status = np.zeros(items, np.uint8)
        self.lost = np.zeros(groups, np.int32)
        self.asked_for = np.zeros(groups, np.bool_)
        self.mark = np.empty(max(items, groups), np.int32)
        self._order = np.arange(SHORT, dtype=np.int32)
        self.status_view = memoryview(self.status.data)
        self.lost_view = memoryview(self.lost.data)

    def distinct(self, values: Int64s) -> Int64s:
        """Return the values without repetitions, in no particular order."""
        count = len(values)
        order = self._order[:count] if count <= SHORT else np.arange(count, dtype=np.int32)
        self.mark[values] = order
        return values.compress(self.mark[values] == order)

    def first_of_each(self, values: Int64s) -> Int64s:
        """Return the positions of the first occurrence of each value, in order."""
        backwards = np.arange(len(values) - 1, -1, -1, dtype=np.int32)
        # Of several writes to one place the last wins, so writing backwards keeps the first.
        self.mark[values[::-1]] = backwards
        return np.flatnonzero(self.mark[values] == backwards[::-1])

    def clear(self, nodes: Int64s, groups: Int64s) -> None:
        """Set what a question has touched back to zero."""
        if len(nodes) > len(self.status) // 8:
            self.status.fill(0)
        else:
            self.status[nodes] = 0
        self.lost[groups] = 0


class ScratchPool:
    """Scratches of one loaded graph; as many as there were questions at the same moment."""

    def __init__(self) -> None:
        self._free: list[Scratch] = []

    def take(self, items: int, groups: int) -> Scratch:
        """Return a clean scratch."""
        try:
            return self._free.pop()
        except IndexError:
            return Scratch(items, groups)

    def give_back(self, scratch: Scratch) -> None:
        """Keep a cleared scratch for the next question (a failed question keeps its own)."""
        self._free.append(scratch)
