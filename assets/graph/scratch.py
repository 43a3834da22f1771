"""Working arrays of a question, kept for the next one: a fresh array costs more than a small answer.

A scratch belongs to one question at a time; between questions it is all zeros.
"""

from typing import NamedTuple

import numpy as np

from assets.graph.csr import Int32s, Int64s

#: Up to here the numbers of a level are at hand.
SHORT = 4096


class Level(NamedTuple):
    """How bad it is, as a stretch of stamps from `floor` on: a level's items all stand below the next floor."""

    floor: int
    limit: Int32s
    numbers: Int32s

    @classmethod
    def at(cls, floor: int) -> "Level":
        """Return the level that starts at a floor."""
        return cls(
            floor, np.array(floor, np.int32), np.arange(floor, floor + SHORT, dtype=np.int32)
        )

    def stamps(self, count: int) -> Int32s:
        """Return so many different stamps of this level, not to be written to."""
        if count <= SHORT:
            return self.numbers[:count]
        return np.arange(self.floor, self.floor + count, dtype=np.int32)


#: An item without a stamp is up. Levels are further apart than a graph has items.
UP = 0
POSSIBLE, CERTAIN = Level.at(1), Level.at(1 << 30)
_TOUCHED = np.int32(2**31 - 1)


class Scratch:
    """`stamps` by item index, `lost` providers by group index.

    A stamp tells the level of an item and, among the items lifted to it together, one from the other:
    so one array both says what was seen and finds what stands in a layer twice.
    `asked_for` flags groups while a question looks for their losses.
    """

    def __init__(self, items: int, groups: int) -> None:
        self.stamps = np.zeros(items, np.int32)
        self.lost = np.zeros(groups, np.int32)
        self.asked_for = np.zeros(groups, np.bool_)
        self.stamps_view = memoryview(self.stamps.data)
        self.lost_view = memoryview(self.lost.data)

    def lift(self, nodes: Int64s, level: Level) -> Int64s:
        """Lift nodes to a level; return those that stood below it, each once, in no particular order."""
        nodes = nodes[(self.stamps[nodes] < level.limit).nonzero()[0]]
        if len(nodes) > len(self.stamps) >> 5:
            self.stamps[nodes] = _TOUCHED
            nodes = np.flatnonzero(self.stamps == _TOUCHED)
            self.stamps[nodes] = level.floor
            return nodes
        stamps = level.stamps(len(nodes))
        self.stamps[nodes] = stamps
        kept: Int64s = nodes[(self.stamps[nodes] == stamps).nonzero()[0]]
        return kept

    def lift_few(self, nodes: list[int], level: Level) -> list[int]:
        """Do the same for a handful of nodes, for which numpy's calls cost more than the work."""
        stamps, floor = self.stamps_view, level.floor
        lifted = []
        for node in nodes:
            if stamps[node] < floor:
                stamps[node] = floor
                lifted.append(node)
        return lifted

    def touch_first(self, nodes: Int64s) -> Int64s:
        """Return the positions of the first of each node, in order; they were up and are no more."""
        stamps = POSSIBLE.stamps(len(nodes))
        # Of several writes to one place the last wins, so writing backwards keeps the first.
        self.stamps[nodes[::-1]] = stamps
        places: Int64s = (self.stamps[nodes] == stamps[::-1]).nonzero()[0]
        return places

    def clear(self, nodes: Int64s, groups: Int64s) -> None:
        """Set what a question has touched back to zero."""
        if len(nodes) > len(self.stamps) // 8:
            self.stamps.fill(0)
        else:
            self.stamps[nodes] = 0
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
