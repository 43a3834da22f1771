"""An impact answer as a drawing: causes left, effects to the right by steps, boxed by line or system."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assets.choices import ItemKind
from assets.graph.relation_effects import depends_direction
from assets.models import ItemClass, Relation
from assets.queries.drawing import Edge, Node, shape_of
from assets.queries.impact import Hit, ImpactAnswer
from assets.queries.neighbourhood import address_of, item_rows

#: Items drawn; past `MOST_SINGLE` those alike (class, state, place, steps) become one sign.
MOST_ITEMS, MOST_SINGLE, SMALLEST_BUNDLE = 2_000, 90, 3
#: Past so many signs those alike of all places become one.
MOST_SIGNS, SEVERAL_PLACES = 250, "*"


class ImpactDrawing(NamedTuple):
    """Signs and lines; `left_out` counts hits beyond the bound."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: int


class _Class(NamedTuple):
    slug: str
    name: str


def drawn(answer: ImpactAnswer) -> ImpactDrawing:
    """Return the drawing of what the reader may see of an answer."""
    hits = answer.hits[:MOST_ITEMS]
    classes = {row[0]: _Class(row[1], row[2]) for row in _classes()}
    home = _homes(hits, answer)
    nodes = {node.key: node for node in _targets(answer)}
    for hit in hits:
        key = home[hit.id]
        known = nodes.get(key)
        nodes[key] = (
            _counted(known, classes[hit.item_class_id])
            if known
            else _sign(key, hit, classes[hit.item_class_id], answer)
        )
    home.update({target.id: f"i{target.id}" for target in answer.targets})
    depths = {hit.id: hit.depth for hit in hits} | {target.id: 0 for target in answer.targets}
    edges = _edges(home, depths)
    hidden = sum(answer.hidden.values())
    if hidden:
        label = ngettext("%d hidden item", "%d hidden items", hidden) % hidden
        column = max(node.column for node in nodes.values()) + 1
        nodes["h"] = Node("h", label, _("Not yours to see"), "unknown", column, _("Hidden"))
    return ImpactDrawing(
        tuple(nodes.values()), tuple(edges), len(answer.hits) - len(hits) + answer.truncated
    )


def _classes() -> Sequence[tuple[int, str, str]]:
    return list(ItemClass.objects.order_by().values_list("pk", "slug", "name"))


def _targets(answer: ImpactAnswer) -> list[Node]:
    items = item_rows(target.id for target in answer.targets)
    return [
        Node(
            key=f"i{target.id}",
            label=target.name,
            detail=_("To be changed"),
            shape=shape_of(items[target.id].kind, items[target.id].class_slug),
            column=0,
            place=_("To be changed"),
            url=address_of(target.id),
            is_focus=True,
        )
        for target in answer.targets
    ]


def _place(hit: Hit, answer: ImpactAnswer) -> str:
    line = answer.lines.get(hit.line_id) if hit.line_id else None
    system_id = hit.id if hit.kind == ItemKind.SYSTEM else hit.system_id
    system = answer.systems.get(system_id) if system_id else None
    found = line or system
    return found.name if found else _("Outside lines and systems")


def _homes(hits: Sequence[Hit], answer: ImpactAnswer) -> dict[int, str]:
    """Return the sign each hit is drawn as: its own, or one for several alike, of one place or of several."""
    if len(hits) <= MOST_SINGLE:
        return {hit.id: f"i{hit.id}" for hit in hits}
    homes = _bundled(hits, lambda hit: _place(hit, answer))
    if len(set(homes.values())) > MOST_SIGNS:
        homes = _bundled(hits, lambda _hit: SEVERAL_PLACES)
    return homes


def _bundled(hits: Sequence[Hit], place_of: Callable[[Hit], str]) -> dict[int, str]:
    alike: dict[str, list[int]] = defaultdict(list)
    for hit in hits:
        alike[f"b{hit.depth}.{hit.item_class_id}.{hit.state}.{place_of(hit)}"].append(hit.id)
    return {
        pk: key if len(members) >= SMALLEST_BUNDLE else f"i{pk}"
        for key, members in alike.items()
        for pk in members
    }


def _sign(key: str, hit: Hit, known: _Class, answer: ImpactAnswer) -> Node:
    is_single = key.startswith("i")
    return Node(
        key=key,
        label=hit.name if is_single else _several(1, known),
        detail=known.name,
        shape=shape_of(hit.kind, known.slug) if is_single else "bundle",
        column=hit.depth,
        place=_("Several places") if key.endswith(SEVERAL_PLACES) else _place(hit, answer),
        ring=hit.state,
        url=address_of(hit.id) if is_single else "",
    )


def _counted(node: Node, known: _Class) -> Node:
    return node._replace(amount=node.amount + 1, label=_several(node.amount + 1, known))


def _several(count: int, known: _Class) -> str:
    return f"{count} × {known.name}"  # noqa: RUF001


def _edges(home: Mapping[int, str], depths: Mapping[int, int]) -> list[Edge]:
    """Return the relations along which the effect goes on, from fewer steps to more."""
    ids = list(home)
    rows = Relation.objects.filter(source__in=ids, target__in=ids).order_by()
    found: Counter[tuple[str, str, str]] = Counter()
    for source, target, name in rows.values_list("source_id", "target_id", "relation_class"):
        dependent, provider = depends_direction(source, target, name)
        if depths[dependent] > depths[provider]:
            found[home[source], home[target], name] += 1
    return [Edge(source, target, name, count) for (source, target, name), count in found.items()]
