"""The data flows of a place: systems and what feeds them, each line an interface with its protocol."""

from collections import defaultdict
from collections.abc import Sequence

from django.utils.translation import gettext as _

from assets.choices import ItemKind, RelationClass
from discovery.choices import MapView
from discovery.queries.map_draft import Draft, Row
from discovery.queries.map_material import Material, Thing
from discovery.rules.map_chart import Chart, Sign
from discovery.rules.map_layers import stages

MOST_SINGLE, MOST_SYSTEMS, LAST = 36, 60, 3
#: Room for a protocol's name above its line.
PITCH = 14
CLASSES = (RelationClass.FEEDS_DATA,)


def flows_of(material: Material) -> tuple[Chart, list[Row], int]:
    """Return the chart, its lines, and how many systems of the place neither feed nor are fed."""
    links = material.links_of(CLASSES)
    ends = {end for link in links for end in link.ends}
    systems = [
        material.things[one]
        for one in sorted(material.inside)
        if material.things[one].kind == ItemKind.SYSTEM
    ]
    draft = Draft(material, MapView.FLOWS, is_directed=True)
    keys = _keys(draft, [material.things[one] for one in sorted(ends)], len(systems))
    for link in links:
        source, target = (
            draft.unknown(link.unresolved) if end is None else keys[end]
            for end in (link.source, link.target)
        )
        draft.join(source, target, link)
    rows = draft.rows()
    joined = {key for pair in draft.links for key in pair}
    draft.signs = {key: one for key, one in draft.signs.items() if key in joined}
    layers = stages(list(draft.signs), list(draft.links), most=LAST)
    alone = [one for one in systems if f"i{one.id}" not in joined]
    layers.update(_add_silos(draft, alone))
    return (
        Chart(draft.arranged(layers), tuple(row.tie for row in rows), pitch=PITCH),
        rows,
        len(alone),
    )


def _keys(draft: Draft, things: Sequence[Thing], systems: int) -> dict[int, str]:
    """Return the sign of each item that feeds or is fed: alone, with its system, or with its place."""
    if len(things) <= MOST_SINGLE:
        return {one.id: draft.item(one) for one in things}
    keys: dict[int, str] = {}
    gathered: dict[str, list[Thing]] = defaultdict(list)
    for one in things:
        system = draft.material.things.get(one.system or 0)
        if one.id not in draft.material.inside or (
            one.kind == ItemKind.SYSTEM and systems <= MOST_SYSTEMS
        ):
            keys[one.id] = draft.item(one)
        elif system is not None and systems <= MOST_SYSTEMS:
            keys[one.id] = draft.item(system)
        else:
            gathered[draft.shorten(one.path, 1)].append(one)
    for path, inside in gathered.items():
        sign = draft.place(path, inside)
        keys.update((one.id, sign) for one in inside)
    return keys


def _add_silos(draft: Draft, alone: Sequence[Thing]) -> dict[str, int]:
    """Put the systems without an interface below the rest, spread over the columns; return their layers."""
    found: dict[str, int] = {}
    for number, one in enumerate(sorted(alone, key=lambda thing: thing.name)):
        key = f"i{one.id}"
        draft.item(one)
        held = draft.signs[key]
        draft.signs[key] = Sign(
            key,
            held.title,
            _("No interface declared or seen"),
            held.shape,
            "unlinked",
            url=held.url,
            ring=held.ring,
        )
        found[key] = number % (LAST + 1)
    return found
