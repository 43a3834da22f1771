"""Everything an item's function rests on, as a small problem of its own: who needs whom, and how many."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from assets.graph.csr import Int64s, Row
from assets.graph.dependency_graph import DependencyGraph
from assets.graph.effect_index import group_needs
from assets.graph.relation_effects import ChangeEffects, Effect

#: Past this many items upstream the farthest are left out (and counted).
MOST_ITEMS = 10_000


class GroupNeed(NamedTuple):
    """Places of a group's providers and the losses that certainly and possibly fail it."""

    members: Int64s
    certain: int
    possible: int


class Needs(NamedTuple):
    """What one item cannot do without: each of `lone`, and each group."""

    lone: Int64s
    groups: tuple[GroupNeed, ...]


@dataclass(frozen=True, slots=True)
class Upstream:
    """Node indices, nearest first, the distance of each, and its needs as places in that list."""

    nodes: tuple[int, ...]
    distances: tuple[int, ...]
    needs: tuple[Needs, ...]
    unexamined: int


def upstream_of(
    graph: DependencyGraph, starts: Iterable[int], effects: ChangeEffects, most: int = MOST_ITEMS
) -> Upstream:
    """Return what the items at the indices need, directly and indirectly."""
    places: dict[int, int] = {}
    layers: list[tuple[list[int], int]] = []
    layer, distance = list(dict.fromkeys(starts)), 0
    carried: list[Row] = []
    while layer and len(places) < most:
        layers.append((layer, distance))
        places |= {node: len(places) + place for place, node in enumerate(layer)}
        rows = [_carrying(graph.providers_of(node), effects) for node in layer]
        carried += rows
        reached = dict.fromkeys(node for row in rows for node in row.neighbours.tolist())
        layer, distance = [node for node in reached if node not in places], distance + 1
    return Upstream(
        tuple(places),
        tuple(distance for nodes, distance in layers for _ in nodes),
        tuple(_needs(graph, row, places, effects) for row in carried),
        len(layer),
    )


def _carrying(row: Row, effects: ChangeEffects) -> Row:
    """Return the edges whose loss can take the item down."""
    single, grouped = np.array(effects.single), np.array(effects.grouped)
    lone = (row.groups < 0) & (single[row.classes] == Effect.HARD)
    inside = (row.groups >= 0) & (grouped[row.classes] != Effect.NONE)
    kept = lone | inside
    return Row(row.neighbours[kept], row.classes[kept], row.groups[kept])


def _needs(
    graph: DependencyGraph, row: Row, places: dict[int, int], effects: ChangeEffects
) -> Needs:
    lone = _places(row.neighbours[row.groups < 0], places)
    groups = []
    for group in np.unique(row.groups[row.groups >= 0]).tolist():
        inside = row.groups == group
        facts = graph.group(group)
        strongest = max(effects.grouped[code] for code in row.classes[inside].tolist())
        numbers = (facts.item, facts.members, facts.required, strongest)
        need = group_needs(*(np.array([number]) for number in numbers))
        if strongest is Effect.HARD:
            members = _places(np.unique(row.neighbours[inside]), places)
            groups.append(GroupNeed(members, int(need.certain[0]), int(need.possible[0])))
    return Needs(lone, tuple(groups))


def _places(nodes: np.ndarray[tuple[int], np.dtype[np.int32]], places: dict[int, int]) -> Int64s:
    return np.array([places[node] for node in nodes.tolist() if node in places], np.int64)
