"""Looking upstream: what one failure could explain these symptoms, and what must not fail at all."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np

from assets.graph.dependency_graph import DependencyGraph
from assets.graph.failure_matrix import Bits, failures
from assets.graph.impact import impact
from assets.graph.relation_effects import OUTAGE, ItemState
from assets.graph.upstream import Upstream, upstream_of

#: So many of the best covering candidates are simulated downstream to count what else they hit.
_SIMULATED = 60


@dataclass(frozen=True, slots=True)
class SinglePoint:
    """An item whose failure alone takes the other down, or may (state unknown)."""

    item: int
    state: ItemState
    distance: int


@dataclass(frozen=True, slots=True)
class SinglePoints:
    """Single points of failure, certain ones first, nearest first; `unexamined` items lay too far."""

    points: tuple[SinglePoint, ...]
    unexamined: int


@dataclass(frozen=True, slots=True)
class Cause:
    """A failure that would explain `covers`; `extra` items it would hit besides the symptoms.

    `contradicted` counts items known to be up that it would take down.
    """

    item: int
    covers: tuple[int, ...]
    state: ItemState
    contradicted: int
    extra: int
    distance: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Candidate causes, best first. `unexamined` items upstream lay too far to be tried."""

    symptoms: tuple[int, ...]
    causes: tuple[Cause, ...]
    unexamined: int


def single_points_of_failure(graph: DependencyGraph, item: int) -> SinglePoints:
    """Return every item whose failure alone takes `item` down. Raises UnknownItem.

    >>> from assets.graph.loading import graph_of
    >>> plant = graph_of(
    ...     [(1, "runs_on", 2, 7), (1, "runs_on", 3, 7), (2, "powered_by", 4), (3, "powered_by", 4)],
    ...     groups=[(7, 1, 1)],
    ... )
    >>> [(point.item, point.state.label) for point in single_points_of_failure(plant, 1).points]
    [(4, 'down')]
    """
    upstream = upstream_of(graph, [graph.index_of(item)], OUTAGE)
    certain = failures(upstream, 1, certainly=True)[0]
    possible = failures(upstream, 1, certainly=False)[0]
    ids = _ids(graph, upstream)
    points = [
        SinglePoint(
            ids[place],
            ItemState.DOWN if certain[place] else ItemState.UNKNOWN,
            upstream.distances[place],
        )
        for place in np.flatnonzero(possible).tolist()
        if place
    ]
    points.sort(key=lambda point: (-point.state, point.distance, point.item))
    return SinglePoints(tuple(points), upstream.unexamined)


def explain(
    graph: DependencyGraph,
    symptoms: Iterable[int],
    *,
    known_up: Collection[int] = (),
    limit: int = 20,
) -> Explanation:
    """Return the single failures that best explain that all symptoms are down. Raises UnknownItem.

    Ranked by how many symptoms they cover, then certainty, then by not contradicting what is known
    to be up, then by how little else they would hit, then by distance.

    >>> from assets.graph.loading import graph_of
    >>> plant = graph_of([(1, "runs_on", 3), (2, "runs_on", 3), (3, "powered_by", 4), (5, "powered_by", 4)])
    >>> [(cause.item, cause.covers, cause.extra) for cause in explain(plant, [1, 2]).causes[:2]]
    [(3, (1, 2), 0), (4, (1, 2), 2)]
    """
    observed = tuple(dict.fromkeys(symptoms))
    upstream = upstream_of(graph, graph.indices_of(observed).tolist(), OUTAGE)
    certain = failures(upstream, len(observed), certainly=True)
    possible = failures(upstream, len(observed), certainly=False)
    best = _best_covering(certain, possible, upstream)
    ids = _ids(graph, upstream)
    causes = [
        _cause(
            graph,
            ids[place],
            tuple(item for item, hit in zip(observed, possible[:, place], strict=True) if hit),
            known_up,
            is_certain=bool(certain[:, place].sum() == possible[:, place].sum()),
            distance=upstream.distances[place],
        )
        for place in best
    ]
    causes.sort(key=_rank)
    return Explanation(observed, tuple(causes[:limit]), upstream.unexamined)


def _best_covering(certain: Bits, possible: Bits, upstream: Upstream) -> list[int]:
    """Return the places of the candidates worth simulating: most covered, surest, nearest."""
    distances = np.array(upstream.distances)
    order = np.lexsort(
        (distances, -certain.sum(axis=0, dtype=int), -possible.sum(axis=0, dtype=int))
    )
    best: list[int] = order[:_SIMULATED].tolist()
    return best


def _cause(
    graph: DependencyGraph,
    item: int,
    covers: tuple[int, ...],
    known_up: Collection[int],
    *,
    is_certain: bool,
    distance: int,
) -> Cause:
    answer = impact(graph, [item])
    state = ItemState.DOWN if is_certain else ItemState.UNKNOWN
    contradicted = len(set(answer.ids(ItemState.DOWN)) & set(known_up)) if known_up else 0
    extra = len(answer) - len(covers) - (item not in covers)
    return Cause(item, covers, state, contradicted, extra, distance)


def _rank(cause: Cause) -> tuple[int, int, int, int, int, int]:
    return (
        -len(cause.covers),
        -cause.state,
        cause.contradicted,
        cause.extra,
        cause.distance,
        cause.item,
    )


def _ids(graph: DependencyGraph, upstream: Upstream) -> list[int]:
    ids: list[int] = graph.ids_of(np.array(upstream.nodes, np.int64)).tolist()
    return ids
