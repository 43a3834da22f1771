"""Turns rows or packed bytes from a database into a CSR graph.

The only place where database values become arrays; `assets.queries` brings the bytes.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from assets.graph.csr import (
    NO_GROUP,
    CsrGraph,
    Groups,
    Int8s,
    Int32s,
    Int64s,
    adjacency,
    count_members,
    edit_flags,
    positions,
)
from assets.graph.dependency_graph import DependencyGraph
from assets.graph.relation_effects import CLASS_CODE, RELATION_CLASSES, TARGET_DEPENDS

_TARGET_DEPENDS = np.array([name in TARGET_DEPENDS for name in RELATION_CLASSES])


class Columns(NamedTuple):
    """The three tables as columns. `edge_groups` and `group_required` use -1 for "none"."""

    items: Int64s
    edge_sources: Int64s
    edge_targets: Int64s
    edge_classes: Int8s
    edge_groups: Int64s
    group_ids: Int64s
    group_items: Int64s
    group_required: Int64s


class PackedTables(NamedTuple):
    """The same tables as big-endian numbers, four bytes each when `is_narrow`, else eight.

    Edges are eight bytes (narrow) or sixteen: the upper half the source, the lower half the target, in its
    last five bits the class code and whether the edge is in a group. `edge_groups` are the groups of those
    that are, in the same order; groups are triples (id, item, k or -1).
    """

    is_narrow: bool
    items: bytes
    edges: bytes
    edge_groups: bytes
    groups: bytes


#: Ids below this fit into a narrow edge, with the bits of class and group beside them.
NARROW_BELOW = 1 << 26
_CLASS_BITS = 4


def graph_of_packed(tables: PackedTables) -> DependencyGraph:
    """Build the graph from packed columns.

    >>> items, edge = bytes([0, 0, 0, 7, 0, 0, 0, 8]), (7 << 32 | 8 << 5).to_bytes(8, "big")
    >>> graph = graph_of_packed(PackedTables(True, items, edge, b"", b""))
    >>> len(graph), graph.edge_count
    (2, 1)
    """

    def numbers(packed: bytes, width: int = 1) -> Sequence[Int64s]:
        rows = np.frombuffer(packed, ">i4" if tables.is_narrow else ">i8").reshape(-1, width)
        return [column.astype(np.int64) for column in rows.T]

    sources, ends = numbers(tables.edges, 2)
    edge_groups = np.full(len(ends), NO_GROUP, np.int64)
    edge_groups[(ends & 1).nonzero()[0]] = numbers(tables.edge_groups)[0]
    classes = (ends >> 1 & ((1 << _CLASS_BITS) - 1)).astype(np.uint8)
    ends >>= _CLASS_BITS + 1
    (items,) = numbers(tables.items)
    group_ids, group_items, required = numbers(tables.groups, 3)
    return DependencyGraph(
        build(Columns(items, sources, ends, classes, edge_groups, group_ids, group_items, required))
    )


def graph_of_rows(
    items: Iterable[int],
    edges: Iterable[Sequence[int]],
    groups: Iterable[Sequence[int]] = (),
) -> DependencyGraph:
    """Build the graph from rows of whole numbers, as a cursor yields them.

    Edges are (source, target, class code, group or -1), groups (id, item, k or -1).

    >>> graph = graph_of_rows([1, 2], [(1, 2, 0, -1)])
    >>> len(graph), graph.edge_count
    (2, 1)
    """
    edge_table = np.fromiter(chain.from_iterable(edges), np.int64).reshape(-1, 4)
    group_table = np.fromiter(chain.from_iterable(groups), np.int64).reshape(-1, 3)
    sources, targets, classes, edge_groups = edge_table.T
    return DependencyGraph(
        build(
            Columns(
                np.fromiter(items, np.int64),
                sources,
                targets,
                classes.astype(np.uint8),
                edge_groups,
                *group_table.T,
            )
        )
    )


def graph_of_union(rows: Iterable[Sequence[int]]) -> tuple[DependencyGraph, int]:
    """Build the graph from one result that holds all tables; return it with the position it tells.

    Rows are (kind, ...): (0, item, ..), (1, source, target, class code, group or -1),
    (2, group, item, k or -1, ..), (3, position, ..), each five numbers long.

    >>> graph, position = graph_of_union(
    ...     [(0, 7, 0, 0, 0), (0, 8, 0, 0, 0), (1, 7, 8, 0, -1), (3, 42, 0, 0, 0)]
    ... )
    >>> len(graph), graph.edge_count, position
    (2, 1, 42)
    """
    table = np.fromiter(chain.from_iterable(rows), np.int64).reshape(-1, 5)
    items, edges, groups, position = (table[table[:, 0] == kind, 1:].T for kind in range(4))
    columns = Columns(
        items[0], edges[0], edges[1], edges[2].astype(np.uint8), edges[3], *groups[:3]
    )
    return DependencyGraph(build(columns)), int(position[0, 0])


def graph_of(
    relations: Iterable[tuple[int, str, int] | tuple[int, str, int, int]],
    groups: Iterable[tuple[int, int, int | None]] = (),
    items: Iterable[int] = (),
) -> DependencyGraph:
    """Build a small graph from words: (source, class, target[, group]) and (group, item, k or None).

    >>> graph = graph_of([(1, "depends_on", 2), (3, "feeds_data", 1)])
    >>> sorted(graph.items())
    [1, 2, 3]
    """
    edges = [
        (relation[0], relation[2], CLASS_CODE[relation[1]], *(relation[3:] or (NO_GROUP,)))
        for relation in relations
    ]
    known = {*items, *(edge[0] for edge in edges), *(edge[1] for edge in edges)}
    rows = [(group, item, -1 if required is None else required) for group, item, required in groups]
    return graph_of_rows(known | {row[1] for row in rows}, edges, rows)


def build(columns: Columns) -> CsrGraph:
    """Turn columns into a CSR graph; an edge whose end or class is unknown is left out."""
    ids = np.sort(columns.items)
    groups = _groups(columns, ids)
    dependents, providers, classes, edge_groups = _edges(columns, ids, groups)
    groups = groups._replace(members=count_members(len(groups.ids), edge_groups, providers))
    return CsrGraph(
        ids,
        adjacency(len(ids), providers, dependents, classes, edge_groups),
        adjacency(len(ids), dependents, providers, classes, edge_groups),
        groups,
        edit_flags(len(ids)),
        edit_flags(len(groups.ids)),
    )


def _groups(columns: Columns, ids: Int64s) -> Groups:
    order = np.argsort(columns.group_ids)
    return Groups(
        columns.group_ids[order],
        positions(ids, columns.group_items[order]),
        columns.group_required[order].astype(np.int32),
        np.zeros(len(order), np.int32),
    )


def _edges(columns: Columns, ids: Int64s, groups: Groups) -> tuple[Int32s, Int32s, Int8s, Int32s]:
    """Return (dependent, provider, class, group index) of the edges whose ends are both known."""
    sources, targets = positions(ids, columns.edge_sources), positions(ids, columns.edge_targets)
    is_known_class = columns.edge_classes < len(RELATION_CLASSES)
    classes = np.where(is_known_class, columns.edge_classes, 0).astype(np.uint8)
    turned = _TARGET_DEPENDS[classes]
    dependents = np.where(turned, targets, sources)
    providers = np.where(turned, sources, targets)
    edge_groups = np.full(len(classes), NO_GROUP, np.int32)
    inside = np.flatnonzero(columns.edge_groups >= 0)
    edge_groups[inside] = positions(groups.ids, columns.edge_groups[inside])
    # A group speaks for its own item only; on any other edge it says nothing.
    if len(groups.ids):
        inside = inside[groups.items[edge_groups[inside]] != dependents[inside]]
    edge_groups[inside] = NO_GROUP
    known = (sources >= 0) & (targets >= 0) & is_known_class
    if known.all():
        return dependents, providers, classes, edge_groups
    return dependents[known], providers[known], classes[known], edge_groups[known]
