"""Reads of the location tree: nodes with what stands at and below them."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count

from accounts.models import User
from assets.access import items_visible_to, locations_visible_to
from assets.choices import ItemKind
from assets.models import Location


@dataclass
class Node:
    """A location in the tree with the numbers of items at or below it."""

    location: Location
    assets: int = 0
    systems: int = 0
    children: list["Node"] = field(default_factory=list)


def tree_for(user: User, *, below: str = "") -> list[Node]:
    """Return the visible trees (three queries whatever their size); counts include all below."""
    rows = locations_visible_to(user).filter(path__startswith=below).order_by("path")
    nodes = {row.pk: Node(row) for row in rows}
    roots: list[Node] = []
    for node in nodes.values():
        parent = nodes.get(node.location.parent_id or 0)
        (parent.children if parent else roots).append(node)
    for pk, kind, count in _counts(user, below):
        for step in _steps(nodes, pk):
            if kind == ItemKind.ASSET:
                step.assets += count
            else:
                step.systems += count
    for node in nodes.values():
        node.children.sort(key=lambda child: child.location.name)
    return sorted(roots, key=lambda node: node.location.name)


def _counts(user: User, below: str) -> list[tuple[int, str, int]]:
    rows = items_visible_to(user).filter(location__path__startswith=below).order_by()
    grouped = rows.values_list("location_id", "kind").annotate(count=Count("pk"))
    return [(pk, kind, count) for pk, kind, count in grouped if pk is not None]


def _steps(nodes: dict[int, Node], pk: int) -> list[Node]:
    own = nodes.get(pk)
    if own is None:
        return []
    ids = own.location.path.rstrip("/").split("/")
    return [nodes[int(step)] for step in ids if int(step) in nodes]


def counts_at(user: User, location: Location) -> dict[str, int]:
    """Return the numbers of assets, systems and safety-relevant items at or below a location."""
    rows = items_visible_to(user).filter(location__path__startswith=location.path)
    by_kind = Counter(dict(rows.order_by().values_list("kind").annotate(Count("pk"))))
    return {"assets": by_kind[ItemKind.ASSET], "systems": by_kind[ItemKind.SYSTEM]}
