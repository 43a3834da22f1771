"""The changes a loaded graph can follow without being loaded again."""

from typing import NamedTuple, TypeAlias


class EdgeChange(NamedTuple):
    """A relation appeared (+1) or vanished (-1); `group` is the group's id or -1."""

    sign: int
    source: int
    target: int
    class_code: int
    group: int = -1


class ItemChange(NamedTuple):
    """An item appeared or vanished."""

    sign: int
    item: int


class GroupChange(NamedTuple):
    """A redundancy group appeared or changed (+1), or vanished (-1); `required` is k or -1."""

    sign: int
    group: int
    item: int
    required: int = -1


Change: TypeAlias = EdgeChange | ItemChange | GroupChange


class ReloadNeeded(Exception):  # noqa: N818  (a request, not a fault)
    """A change that the overlay cannot follow; the graph has to be loaded again."""
