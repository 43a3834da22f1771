"""Zones with their conduits (IEC 62443-3-2), and the Purdue levels with what passes between them."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from assets.access import conduits_visible_to, zones_visible_to
from assets.choices import ItemKind, PurdueLevel
from assets.models import Conduit, Zone
from assets.queries.zones import TRAFFIC
from discovery.choices import MapView
from discovery.queries.link_standing import LinkStanding
from discovery.queries.map_draft import Draft, Row, counted, told_words
from discovery.queries.map_material import Material, Thing
from discovery.rules.map_chart import Band, Chart, Run, Sign, Tie, Told
from discovery.rules.map_levels import falls_short, passes_by_dmz

#: The highest level stands on top.
LEVELS = tuple(reversed(PurdueLevel.values))
SYSTEMS_NAMED = 2


@dataclass(frozen=True)
class Zones:
    """The zones a reader may see by id, and the conduits between each two."""

    zones: Mapping[int, Zone]
    conduits: Mapping[frozenset[int], Sequence[Conduit]]

    def known(self, pk: int | None) -> int:
        """Return the id of a visible zone, 0 for none."""
        return pk if pk is not None and pk in self.zones else 0


def zones_of(user: User, material: Material) -> Zones:
    """Return the zones of the items on a map, those of the place itself, and their conduits."""
    ids = {one.zone for one in material.things.values() if one.zone}
    here = Q(site__path__startswith=material.place.path)
    zones = {one.pk: one for one in zones_visible_to(user).filter(Q(pk__in=ids) | here)}
    conduits: dict[frozenset[int], list[Conduit]] = defaultdict(list)
    ends = {"from_zone__in": list(zones), "to_zone__in": list(zones)}
    for one in conduits_visible_to(user).filter(**ends):
        conduits[frozenset({one.from_zone_id, one.to_zone_id})].append(one)
    return Zones(zones, conduits)


def conduits_of(material: Material, zones: Zones) -> tuple[Chart, list[Row], int]:
    """Return zones and conduits, the lines, and how many items here are in no zone."""
    draft = Draft(material, MapView.ZONES)
    members: dict[int, list[Thing]] = defaultdict(list)
    for one in material.things.values():
        if one.zone in zones.zones and one.id in material.inside:
            members[one.zone or 0].append(one)
    keys = {pk: _zone_sign(draft, zone, members.get(pk, [])) for pk, zone in zones.zones.items()}
    for link in material.links_of(TRAFFIC):
        ends = [_zone_of(material, end) for end in (link.source, link.target)]
        if ends[0] in keys and ends[1] in keys:
            draft.join(keys[ends[0]], keys[ends[1]], link)
    rows = _with_conduits(draft, zones, keys)
    joined = {key for row in rows for key in (row.tie.source, row.tie.target)}
    draft.signs = {
        key: one for key, one in draft.signs.items() if key in joined or one.kind == "item"
    }
    layers = {keys[pk]: LEVELS.index(one.purdue_level) for pk, one in zones.zones.items()}
    outside = sum(material.things[one].zone not in zones.zones for one in material.inside)
    return _banded(draft, layers, rows), rows, outside


def _zone_of(material: Material, end: int | None) -> int:
    return material.things[end].zone or 0 if end is not None else 0


def _zone_sign(draft: Draft, zone: Zone, things: Sequence[Thing]) -> str:
    key = f"z{zone.pk}"
    words = [counted(things)] if things else [_("no items here")]
    if zone.sl_target:
        short = " ▲" if falls_short(zone.sl_target, zone.sl_achieved) else ""
        levels = f"SL-T {_span(zone.sl_target)}, SL-A {_span(zone.sl_achieved)}{short}"
        words.insert(0, levels)
    draft.signs[key] = Sign(
        key,
        zone.name,
        "\n".join(words),
        shape="zone",
        kind="item" if things else "outside",
        url=reverse("assets:zone-detail", args=[zone.pk]),
        amount=len(things),
        ring="safety" if zone.is_safety else "",
    )
    return key


def _span(vector: str) -> str:
    """Return the span of a security level vector ("1-3"), or a question mark without one."""
    levels = sorted({part for part in vector.split(",") if part})
    if not levels:
        return "?"
    return levels[0] if len(levels) == 1 else f"{levels[0]}-{levels[-1]}"


def _with_conduits(draft: Draft, zones: Zones, keys: Mapping[int, str]) -> list[Row]:
    """Return a line for each two zones with a conduit or traffic; traffic without a conduit is marked."""
    pairs = {
        tuple(sorted(keys[pk] for pk in pair)): found for pair, found in zones.conduits.items()
    }

    def warned(source: str, target: str) -> str:
        return "" if (source, target) in pairs else _("No conduit")

    found = []
    for row in draft.rows(warned):
        conduits = pairs.pop((row.tie.source, row.tie.target), ())
        found.append(_as_conduit(draft, row, conduits) if conduits else row)
    return [*found, *(_unused(draft, ends, conduits) for ends, conduits in pairs.items())]


def _as_conduit(draft: Draft, row: Row, conduits: Sequence[Conduit]) -> Row:
    """Return the line of a conduit: declared, and seen as soon as one link through it was seen."""
    is_seen = row.tie.told is not Told.DECLARED
    told = Told.BOTH if is_seen else Told.DECLARED
    return _conduit_row(draft, row.tie, told, conduits, row)


def _unused(draft: Draft, ends: Sequence[str], conduits: Sequence[Conduit]) -> Row:
    return _conduit_row(draft, Tie(ends[0], ends[1], Told.DECLARED), Told.DECLARED, conduits, None)


def _conduit_row(
    draft: Draft, tie: Tie, told: Told, conduits: Sequence[Conduit], row: Row | None
) -> Row:
    names = ", ".join(one.name for one in conduits)
    protocols = ", ".join(sorted({text for one in conduits for text in one.protocols}))
    relations = f"{names} ({protocols})" if protocols else names
    used = f"{row.relations}; {row.evidence}" if row else _("no traffic declared or seen")
    source, target = draft.signs[tie.source].title, draft.signs[tie.target].title
    words = f"{source} – {target}: {relations}; {used}"  # noqa: RUF001 - between two
    found = Tie(tie.source, tie.target, told, tie.amount, protocols, words)
    seen = row.last_seen_at if row else None
    return Row(found, source, target, told_words()[told], relations, used, seen)


def levels_of(material: Material, zones: Zones) -> tuple[Chart, list[Row], int]:
    """Return the Purdue levels with their zones, what passes between them, and how many items have no level."""
    draft = Draft(material, MapView.PURDUE)
    members: dict[tuple[str, int], list[Thing]] = defaultdict(list)
    for one in material.things.values():
        if one.level in LEVELS:
            members[one.level, zones.known(one.zone)].append(one)
    keys: dict[int, str] = {}
    layers: dict[str, int] = {}
    for (level, zone), things in members.items():
        key = _level_sign(draft, material, level, zones.zones.get(zone), things)
        layers[key] = LEVELS.index(level)
        keys.update((one.id, key) for one in things)
    for link in material.links_of(TRAFFIC):
        _join_levels(draft, keys, link)
    levels = {key: LEVELS[layer] for key, layer in layers.items()}
    rows = draft.rows(_watch(levels))
    unlevelled = sum(material.things[one].level not in LEVELS for one in material.inside)
    return _banded(draft, layers, rows), rows, unlevelled


def _join_levels(draft: Draft, keys: Mapping[int, str], link: LinkStanding) -> None:
    source, target = keys.get(link.source or 0), keys.get(link.target or 0)
    if source and target:
        draft.join(source, target, link)


def _watch(levels: Mapping[str, str]) -> Callable[[str, str], str]:
    def warned(source: str, target: str) -> str:
        is_past = passes_by_dmz(levels[source], levels[target])
        return _("passes the DMZ by") if is_past else ""

    return warned


def _level_sign(
    draft: Draft, material: Material, level: str, zone: Zone | None, things: Sequence[Thing]
) -> str:
    key = f"l{level}:{zone.pk if zone else 0}"
    here = [one for one in things if one.id in material.inside]
    systems = sorted(one.name for one in things if one.kind == ItemKind.SYSTEM)
    named = ", ".join(systems[:SYSTEMS_NAMED])
    if len(systems) > SYSTEMS_NAMED:
        named = f"{named} +{len(systems) - SYSTEMS_NAMED}"
    words = counted(here or things, most=0 if named else 2)
    draft.signs[key] = Sign(
        key,
        zone.name if zone else _("In no zone"),
        f"{words}\n{named}" if named else words,
        shape="zone",
        kind="item" if here else "outside",
        url=reverse("assets:zone-detail", args=[zone.pk]) if zone else "",
        amount=len(things),
        ring="safety" if zone and zone.is_safety else "",
    )
    return key


def _banded(draft: Draft, layers: Mapping[str, int], rows: Sequence[Row]) -> Chart:
    """Return the chart in bands, one a level."""
    used = {layers[key] for key in draft.signs}
    bands = tuple(
        Band(number, str(PurdueLevel(level).label), is_marked=level == PurdueLevel.DMZ)
        for number, level in enumerate(LEVELS)
        if number in used
    )
    return Chart(draft.arranged(layers), tuple(row.tie for row in rows), Run.BANDS, bands)
