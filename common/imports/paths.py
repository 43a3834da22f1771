"""Materialised paths of rows written in bulk: the ids from the root, each followed by `/`."""

from collections.abc import Sequence
from typing import Any


def set_paths(rows: Sequence[Any]) -> None:
    """Write the path of rows just inserted, whose parents have theirs."""
    for row in rows:
        row.path = path_of(row)
    if rows:
        type(rows[0])._base_manager.bulk_update(rows, ["path"], batch_size=500)


def move_below(row: Any) -> None:
    """Write the path of a row whose parent changed, and of everything below it."""
    old, row.path = row.path, path_of(row)
    manager = type(row)._base_manager
    below = list(manager.filter(path__startswith=old).only("path"))
    for node in below:
        node.path = row.path + node.path[len(old) :]
    manager.bulk_update(below, ["path"], batch_size=500)


def path_of(row: Any) -> str:
    """Return the path that follows from the parent's."""
    return f"{row.parent.path if row.parent else ''}{row.pk}/"
