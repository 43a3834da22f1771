"""A layered plant of any size: power and network below, controllers, servers, systems above.

About 2.9 relations each, with cycles, hubs and k-of-n groups (some undeclared).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assets.graph.loading import Columns
from assets.graph.relation_effects import CLASS_CODE, RELATION_CLASSES, TARGET_DEPENDS

LAYERS = 10
RELATIONS_EACH = 2.9
#: Providers of an item lie in a window of this many neighbours in the layer below: a plant is local.
WINDOW = 400
HUB_SHARE = 0.004
CYCLE_SHARE = 0.02
GROUPED_SHARE = 0.12
UNDECLARED_SHARE = 0.05
CLASS_SHARES = {
    "depends_on": 0.34,
    "runs_on": 0.20,
    "connects_via": 0.20,
    "powered_by": 0.12,
    "controls": 0.03,
    "feeds_data": 0.07,
    "member_of": 0.02,
    "backs_up": 0.02,
}

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class PlantGraph:
    """Columns for the engine and tuples for a database, of the same plant."""

    columns: Columns

    @property
    def size(self) -> int:
        """Return the number of items."""
        return len(self.columns.items)


def plant(size: int, seed: int = 7) -> PlantGraph:
    """Return a plant with `size` items, ids from 1."""
    dice = np.random.default_rng(seed)
    per_layer = size // LAYERS
    dependents = dice.integers(per_layer, size, int(size * RELATIONS_EACH))
    providers = _providers(dice, dependents, per_layer)
    # One relation a pair: networkx's DiGraph, which we compare against, holds no parallel ones.
    pairs = np.unique(
        dependents[dependents != providers] * size + providers[dependents != providers]
    )
    dependents, providers = pairs // size, pairs % size
    classes = dice.choice(
        [CLASS_CODE[name] for name in CLASS_SHARES], len(dependents), p=list(CLASS_SHARES.values())
    ).astype(np.uint8)
    edge_groups, group_items, required = _groups(dice, size, dependents, providers)
    turned = np.array([name in TARGET_DEPENDS for name in RELATION_CLASSES])[classes]
    return PlantGraph(
        Columns(
            np.arange(1, size + 1),
            np.where(turned, providers, dependents) + 1,
            np.where(turned, dependents, providers) + 1,
            classes,
            edge_groups,
            np.arange(1, len(group_items) + 1),
            group_items + 1,
            required,
        )
    )


def _providers(dice: np.random.Generator, dependents: Ints, per_layer: int) -> Ints:
    count = len(dependents)
    drift = dice.integers(-WINDOW // 2, WINDOW // 2 + 1, count)
    layer = dependents // per_layer
    column = (dependents % per_layer + drift) % per_layer
    below = np.where(dice.random(count) < 0.8, layer - 1, np.maximum(layer - 2, 0))
    providers: Ints = below * per_layer + column
    is_hub = dice.random(count) < HUB_SHARE
    providers[is_hub] = dice.integers(0, max(per_layer // 1000, 3), int(is_hub.sum()))
    back = dice.random(count) < CYCLE_SHARE
    above = np.minimum(layer[back] + 1, LAYERS - 1)
    providers[back] = above * per_layer + column[back]
    return providers


def _groups(
    dice: np.random.Generator, size: int, dependents: Ints, providers: Ints
) -> tuple[Ints, Ints, Ints]:
    """Put all relations of some items into one group each; k is below the number of providers."""
    is_grouped = dice.random(size) < GROUPED_SHARE
    members = np.bincount(dependents, minlength=size)
    group_items = np.flatnonzero(is_grouped & (members >= 2))
    group_of = np.full(size, -1)
    group_of[group_items] = np.arange(1, len(group_items) + 1)
    spare = dice.integers(1, 3, len(group_items))
    required = np.maximum(np.minimum(members[group_items], 4) - spare, 1)
    required[dice.random(len(group_items)) < UNDECLARED_SHARE] = -1
    in_group = (group_of[dependents] >= 0) & (dice.random(len(dependents)) < 0.8)
    return np.where(in_group, group_of[dependents], -1), group_items, required
