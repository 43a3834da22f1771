"""Compressed sparse rows: the whole plant as a handful of int32 arrays, both directions.

Immutable once built; edits live beside it (`assets.graph.overlay`) until the next reload.
"""

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Int8s: TypeAlias = npt.NDArray[np.uint8]
Int32s: TypeAlias = npt.NDArray[np.int32]
Int64s: TypeAlias = npt.NDArray[np.int64]
Bools: TypeAlias = npt.NDArray[np.bool_]

EMPTY: Int32s = np.empty(0, np.int32)
#: Inside a question nodes are int64: numpy indexes twice as fast with its own index type.
NO_NODES: Int64s = np.empty(0, np.int64)
NO_GROUP = -1
UNDECLARED = -1
#: Room for items and groups that appear after the load, before the next one.
SPARE = 65_536


class UnknownItem(LookupError):  # noqa: N818  (reads as what it is)
    """An id that is not in the graph."""

    def __init__(self, item: int) -> None:
        super().__init__(f"Item {item} is not in the dependency graph.")
        self.item = item


class Row(NamedTuple):
    """Edges of one item: the other end, class code and group index, all of one length."""

    neighbours: Int32s
    classes: Int8s
    groups: Int32s


class Adjacency(NamedTuple):
    """CSR of one direction: the edges of node v are positions indptr[v]:indptr[v + 1]."""

    indptr: Int32s
    neighbours: Int32s
    classes: Int8s
    groups: Int32s

    def row(self, node: int) -> Row:
        """Return the edges of a node as views, without copying."""
        cut = slice(self.indptr[node], self.indptr[node + 1])
        return Row(self.neighbours[cut], self.classes[cut], self.groups[cut])


class Groups(NamedTuple):
    """Redundancy groups by index: id, dependent item's index, k (-1: not declared), distinct providers."""

    ids: Int64s
    items: Int32s
    required: Int32s
    members: Int32s


@dataclass(frozen=True, slots=True, eq=False)
class CsrGraph:
    """The loaded graph. `dependents` holds for each item who depends on it, `providers` the reverse."""

    ids: Int64s
    dependents: Adjacency
    providers: Adjacency
    groups: Groups
    #: 1 where some view holds newer edges than these arrays. Only ever set, so sharing it is safe:
    #: an older view finds nothing under that node in its own overlay and uses the arrays.
    maybe_edited: Int8s = field(repr=False)
    maybe_edited_groups: Int8s = field(repr=False)

    @property
    def item_count(self) -> int:
        """Return the number of items."""
        return len(self.ids)

    @property
    def group_count(self) -> int:
        """Return the number of redundancy groups."""
        return len(self.groups.ids)

    @property
    def nbytes(self) -> int:
        """Return the bytes held by the arrays."""
        arrays = (self.ids, *self.dependents, *self.providers, *self.groups)
        flags = self.maybe_edited.nbytes + self.maybe_edited_groups.nbytes
        return sum(array.nbytes for array in arrays) + flags


def positions(sorted_ids: Int64s, wanted: Int64s) -> Int32s:
    """Return the index of each wanted id in the sorted ids, -1 where it is missing.

    >>> positions(np.array([3, 5, 9]), np.array([9, 4, 3])).tolist()
    [2, -1, 0]
    """
    if not len(sorted_ids):
        return np.full(len(wanted), -1, np.int32)
    first, last = int(sorted_ids[0]), int(sorted_ids[-1])
    if len(wanted) > 1000 and last - first < 4 * len(sorted_ids):
        return _dense_positions(sorted_ids, wanted, first, last)
    found = np.searchsorted(sorted_ids, wanted)
    found[found == len(sorted_ids)] = 0
    return np.where(sorted_ids[found] == wanted, found, -1).astype(np.int32)


def _dense_positions(sorted_ids: Int64s, wanted: Int64s, first: int, last: int) -> Int32s:
    """Look many ids up in a table instead of by bisection: ids of a database lie close together."""
    table = np.full(last - first + 2, -1, np.int32)
    table[sorted_ids - first] = np.arange(len(sorted_ids), dtype=np.int32)
    offset = wanted - first
    offset[(offset < 0) | (offset > last - first)] = last - first + 1
    return table[offset]


def edit_flags(count: int) -> Int8s:
    """Return the flags of nothing edited, with spare places (which are always looked up) at the end."""
    flags = np.zeros(count + SPARE, np.uint8)
    flags[count:] = 1
    return flags


def adjacency(
    node_count: int, rows: Int32s, neighbours: Int32s, classes: Int8s, groups: Int32s
) -> Adjacency:
    """Sort edges by row, keeping their order within a row."""
    indptr = np.zeros(node_count + 1, np.int32)
    np.cumsum(np.bincount(rows, minlength=node_count), out=indptr[1:])
    order = _stable_order(rows)
    return Adjacency(indptr, neighbours[order], classes[order], groups[order])


def _stable_order(rows: Int32s) -> Int64s:
    """Return the positions that sort the rows: numpy sorts 16-bit keys by radix, so sort by halves.

    >>> _stable_order(np.array([70_000, 3, 70_000, 1], np.int32)).tolist()
    [3, 1, 0, 2]
    """
    order = (rows & 0xFFFF).astype(np.uint16).argsort(kind="stable")
    high = (rows >> 16).astype(np.uint16)
    return order[high[order].argsort(kind="stable")] if high.any() else order


def count_members(group_count: int, groups: Int32s, providers: Int32s) -> Int32s:
    """Return the number of distinct providers of each group (parallel edges count once)."""
    inside = groups >= 0
    span = int(providers.max(initial=0)) + 1
    pairs = np.sort(groups[inside].astype(np.int64) * span + providers[inside])
    # np.unique hashes, which takes ten times as long.
    is_new = np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]
    return np.bincount(pairs[is_new] // span, minlength=group_count).astype(np.int32)
