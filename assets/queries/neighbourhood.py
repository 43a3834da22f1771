"""The surroundings of one item, grown step by step: what a reader may see of them, as a drawing and a table.

Read from the database (a few queries whatever is opened). Hidden neighbours are counted, never named.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from assets.access import visible_item_ids
from assets.choices import ItemStatus, RelationClass
from assets.graph.relation_effects import TARGET_DEPENDS
from assets.models import ConfigurationItem, Relation
from assets.queries.drawing import Edge, Node, shape_of
from common.ids import ids_of

#: Signs in one drawing, relations read at one opening, and neighbours drawn one by one.
MOST_NODES, MOST_RELATIONS, MOST_SINGLE = 2_000, 20_000, 24
SMALLEST_BUNDLE = 3
#: The class of a relation whose other end is hidden: what it is stays hidden as well.
HIDDEN = "hidden"
CHUNK = 5_000


class Item(NamedTuple):
    """What a sign needs to know of an item."""

    id: int
    code: str
    name: str
    kind: str
    class_slug: str
    class_name: str
    status: str
    place: str


class Link(NamedTuple):
    """A relation seen from an opened item: the other end, and whether that end rests on it."""

    other: int | None
    unknown: str
    relation_class: str
    rests_on_it: bool
    note: str


@dataclass(frozen=True)
class Line:
    """A row of the table beside the drawing: an item (or several alike) and how it is connected."""

    node: Node
    code: str
    status: str
    relations: tuple[str, ...]


@dataclass(frozen=True)
class Neighbourhood:
    """The drawing of an item's surroundings for one reader.

    `hidden` counts neighbours the reader may not see, `left_out` those beyond the bound.
    """

    focus: Item
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    lines: tuple[Line, ...]
    hidden: int
    unknown: int
    left_out: int

    @property
    def shown(self) -> int:
        """Return how many items the drawing shows by name or in a bundle."""
        return sum(node.amount for node in self.nodes if node.shape != "unknown")


@dataclass
class _Growth:
    """A drawing while it grows."""

    items: Mapping[int, Item]
    opened: frozenset[str]
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    home: dict[int, str] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    left_out: int = 0

    @property
    def is_full(self) -> bool:
        return len(self.nodes) >= MOST_NODES

    def put(self, node: Node) -> None:
        if node.key in self.nodes:
            return
        if self.is_full:
            self.left_out += node.amount
            return
        self.nodes[node.key] = node


def neighbourhood_of(
    *,
    user: User,
    item_id: int,
    opened: Sequence[str] = (),
    classes: Iterable[str] = (),
    rings: Mapping[int, str] | None = None,
) -> Neighbourhood:
    """Return the drawing around an item the user may see, with the signs in `opened` opened in order.

    `opened` holds what `Node.grow` says; anything else in it is passed over. `rings` are states by item
    id; without them an item that is not in normal service shows its status.
    """
    chosen = set(classes) & set(RelationClass.values) or set(RelationClass.values)
    owners = [item_id, *ids_of(opened)]
    links = _links(list(dict.fromkeys(owners)), chosen)
    others = {link.other for found in links.values() for link in found if link.other is not None}
    shown = set(visible_item_ids(user, [item_id, *others]))
    growth = _Growth(item_rows(shown), frozenset(opened))
    growth.put(_sign(growth.items[item_id], 0, rings, is_focus=True))
    growth.home[item_id] = f"i{item_id}"
    for owner in links:
        if owner in growth.home and growth.home[owner] == f"i{owner}":
            _grow(growth, owner, links[owner], rings)
    _add_cross_relations(growth, chosen)
    edges = tuple(
        Edge(source, target, name, count, note)
        for (source, target, name, note), count in growth.edges.items()
        if source in growth.nodes and target in growth.nodes
    )
    return Neighbourhood(
        focus=growth.items[item_id],
        nodes=tuple(growth.nodes.values()),
        edges=edges,
        lines=_lines(growth, edges),
        hidden=len(growth.hidden),
        unknown=sum(key.startswith("u") for key in growth.nodes),
        left_out=growth.left_out,
    )


def _links(owners: Sequence[int], classes: Iterable[str]) -> dict[int, list[Link]]:
    """Return the relations of each opened item, in the order of opening."""
    columns = ("source_id", "target_id", "relation_class", "unresolved_source", "unresolved_target")
    group = ("redundancy_group_id", "redundancy_group__required_count")
    wanted = Q(source__in=owners) | Q(target__in=owners)
    rows = Relation.objects.filter(wanted, relation_class__in=classes).order_by("pk")
    found: dict[int, list[Link]] = {owner: [] for owner in owners}
    listed = list(rows.values_list(*columns, *group)[:MOST_RELATIONS])
    sizes = _group_sizes({row[5] for row in listed if row[5]})
    for source, target, name, no_source, no_target, group_id, required in listed:
        note = _note(required, sizes[group_id]) if group_id else ""
        turned = name in TARGET_DEPENDS
        if source in found:
            found[source].append(Link(target, no_target, name, turned, note))
        if target in found:
            found[target].append(Link(source, no_source, name, not turned, note))
    return found


def _group_sizes(ids: Iterable[int]) -> dict[int, int]:
    """Return how many relations each redundancy group binds."""
    rows = Relation.objects.filter(redundancy_group__in=list(ids)).order_by()
    return dict(rows.values_list("redundancy_group_id").annotate(Count("pk")))


def _note(required: int | None, members: int) -> str:
    if required is None:
        return _("redundant, need not declared")
    return _("%(required)d of %(members)d needed") % {
        "required": required,
        "members": members,
    }


def item_rows(ids: Iterable[int]) -> dict[int, Item]:
    """Return what a sign needs of the items, by id; the caller has asked access.py which may be shown."""
    columns = ("pk", "code", "name", "kind", "item_class__slug", "item_class__name", "status")
    wanted = list(ids)
    found: dict[int, Item] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = ConfigurationItem.objects.filter(pk__in=wanted[start : start + CHUNK]).order_by()
        for row in rows.values_list(*columns, "location__name"):
            found[row[0]] = Item._make((*row[:7], row[7] or _("No location")))
    return found


def relation_words() -> dict[str, str]:
    """Return what each class of relation is called in a drawing."""
    return {
        **{str(name): str(word) for name, word in RelationClass.choices},
        HIDDEN: _("is related to"),
    }


def address_of(item_id: int) -> str:
    """Return the address of an item's page."""
    try:
        return reverse("assets:item-detail", args=[item_id])
    except NoReverseMatch:
        return ""


def _sign(
    item: Item, column: int, rings: Mapping[int, str] | None, *, is_focus: bool = False
) -> Node:
    status = "" if item.status == ItemStatus.ACTIVE else item.status
    return Node(
        key=f"i{item.id}",
        label=item.name,
        detail=item.class_name,
        shape=shape_of(item.kind, item.class_slug),
        column=column,
        place=item.place,
        ring=status if rings is None else rings.get(item.id, ""),
        url=address_of(item.id),
        grow="" if is_focus else str(item.id),
        is_focus=is_focus,
    )


def _grow(
    growth: _Growth, owner: int, links: Sequence[Link], rings: Mapping[int, str] | None
) -> None:
    """Add the neighbours of an opened item: one by one, or bundled when there are very many."""
    here = growth.nodes[f"i{owner}"]
    growth.nodes[here.key] = here._replace(grow="")
    new: dict[int, bool] = {}
    for link in links:
        if link.other is None or link.other not in growth.items:
            _add_ghost(growth, here, link)
        elif link.other not in growth.home:
            new.setdefault(link.other, link.rests_on_it)
    bundles = _bundles(growth, owner, new)
    for other, rests_on_it in new.items():
        column = here.column + (1 if rests_on_it else -1)
        if other in bundles:
            _add_to_bundle(growth, bundles[other], other, column)
        else:
            growth.put(_sign(growth.items[other], column, rings))
            growth.home[other] = f"i{other}"
    for link in links:
        if link.other in growth.home:
            _connect(growth, here.key, growth.home[link.other], link)


def _bundles(growth: _Growth, owner: int, new: Mapping[int, bool]) -> dict[int, str]:
    """Return which neighbours are drawn together: alike, at the same place, on the same side."""
    if len(new) <= MOST_SINGLE:
        return {}
    alike: dict[str, list[int]] = defaultdict(list)
    for other, rests_on_it in new.items():
        item = growth.items[other]
        side = "r" if rests_on_it else "l"
        alike[f"b{owner}.{side}.{item.class_slug}.{item.place}"].append(other)
    return {
        other: key
        for key, members in alike.items()
        if len(members) >= SMALLEST_BUNDLE and key not in growth.opened
        for other in members
    }


def _add_to_bundle(growth: _Growth, key: str, other: int, column: int) -> None:
    item = growth.items[other]
    growth.home[other] = key
    known = growth.nodes.get(key)
    if known is not None:
        count = known.amount + 1
        growth.nodes[key] = known._replace(amount=count, label=f"{count} × {item.class_name}")  # noqa: RUF001
        return
    growth.put(
        Node(
            key=key,
            label=f"1 × {item.class_name}",  # noqa: RUF001
            detail=_("Several alike: open to see each"),
            shape="bundle",
            column=column,
            place=item.place,
            grow=key,
        )
    )


def _add_ghost(growth: _Growth, here: Node, link: Link) -> None:
    """Draw an end that is not in the inventory by its text, a hidden one as a number only."""
    column = here.column + (1 if link.rests_on_it else -1)
    if link.other is None:
        place = _("Not in the inventory")
        node = Node(f"u{link.unknown}", link.unknown, place, "unknown", column, place)
        growth.put(node)
        _connect(growth, here.key, node.key, link)
        return
    growth.hidden.add(link.other)
    key = f"h{here.key}.{'r' if link.rests_on_it else 'l'}"
    count = growth.nodes[key].amount + 1 if key in growth.nodes else 1
    label = ngettext("%d hidden item", "%d hidden items", count) % count
    hidden = Node(key, label, _("Not yours to see"), "unknown", column, _("Hidden"), amount=count)
    if count > 1:
        growth.nodes[key] = hidden
    growth.put(hidden)
    _connect(growth, here.key, key, link._replace(relation_class=HIDDEN, note=""))


def _connect(growth: _Growth, here: str, there: str, link: Link) -> None:
    """Draw a relation as it reads: source relation_class target."""
    is_source = link.rests_on_it == (link.relation_class in TARGET_DEPENDS)
    ends = (here, there) if is_source else (there, here)
    key = (*ends, str(link.relation_class), link.note)
    if there.startswith("i") and key in growth.edges:
        return
    growth.edges[key] += 1


def _add_cross_relations(growth: _Growth, classes: Iterable[str]) -> None:
    """Add the relations among items drawn one by one that were not opened themselves."""
    single = [int(key[1:]) for key in growth.nodes if key.startswith("i")]
    rows = Relation.objects.filter(
        source__in=single, target__in=single, relation_class__in=classes
    ).order_by()
    drawn = {key[:3] for key in growth.edges}
    for source, target, name in rows.values_list("source_id", "target_id", "relation_class"):
        ends = (f"i{source}", f"i{target}", name)
        if ends not in drawn:
            growth.edges[(*ends, "")] = 1


def _table_order(node: Node) -> tuple[int, bool, str, str]:
    return node.column, not node.is_focus, node.place, node.label


def _lines(growth: _Growth, edges: Sequence[Edge]) -> tuple[Line, ...]:
    """Return the table: what the item rests on first, then itself, then what rests on it."""
    words = relation_words()
    said: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        source, target = growth.nodes[edge.source], growth.nodes[edge.target]
        sentence = f"{source.label} {words[edge.relation_class]} {target.label}"
        if edge.note:
            sentence = f"{sentence} ({edge.note})"
        farther = max(source, target, key=lambda node: (abs(node.column), not node.is_focus))
        said[farther.key].append(sentence)
    statuses = dict(ItemStatus.choices)
    listed = sorted(growth.nodes.values(), key=_table_order)
    return tuple(
        Line(
            node,
            item.code if item else "",
            str(statuses[ItemStatus(item.status)]) if item else "",
            tuple(said[node.key]),
        )
        for node in listed
        for item in [growth.items.get(int(node.key[1:])) if node.key.startswith("i") else None]
    )
