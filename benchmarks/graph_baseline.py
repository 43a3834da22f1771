"""The named baseline: plain networkx, loaded row by row, asked by a straightforward fixpoint.

Runs in a process of its own so that its memory can be weighed.
"""

import gc
import os
import time
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import django
import networkx as nx
from django.db import connection

from assets.graph.impact import impact
from assets.graph.relation_effects import (
    CLASS_CODE,
    OUTAGE,
    TARGET_DEPENDS,
    Effect,
    ItemState,
)
from assets.queries.live_graph import current_graph
from benchmarks.stopwatch import timed

_SINGLE = {name: OUTAGE.single[code] for name, code in CLASS_CODE.items()}
_GROUPED = {name: OUTAGE.grouped[code] for name, code in CLASS_CODE.items()}


@dataclass
class Report:
    """What the baseline needed, and what it answered."""

    load_seconds: float
    load_bytes: int
    milliseconds: list[float] = field(default_factory=list)
    answers: list[dict[int, int]] = field(default_factory=list)


def resident_bytes() -> int:
    """Return the memory this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def run_networkx(questions: list[list[int]], repeats: list[int]) -> Report:
    """Load the plant into networkx from the database of the environment and answer the questions."""
    django.setup()
    connection.ensure_connection()
    gc.collect()
    before, started = resident_bytes(), time.perf_counter()
    plant = NetworkxPlant()
    loaded = time.perf_counter() - started
    gc.collect()
    report = Report(loaded, resident_bytes() - before)
    for targets, count in zip(questions, repeats, strict=True):
        milliseconds, answer = timed(partial(plant.impact, targets), count)
        report.milliseconds.append(milliseconds)
        report.answers.append(answer)
    return report


def weigh_engine() -> int:
    """Return the bytes by which a process grows that holds the live graph and has asked it something."""
    django.setup()
    connection.ensure_connection()
    gc.collect()
    before = resident_bytes()
    impact(current_graph(), [1])
    gc.collect()
    return resident_bytes() - before


class NetworkxPlant:
    """A DiGraph provider -> dependent with the relation's class and group on each edge."""

    def __init__(self) -> None:
        self.graph: nx.DiGraph[int] = nx.DiGraph()
        self.groups: dict[int, tuple[int, int | None]] = {}
        self.members: dict[int, set[int]] = defaultdict(set)
        self.effects: dict[int, int] = defaultdict(int)
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM assets_configurationitem")
            self.graph.add_nodes_from(row[0] for row in cursor)
            cursor.execute("SELECT id, item_id, required_count FROM assets_redundancygroup")
            self.groups = {row[0]: (row[1], row[2]) for row in cursor}
            cursor.execute(
                "SELECT source_id, target_id, relation_class, redundancy_group_id FROM assets_relation"
            )
            for source, target, name, group in cursor:
                self._add(source, target, name, group)

    def _add(self, source: int, target: int, name: str, group: int | None) -> None:
        dependent, provider = (target, source) if name in TARGET_DEPENDS else (source, target)
        self.graph.add_edge(provider, dependent, relation_class=name, group=group)
        if group is not None:
            self.members[group].add(provider)
            self.effects[group] = max(self.effects[group], _GROUPED[name])

    def impact(self, targets: Collection[int]) -> dict[int, int]:
        """Return the state of every item hit."""
        lost_in: dict[int, int] = defaultdict(int)
        down = self._spread(set(targets), set(), lost_in, certainly=True)
        unclear = {
            self.groups[group][0]
            for group in lost_in
            if self.groups[group][1] is None and self.effects[group] == Effect.HARD
        }
        maybe = self._spread(unclear - down, down, lost_in, certainly=False)
        states = dict.fromkeys(down, int(ItemState.DOWN)) | dict.fromkeys(
            maybe, int(ItemState.UNKNOWN)
        )
        for item in list(states):
            for dependent, edge in self.graph.adj[item].items():
                if edge["group"] is None and _SINGLE[edge["relation_class"]] == Effect.SOFT:
                    states.setdefault(dependent, int(ItemState.DEGRADED))
        for group, lost in lost_in.items():
            if self.effects[group] == Effect.SOFT and lost >= self._need(group, certainly=False):
                states.setdefault(self.groups[group][0], int(ItemState.DEGRADED))
        for group in lost_in:
            states.setdefault(self.groups[group][0], int(ItemState.REDUNDANCY_LOST))
        return states

    def _need(self, group: int, *, certainly: bool) -> int:
        required, count = self.groups[group][1], len(self.members[group])
        if required is None:
            return count if certainly else 1
        return max(count - required + 1, 1)

    def _spread(
        self, seeds: set[int], known: set[int], lost_in: dict[int, int], *, certainly: bool
    ) -> set[int]:
        reached, layer = set(seeds), list(seeds)
        while layer:
            following: list[int] = []
            for item in layer:
                for dependent, edge in self.graph.adj[item].items():
                    failed = self._fails(dependent, edge, lost_in, certainly=certainly)
                    if failed and dependent not in reached and dependent not in known:
                        reached.add(dependent)
                        following.append(dependent)
            layer = following
        return reached

    def _fails(
        self, dependent: int, edge: dict[str, Any], lost_in: dict[int, int], *, certainly: bool
    ) -> bool:
        group, name = edge["group"], edge["relation_class"]
        if group is None:
            return _SINGLE[name] == Effect.HARD
        if _GROUPED[name] == Effect.NONE:
            return False
        lost_in[group] += 1
        is_hard = self.effects[group] == Effect.HARD
        return is_hard and lost_in[group] >= self._need(group, certainly=certainly)
