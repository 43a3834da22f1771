"""An immutable view of the plant's dependencies at one moment: loaded arrays plus later edits.

To networkx it is a directed graph of its own backend, in which an edge A -> B says "A depends on B".
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from assets.graph.changes import Change
from assets.graph.csr import CsrGraph, Int64s, Row, UnknownItem, positions
from assets.graph.effect_index import EffectIndexes
from assets.graph.overlay import (
    NO_OVERLAY,
    GroupFacts,
    Overlay,
    apply_changes,
    group_facts,
    index_of,
    row_of,
)
from assets.graph.scratch import ScratchPool


@dataclass(frozen=True, slots=True, eq=False)
class DependencyGraph:
    """Who depends on whom. Items are named by database id; inside the engine by index."""

    csr: CsrGraph
    overlay: Overlay = NO_OVERLAY
    effect_indexes: EffectIndexes = field(default_factory=EffectIndexes, repr=False)
    scratches: ScratchPool = field(default_factory=ScratchPool, repr=False)

    __networkx_backend__ = "raceway"

    def __len__(self) -> int:
        """Return the number of items."""
        return len(self.csr.ids) + len(self.overlay.new_items) - len(self.overlay.removed)

    def __contains__(self, item: object) -> bool:
        """Say whether the graph holds an item's id."""
        return isinstance(item, int) and index_of(self.csr, self.overlay, item) >= 0

    def __iter__(self) -> Iterator[int]:
        """Iterate over the ids of all items."""
        return iter(self.items())

    @property
    def edge_count(self) -> int:
        """Return the number of relations, parallel ones counted each."""
        return len(self.csr.dependents.neighbours) + self.overlay.edge_growth

    @property
    def capacity(self) -> int:
        """Return an upper bound of item indexes, fixed for the loaded arrays."""
        return len(self.csr.maybe_edited)

    def items(self) -> list[int]:
        """Return the ids of all items."""
        every = np.arange(len(self.csr.ids) + len(self.overlay.new_items))
        gone = np.fromiter(self.overlay.removed, np.int64)
        ids: list[int] = self.ids_of(np.delete(every, gone)).tolist()
        return ids

    def is_directed(self) -> bool:
        """Say so to networkx."""
        return True

    def is_multigraph(self) -> bool:
        """Say to networkx that parallel relations are one edge to it."""
        return False

    def number_of_nodes(self) -> int:
        """Return the number of items (networkx's name)."""
        return len(self)

    def index_of(self, item: int) -> int:
        """Return the index of an id; raises UnknownItem."""
        index = index_of(self.csr, self.overlay, item)
        if index < 0:
            raise UnknownItem(item)
        return index

    def indices_of(self, items: Iterable[int]) -> Int64s:
        """Return the indices of distinct ids; raises UnknownItem for the first it does not hold."""
        wanted = np.fromiter(dict.fromkeys(items), np.int64)
        if self.overlay.new_items or self.overlay.removed:
            return np.fromiter((self.index_of(item) for item in wanted.tolist()), np.int64)
        found = positions(self.csr.ids, wanted).astype(np.int64)
        if (found < 0).any():
            raise UnknownItem(int(wanted[found < 0][0]))
        return found

    def ids_of(self, indices: Int64s) -> Int64s:
        """Return the ids at the indices."""
        loaded = self.csr.ids
        if not self.overlay.new_items:
            return loaded[indices]
        new = indices >= len(loaded)
        if not new.any():
            return loaded[indices]
        every_new = np.fromiter(self.overlay.new_items, np.int64)
        ids = np.empty(len(indices), np.int64)
        ids[~new] = loaded[indices[~new]]
        ids[new] = every_new[indices[new] - len(loaded)]
        return ids

    def held(self, items: Iterable[int]) -> list[int]:
        """Return those of the ids the graph holds, in the order given.

        >>> from assets.graph.loading import graph_of
        >>> graph_of([(1, "runs_on", 2)]).held([9, 2, 1])
        [2, 1]
        """
        wanted = list(items)
        if self.overlay is not NO_OVERLAY:
            return [item for item in wanted if item in self]
        found = positions(self.csr.ids, np.array(wanted, np.int64))
        return [item for item, index in zip(wanted, found.tolist(), strict=True) if index >= 0]

    def dependents_of(self, index: int) -> Row:
        """Return who depends on the item at an index."""
        return row_of(self.csr.dependents, self.overlay.dependents, index)

    def providers_of(self, index: int) -> Row:
        """Return what the item at an index depends on."""
        return row_of(self.csr.providers, self.overlay.providers, index)

    def group(self, group: int) -> GroupFacts:
        """Return the facts of a group index."""
        return group_facts(self.csr, self.overlay, group)

    def with_changes(self, changes: Iterable[Change]) -> "DependencyGraph":
        """Return a view that has the changes; raises ReloadNeeded when it must be loaded instead.

        >>> from assets.graph.changes import EdgeChange
        >>> from assets.graph.loading import graph_of
        >>> graph = graph_of([(1, "depends_on", 2)], items=[3])
        >>> graph.with_changes([EdgeChange(+1, 2, 3, 0)]).edge_count
        2
        """
        overlay = apply_changes(self.csr, self.overlay, changes)
        return DependencyGraph(self.csr, overlay, self.effect_indexes, self.scratches)
