"""Rows that stand in a tree, parents first: what the file itself says about who is above whom. Pure."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def waves(parents: Mapping[Key, Key | None]) -> tuple[list[list[Key]], list[list[Key]]]:
    """Return the keys in waves, each after its parent's, and the cycles found.

    A parent that is not among the keys counts as already there. Keys in or below a cycle are in no wave.

    >>> waves({"line": "site", "site": None, "cell": "line"})
    ([['site'], ['line'], ['cell']], [])
    >>> waves({"a": "b", "b": "a"})
    ([], [['a', 'b']])
    """
    children: dict[Key, list[Key]] = {}
    current: list[Key] = []
    for key, parent in parents.items():
        if parent is None or parent not in parents:
            current.append(key)
        else:
            children.setdefault(parent, []).append(key)
    result: list[list[Key]] = []
    while current:
        result.append(current)
        current = [child for key in current for child in children.get(key, ())]
    placed = {key for wave in result for key in wave}
    return result, _cycles(parents, [key for key in parents if key not in placed])


def _cycles(parents: Mapping[Key, Key | None], stuck: Sequence[Key]) -> list[list[Key]]:
    seen: set[Key] = set()
    found = []
    for start in stuck:
        trail: dict[Key, None] = {}
        key: Key | None = start
        while key is not None and key not in seen and key not in trail:
            trail[key] = None
            key = parents.get(key)
        if key is not None and key in trail:
            steps = list(trail)
            found.append(steps[steps.index(key) :])
        seen.update(trail)
    return found
