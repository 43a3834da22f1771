"""Edits made since the load: replaced rows beside the arrays, copied on write so that views stay valid.

Readers of an older view never see a newer edit; a new view costs the rows it touches.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from assets.graph.changes import Change, EdgeChange, GroupChange, ItemChange, ReloadNeeded
from assets.graph.csr import EMPTY, NO_GROUP, SPARE, Adjacency, CsrGraph, Int32s, Row
from assets.graph.relation_effects import RELATION_CLASSES, depends_direction

EMPTY_ROW = Row(EMPTY, np.empty(0, np.uint8), EMPTY)


class GroupFacts(NamedTuple):
    """A redundancy group: dependent item's index, k (-1: not declared), number of distinct providers."""

    item: int
    required: int
    members: int


class RowEdit(NamedTuple):
    """One edge to add to (+1) or take from (-1) a row."""

    sign: int
    neighbour: int
    class_code: int
    group: int


@dataclass(frozen=True, slots=True)
class Overlay:
    """What differs from the loaded arrays, by node or group index."""

    dependents: Mapping[int, Row] = field(default_factory=dict)
    providers: Mapping[int, Row] = field(default_factory=dict)
    groups: Mapping[int, GroupFacts] = field(default_factory=dict)
    new_items: Mapping[int, int] = field(default_factory=dict)
    new_groups: Mapping[int, int] = field(default_factory=dict)
    removed: frozenset[int] = frozenset()
    edge_growth: int = 0
    applied: int = 0


NO_OVERLAY = Overlay()


def row_of(adjacency: Adjacency, edited: Mapping[int, Row], node: int) -> Row:
    """Return the current edges of a node: from the overlay, else from the arrays."""
    row = edited.get(node)
    if row is not None:
        return row
    return adjacency.row(node) if node < len(adjacency.indptr) - 1 else EMPTY_ROW


def index_of(csr: CsrGraph, overlay: Overlay, item: int) -> int:
    """Return the index of an item's id, -1 when the graph does not hold it."""
    index = overlay.new_items.get(item, -1)
    if index < 0:
        index = _bisect(csr.ids, item)
    return -1 if index in overlay.removed else index


def _bisect(ids: np.ndarray[tuple[int], np.dtype[np.int64]], wanted: int) -> int:
    found = int(ids.searchsorted(wanted))
    return found if found < len(ids) and ids[found] == wanted else -1


def group_facts(csr: CsrGraph, overlay: Overlay, group: int) -> GroupFacts:
    """Return what is known of a group index."""
    facts = overlay.groups.get(group)
    if facts is not None:
        return facts
    groups = csr.groups
    return GroupFacts(
        int(groups.items[group]), int(groups.required[group]), int(groups.members[group])
    )


def apply_changes(csr: CsrGraph, overlay: Overlay, changes: Iterable[Change]) -> Overlay:
    """Return a new overlay with the changes in it; raises ReloadNeeded when it cannot hold them."""
    editing = _Editing(csr, overlay)
    for change in changes:
        editing.follow(change)
    return editing.finish()


class _Editing:
    """Copies of the overlay's mappings while a batch of changes is applied."""

    def __init__(self, csr: CsrGraph, overlay: Overlay) -> None:
        self.csr = csr
        self.before = overlay
        self.groups = dict(overlay.groups)
        self.new_items = dict(overlay.new_items)
        self.new_groups = dict(overlay.new_groups)
        self.removed = set(overlay.removed)
        self.dependent_edits: dict[int, list[RowEdit]] = {}
        self.provider_edits: dict[int, list[RowEdit]] = {}
        self.touched_groups: set[int] = set()
        self.edge_growth = overlay.edge_growth
        self.applied = overlay.applied

    def follow(self, change: Change) -> None:
        """Take in one change."""
        self.applied += 1
        if isinstance(change, EdgeChange):
            self._edge(change)
        elif isinstance(change, ItemChange):
            self._item(change)
        else:
            self._group(change)

    def _index_of(self, item: int) -> int:
        index = self.new_items.get(item, -1)
        return index if index >= 0 else _bisect(self.csr.ids, item)

    def _item(self, change: ItemChange) -> None:
        index = self._index_of(change.item)
        if change.sign > 0:
            if index < 0:
                index = self.csr.item_count + len(self.new_items)
                self.new_items[change.item] = index
            self.removed.discard(index)
        elif index >= 0:
            self.removed.add(index)
        if len(self.new_items) >= SPARE:
            raise ReloadNeeded

    def _group_index(self, group: int) -> int:
        index = self.new_groups.get(group, -1)
        return index if index >= 0 else _bisect(self.csr.groups.ids, group)

    def _facts(self, index: int) -> GroupFacts:
        return (
            self.groups[index]
            if index in self.groups
            else group_facts(self.csr, self.before, index)
        )

    def _group(self, change: GroupChange) -> None:
        index, item = self._group_index(change.group), self._index_of(change.item)
        if change.sign < 0:
            return  # its relations left it before; a group without members says nothing
        if item < 0:
            raise ReloadNeeded
        if index < 0:
            index = self.csr.group_count + len(self.new_groups)
            self.new_groups[change.group] = index
            self.groups[index] = GroupFacts(item, change.required, 0)
        elif self._facts(index).item != item:
            raise ReloadNeeded  # which edges the group speaks for was decided at the load
        else:
            self.groups[index] = self._facts(index)._replace(required=change.required)
        self.touched_groups.add(index)
        if len(self.new_groups) >= SPARE:
            raise ReloadNeeded

    def _edge(self, change: EdgeChange) -> None:
        dependent_id, provider_id = depends_direction(
            change.source, change.target, RELATION_CLASSES[change.class_code]
        )
        dependent, provider = self._index_of(dependent_id), self._index_of(provider_id)
        if dependent < 0 or provider < 0:
            raise ReloadNeeded
        group = self._group_index(change.group) if change.group >= 0 else NO_GROUP
        if group >= 0 and self._facts(group).item != dependent:
            group = NO_GROUP
        if group >= 0:
            self.touched_groups.add(group)
        self.edge_growth += change.sign
        self.dependent_edits.setdefault(provider, []).append(
            RowEdit(change.sign, dependent, change.class_code, group)
        )
        self.provider_edits.setdefault(dependent, []).append(
            RowEdit(change.sign, provider, change.class_code, group)
        )

    def finish(self) -> Overlay:
        """Write the rows and recount the groups."""
        csr = self.csr
        dependents = _edited(csr.dependents, self.before.dependents, self.dependent_edits)
        providers = _edited(csr.providers, self.before.providers, self.provider_edits)
        for index in self.touched_groups:
            facts = self._facts(index)
            row = row_of(csr.providers, providers, facts.item)
            members = len(np.unique(row.neighbours[row.groups == index]))
            self.groups[index] = facts._replace(members=members)
        csr.maybe_edited[_as_indices(self.dependent_edits)] = 1
        csr.maybe_edited_groups[_as_indices(self.touched_groups)] = 1
        return Overlay(
            dependents,
            providers,
            self.groups,
            self.new_items,
            self.new_groups,
            frozenset(self.removed),
            self.edge_growth,
            self.applied,
        )


def _as_indices(nodes: Iterable[int]) -> Int32s:
    return np.fromiter(nodes, np.int32)


def _edited(
    adjacency: Adjacency, before: Mapping[int, Row], edits: Mapping[int, list[RowEdit]]
) -> Mapping[int, Row]:
    if not edits:
        return before
    after = dict(before)
    for node, row_edits in edits.items():
        after[node] = _edited_row(row_of(adjacency, before, node), row_edits)
    return after


def _edited_row(row: Row, edits: list[RowEdit]) -> Row:
    """Return the row with the edits in it; a hub's long row is copied once, whatever their number."""
    added: list[tuple[int, int, int]] = []
    taken: list[int] = []
    for sign, *edge in edits:
        if sign > 0:
            added.append((edge[0], edge[1], edge[2]))
        elif tuple(edge) in added:
            added.remove((edge[0], edge[1], edge[2]))
        else:
            taken.append(_find(row, edge, taken))
    if taken:
        row = Row(
            np.delete(row.neighbours, taken),
            np.delete(row.classes, taken),
            np.delete(row.groups, taken),
        )
    if not added:
        return row
    neighbours, classes, groups = zip(*added, strict=True)
    return Row(
        np.append(row.neighbours, np.array(neighbours, np.int32)),
        np.append(row.classes, np.array(classes, np.uint8)),
        np.append(row.groups, np.array(groups, np.int32)),
    )


def _find(row: Row, edge: list[int], taken: list[int]) -> int:
    """Return the position of one edge of that kind that is not yet taken."""
    same = (row.neighbours == edge[0]) & (row.classes == edge[1]) & (row.groups == edge[2])
    for found in np.flatnonzero(same).tolist():
        if found not in taken:
            return int(found)
    raise ReloadNeeded
