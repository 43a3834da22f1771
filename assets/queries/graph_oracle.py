"""Impact computed by the database itself: recursive statements, no graph in the process.

Answers small questions where none is held, and checks the engine in tests and benchmarks.
"""

# ruff: noqa: S608  (all words in the statements are ours, all values are parameters)

import json
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from assets.graph.relation_effects import (
    CHANGE_EFFECTS,
    CLASS_CODE,
    RELATION_CLASSES,
    TARGET_DEPENDS,
    ChangeEffects,
    Effect,
    ItemState,
)


class GroupTally(NamedTuple):
    """A group that has lost a provider: its item, losses, k (None: undeclared), n, effect of failing."""

    item: int
    lost: int
    required: int | None
    members: int
    effect: int

    def certainly_fails(self) -> bool:
        """Say whether fewer than k providers are left (none, when k is not declared)."""
        return self.lost >= self._need(undeclared=self.members)

    def may_fail(self) -> bool:
        """Say whether it fails, or may because its need is not declared."""
        return self.lost >= self._need(undeclared=1)

    def _need(self, *, undeclared: int) -> int:
        if self.required is None:
            return undeclared
        return max(self.members - self.required + 1, 1)


def impact_in_database(
    targets: Collection[int], change_type: str = "power_off", *, using: str = DEFAULT_DB_ALIAS
) -> dict[int, ItemState]:
    """Return the state of every item a change to the targets hits.

    Relies on what the services guarantee: a relation's group belongs to the item that depends.
    """
    question = _Question(connections[using], CHANGE_EFFECTS[change_type])
    if question.effects.target_state < ItemState.DOWN:
        return question.beside(targets)
    down = question.fixpoint(set(), targets, certainly=True)
    possible = question.fixpoint(down, down, certainly=False)
    states = dict.fromkeys(possible, ItemState.UNKNOWN) | dict.fromkeys(down, ItemState.DOWN)
    tallies = question.tallies(possible)
    degraded = question.soft_dependents(possible)
    degraded |= {t.item for t in tallies if t.effect == Effect.SOFT and t.may_fail()}
    bare = {tally.item for tally in tallies}
    return (
        dict.fromkeys(bare, ItemState.REDUNDANCY_LOST)
        | dict.fromkeys(degraded, ItemState.DEGRADED)
        | states
    )


def hard_closure(
    targets: Collection[int], change_type: str = "power_off", *, using: str = DEFAULT_DB_ALIAS
) -> set[int]:
    """Return what goes down over lone hard relations: one recursive statement, groups left out."""
    return _Question(connections[using], CHANGE_EFFECTS[change_type]).closure(targets)


class _Question:
    """The statements of one kind of change on one database."""

    def __init__(self, connection: BaseDatabaseWrapper, effects: ChangeEffects) -> None:
        self.connection = connection
        self.effects = effects
        self.is_postgres = connection.vendor == "postgresql"
        # PostgreSQL allows the recursive table once, so both directions go into one lateral part.
        self.ids = "unnest(%s::bigint[]) AS given(id)" if self.is_postgres else _SQLITE_IDS

    def fixpoint(self, known: set[int], seeds: Iterable[int], *, certainly: bool) -> set[int]:
        """Alternate closure and group counting until nothing more fails."""
        lost, fresh = set(known), set(seeds)
        while fresh:
            lost |= fresh if fresh <= known else self.closure(fresh)
            failed = {
                tally.item
                for tally in self.tallies(lost)
                if tally.effect == Effect.HARD
                and (tally.certainly_fails() if certainly else tally.may_fail())
            }
            fresh = failed - lost
        return lost

    def closure(self, seeds: Collection[int]) -> set[int]:
        """Return the seeds and all their hard dependents, by a recursive common table expression."""
        step = (
            "SELECT next.id FROM hit CROSS JOIN LATERAL ({forward} UNION ALL {backward}) next"
            if self.is_postgres
            else "{forward_sqlite} UNION {backward_sqlite}"
        )
        lone = "redundancy_group_id IS NULL AND source_id IS NOT NULL AND target_id IS NOT NULL"
        forward, backward = self._classes(self.effects.single, Effect.HARD)
        recursion = step.format(
            forward=f"SELECT source_id AS id FROM assets_relation WHERE target_id = hit.id AND {lone}"
            f" AND relation_class IN ({forward})",
            backward=f"SELECT target_id FROM assets_relation WHERE source_id = hit.id AND {lone}"
            f" AND relation_class IN ({backward})",
            forward_sqlite="SELECT source_id FROM hit JOIN assets_relation ON target_id = hit.id"
            f" WHERE {lone} AND relation_class IN ({forward})",
            backward_sqlite="SELECT target_id FROM hit JOIN assets_relation ON source_id = hit.id"
            f" WHERE {lone} AND relation_class IN ({backward})",
        )
        rows = self._rows(
            f"WITH RECURSIVE hit(id) AS (SELECT given.id FROM {self.ids} UNION {recursion})"
            " SELECT id FROM hit",
            [seeds],
        )
        return {row[0] for row in rows}

    def tallies(self, lost: Collection[int]) -> list[GroupTally]:
        """Count the losses of every group that has some."""
        forward, backward = self._classes(self.effects.grouped, Effect.SOFT, Effect.HARD)
        turned = ", ".join(f"'{name}'" for name in sorted(TARGET_DEPENDS))
        effect = " ".join(
            f"WHEN '{name}' THEN {int(self.effects.grouped[code])}"
            for name, code in CLASS_CODE.items()
        )
        rows = self._rows(
            "WITH lost AS ("
            f" SELECT redundancy_group_id AS g, target_id AS p FROM {self.ids}"
            f" JOIN assets_relation ON target_id = given.id WHERE relation_class IN ({forward})"
            " AND redundancy_group_id IS NOT NULL AND source_id IS NOT NULL"
            " UNION"
            f" SELECT redundancy_group_id, source_id FROM {self.ids}"
            f" JOIN assets_relation ON source_id = given.id WHERE relation_class IN ({backward})"
            " AND redundancy_group_id IS NOT NULL AND target_id IS NOT NULL"
            "), counted AS (SELECT g, count(*) AS losses FROM lost GROUP BY g)"
            " SELECT grp.item_id, losses, grp.required_count,"
            f" count(DISTINCT CASE WHEN relation_class IN ({turned}) THEN source_id ELSE target_id END),"
            f" max(CASE relation_class {effect} END)"
            " FROM counted JOIN assets_redundancygroup grp ON grp.id = g"
            " JOIN assets_relation ON redundancy_group_id = g"
            " WHERE source_id IS NOT NULL AND target_id IS NOT NULL"
            " GROUP BY grp.id, grp.item_id, losses, grp.required_count",
            [lost, lost],
        )
        return [GroupTally(*row) for row in rows]

    def soft_dependents(self, lost: Collection[int]) -> set[int]:
        """Return who loses a lone soft dependency."""
        return self._dependents(lost, "redundancy_group_id IS NULL", Effect.SOFT)

    def beside(self, targets: Collection[int]) -> dict[int, ItemState]:
        """Return the direct neighbours of targets that stay up."""
        state = self.effects.target_state
        grouped = self._dependents(targets, "redundancy_group_id IS NOT NULL", Effect.SOFT)
        states = dict.fromkeys(grouped, ItemState.REDUNDANCY_LOST)
        states |= dict.fromkeys(self.soft_dependents(targets), ItemState.DEGRADED)
        for target in targets if state > ItemState.UP else ():
            states[target] = max(state, states.get(target, state))
        return states

    def _dependents(self, providers: Collection[int], condition: str, effect: Effect) -> set[int]:
        forward, backward = self._classes(self.effects.single, effect)
        rows = self._rows(
            f"SELECT source_id FROM {self.ids} JOIN assets_relation ON target_id = given.id"
            f" WHERE relation_class IN ({forward}) AND source_id IS NOT NULL AND {condition}"
            " UNION"
            f" SELECT target_id FROM {self.ids} JOIN assets_relation ON source_id = given.id"
            f" WHERE relation_class IN ({backward}) AND target_id IS NOT NULL AND {condition}",
            [providers, providers],
        )
        return {row[0] for row in rows}

    def _classes(self, effects: Sequence[Effect], *wanted: Effect) -> tuple[str, str]:
        """Return the classes of an effect as lists of words: source depends, target depends."""
        names = [name for name in RELATION_CLASSES if effects[CLASS_CODE[name]] in wanted]
        lists = [
            ", ".join(f"'{name}'" for name in names if (name in TARGET_DEPENDS) == is_turned)
            for is_turned in (False, True)
        ]
        return lists[0] or "''", lists[1] or "''"

    def _rows(self, sql: str, id_lists: Sequence[Collection[int]]) -> list[tuple[int, ...]]:
        given = [sorted(ids) for ids in id_lists]
        params = given if self.is_postgres else [json.dumps(ids) for ids in given]
        with self.connection.cursor() as cursor:
            cursor.execute(sql, params)
            return list(cursor.fetchall())


_SQLITE_IDS = "(SELECT value AS id FROM json_each(%s)) AS given"
