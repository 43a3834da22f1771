"""The network of a place: devices and the links between them, gathered until a person can read it."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from assets.choices import LocationLevel, RelationClass
from discovery.choices import MapView
from discovery.queries.link_standing import LinkStanding
from discovery.queries.map_draft import Draft, Row
from discovery.queries.map_material import Material, Thing
from discovery.rules.map_chart import Chart, Sign
from discovery.rules.map_layers import depths_from_core

#: So many items are drawn one by one; more are gathered by place. Beyond MOST_SIGNS the rest is gathered as well.
MOST_SINGLE, MOST_SIGNS, SMALLEST_BUNDLE = 44, 72, 3
CLASSES = (RelationClass.CONNECTS_VIA,)


def topology_of(material: Material, *, by_place: bool = True) -> tuple[Chart, list[Row], int]:
    """Return the chart, its lines, and how many items of the place have no link at all.

    Too many items are gathered by place first; not `by_place`: only by what they hang on.
    """
    links = material.links_of(CLASSES)
    linked = {end for link in links for end in link.ends}
    here = [material.things[one] for one in sorted(linked & material.inside)]
    draft = Draft(material, MapView.TOPOLOGY, shows_addresses=not by_place)
    single = len(here) <= MOST_SINGLE or not by_place
    keys = {one.id: draft.item(one) for one in here} if single else _keys(draft, here, links)
    for link in links:
        ends = [_end(draft, keys, end, link) for end in (link.source, link.target)]
        draft.join(ends[0], ends[1], link)
    _bundle_alike(draft)
    _gather_rest(draft)
    pairs = list(draft.links)
    is_part = by_place and material.place.level not in _TOPS
    cores = _uplinks(draft) if is_part else ()
    layers = depths_from_core(list(draft.signs), pairs, cores=cores)
    rows = draft.rows()
    chart = Chart(draft.arranged(layers), tuple(row.tie for row in rows))
    return chart, rows, len(material.inside) - len(here)


_TOPS = {LocationLevel.ENTERPRISE, LocationLevel.SITE}


def _keys(draft: Draft, here: Sequence[Thing], links: Sequence[LinkStanding]) -> dict[int, str]:
    """Return the sign of each linked item of the place, gathered by place, switch and class."""
    carriers = {one.id for one in here if one.shape == "network"}
    beside = _carriers_beside(links, carriers)
    gathered: dict[tuple[str, int, str], list[Thing]] = defaultdict(list)
    for one in here:
        gathered[_bundle(draft, one, carriers, beside)].append(one)
    keys: dict[int, str] = {}
    for (path, switch, name), things in gathered.items():
        sign = _bundled(draft, path, f"{switch}:{name}", things)
        keys.update((one.id, sign) for one in things)
    return keys


def _bundle(
    draft: Draft, thing: Thing, carriers: set[int], beside: Mapping[int, int]
) -> tuple[str, int, str]:
    """Return what an item is drawn together with: a place, or at the map's own place a switch and a class."""
    near, far = draft.shorten(thing.path, 1), draft.shorten(thing.path, 2)
    if near != far:
        return far, 0, ""
    if thing.id in carriers:
        return "", thing.id, ""
    if near != draft.material.place.path:
        return near, 0, ""
    return "", beside.get(thing.id, 0), thing.class_name


def _bundled(draft: Draft, path: str, name: str, things: Sequence[Thing]) -> str:
    """Put items on the map as one sign; return its key."""
    if path in draft.material.places:
        parent = draft.material.places.get(draft.shorten(path, 1))
        is_whole = path != draft.shorten(path, 1)
        return draft.place(path, things, group=parent[1] if parent else "", is_whole=is_whole)
    if len(things) == 1:
        return draft.item(things[0])
    first = things[0]
    sign = Sign(
        f"e{name}",
        f"{len(things)} × {first.class_name}",  # noqa: RUF001 - how many
        first.place,
        shape="bundle",
        kind="group",
        group=first.place,
        amount=len(things),
    )
    draft.signs[sign.key] = sign
    return sign.key


def _carriers_beside(links: Iterable[LinkStanding], carriers: set[int]) -> dict[int, int]:
    """Return the switch each other item hangs on, one of them where there are several."""
    found: dict[int, int] = {}
    for link in links:
        if link.source is None or link.target is None:
            continue
        for one, other in ((link.source, link.target), (link.target, link.source)):
            if other in carriers and one not in carriers:
                found[one] = min(other, found.get(one, other))
    return found


def _end(draft: Draft, keys: Mapping[int, str], end: int | None, link: LinkStanding) -> str:
    if end is None:
        return draft.unknown(link.unresolved)
    return keys.get(end) or draft.item(draft.material.things[end])


def _neighbours(draft: Draft) -> dict[str, set[str]]:
    beside: dict[str, set[str]] = defaultdict(set)
    for one, other in draft.links:
        beside[one].add(other)
        beside[other].add(one)
    return beside


def _bundle_alike(draft: Draft) -> None:
    """Put end points alike that hang on the same signs together, when there are too many to draw one by one."""
    if len(draft.signs) <= MOST_SINGLE:
        return
    beside = _neighbours(draft)
    alike: dict[tuple[object, ...], list[Sign]] = defaultdict(list)
    for key, one in draft.signs.items():
        if one.kind != "group" and len(beside[key]) <= 2:
            alike[one.kind, one.note, one.group, frozenset(beside[key])].append(one)
    for signs in alike.values():
        if len(signs) >= SMALLEST_BUNDLE:
            _merge(draft, signs, _bundle_of(signs))


def _bundle_of(signs: Sequence[Sign]) -> Sign:
    first, total = signs[0], sum(one.amount for one in signs)
    names = ", ".join(one.title for one in sorted(signs, key=lambda one: one.title))
    what = _("unknown neighbours") if first.kind == "unknown" else first.note
    return Sign(
        f"b{min(one.key for one in signs)}",
        f"{total} × {what}",  # noqa: RUF001 - how many
        names,
        shape="bundle" if first.kind != "unknown" else "unknown",
        kind="group" if first.kind == "item" else first.kind,
        group=first.group,
        amount=total,
    )


def _merge(draft: Draft, signs: Iterable[Sign], into: Sign) -> None:
    """Put one sign in the place of several, with their links."""
    gone = {one.key for one in signs}
    for key in gone:
        draft.signs.pop(key, None)
    draft.signs[into.key] = into
    for pair in [pair for pair in draft.links if gone & set(pair)]:
        links = draft.links.pop(pair)
        ends = [into.key if end in gone else end for end in pair]
        for link in links:
            draft.join(ends[0], ends[1], link)


def _gather_rest(draft: Draft) -> None:
    """Keep the best connected signs and gather the rest by the one of them they are nearest to."""
    if len(draft.signs) <= MOST_SIGNS:
        return
    beside = _neighbours(draft)
    weights = Counter({key: len(beside[key]) for key in draft.signs})
    kept = set(sorted(weights, key=lambda key: (-weights[key], key))[: MOST_SIGNS // 2])
    nearest = _nearest(kept, beside)
    rest: dict[str, list[Sign]] = defaultdict(list)
    for key, sign in draft.signs.items():
        if key not in kept:
            rest[nearest.get(key, "")].append(sign)
    for key, signs in rest.items():
        where = draft.signs[key].title if key else _("elsewhere")
        total = sum(one.amount for one in signs)
        classes = Counter(one.note for one in signs)
        note = ", ".join(f"{count} {name}" for name, count in classes.most_common(2))
        title = _("%(n)d more behind %(where)s") % {"n": total, "where": where}
        _merge(draft, signs, Sign(f"r{key}", title, note, "bundle", "group", amount=total))


def _nearest(kept: Iterable[str], beside: Mapping[str, Iterable[str]]) -> dict[str, str]:
    found = {key: key for key in sorted(kept)}
    waiting = deque(found)
    while waiting:
        key = waiting.popleft()
        for other in sorted(beside.get(key, ())):
            if other not in found:
                found[other] = found[key]
                waiting.append(other)
    return found


def _uplinks(draft: Draft) -> set[str]:
    """Return the network devices elsewhere that a part of a site hangs on."""
    return {
        key for key, one in draft.signs.items() if one.kind == "outside" and one.shape == "network"
    }
