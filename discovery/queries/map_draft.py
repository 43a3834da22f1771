"""A map while it is drawn up: signs that stand for items, and the links between them gathered into lines."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assets.choices import RelationClass
from discovery.queries.link_standing import LinkStanding
from discovery.queries.map_material import Material, Thing
from discovery.rules.map_chart import Sign, Tie, Told, told_of

METHODS_SHOWN, CLASSES_SHOWN = 3, 2


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the map as the table beside it says it."""

    tie: Tie
    source: str
    target: str
    told: str
    relations: str
    evidence: str
    last_seen_at: datetime | None


def told_words() -> dict[Told, str]:
    """Return who says that a link is there, in words."""
    return {
        Told.DECLARED: _("Declared, never seen"),
        Told.SEEN: _("Seen, not declared"),
        Told.BOTH: _("Declared and seen"),
        Told.MIXED: _("Several links that differ"),
    }


@dataclass
class Draft:
    """Signs by key and links by the two signs they join; `is_directed` keeps which end is the source."""

    material: Material
    view: str
    is_directed: bool = False
    shows_addresses: bool = False
    signs: dict[str, Sign] = field(default_factory=dict)
    links: dict[tuple[str, str], list[LinkStanding]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def join(self, source: str, target: str, link: LinkStanding) -> None:
        """Add a link to the line between two signs; inside one sign there is no line."""
        if source == target:
            return
        pair = (source, target)
        if not self.is_directed and target < source:
            pair = (target, source)
        self.links[pair].append(link)

    def item(self, thing: Thing) -> str:
        """Put an item on the map by itself; return its sign's key."""
        key = f"i{thing.id}"
        if key not in self.signs:
            is_inside = thing.id in self.material.inside
            beside = thing.address if self.shows_addresses else ""
            beside = beside if is_inside else thing.place
            note = f"{thing.class_name} · {beside}" if beside else thing.class_name
            self.signs[key] = Sign(
                key,
                thing.name,
                note,
                shape=thing.shape,
                kind="item" if is_inside else "outside",
                group=thing.place if is_inside else "",
                url=reverse("assets:item-detail", args=[thing.id]),
                ring=thing.ring,
            )
        return key

    def unknown(self, words: str) -> str:
        """Put a neighbour nobody has read on the map; return its sign's key."""
        key = f"u{words}"
        name, _bracket, address = words.rstrip(")").partition(" (")
        note = "\n".join(part for part in (address, _("Not read by anybody")) if part)
        self.signs.setdefault(key, Sign(key, name, note, shape="unknown", kind="unknown"))
        return key

    def place(
        self, path: str, things: Sequence[Thing], *, group: str = "", is_whole: bool = True
    ) -> str:
        """Put items of a place on the map as one sign that opens the place's own map; not `is_whole`: only those
        that stand directly at it.
        """
        key = f"g{path}"
        if key not in self.signs:
            pk, name = self.material.places[path]
            address = reverse("discovery:map")
            is_here = path == self.material.place.path
            self.signs[key] = Sign(
                key,
                name if is_whole and not is_here else _("Directly at %s") % name,
                counted(things),
                shape="bundle",
                kind="group",
                group=group,
                url="" if is_here else f"{address}?place={pk}&view={self.view}",
                amount=len(things),
            )
        return key

    def shorten(self, path: str, levels: int) -> str:
        """Return the place so many levels below the map's that a path leads through, or the place itself."""
        here = self.material.place.path
        steps = path[len(here) :].strip("/").split("/")[:levels]
        return here + "".join(f"{step}/" for step in steps if step)

    def arranged(self, layers: Mapping[str, int]) -> tuple[Sign, ...]:
        """Return the signs with their layers."""
        found = (replace(one, layer=layers.get(key, 0)) for key, one in self.signs.items())
        return tuple(sorted(found, key=lambda one: (one.layer, one.group, one.title, one.key)))

    def rows(self, warned: Callable[[str, str], str] | None = None) -> list[Row]:
        """Return the lines with what the table says of them; `warned` names what is wrong with one."""
        found = []
        for (source, target), links in self.links.items():
            if source not in self.signs or target not in self.signs:
                continue
            back = self.links.get((target, source), [])
            if back and target < source:
                continue
            warning = warned(source, target) if warned else ""
            row = self._row(source, target, [*links, *back], warning)
            found.append(replace(row, tie=replace(row.tie, is_mutual=True)) if back else row)
        return found

    def _row(self, source: str, target: str, links: Sequence[LinkStanding], warning: str) -> Row:
        told = told_of(link.standing for link in links)
        protocols = list(dict.fromkeys(link.protocol for link in links if link.protocol))
        label = ", ".join(protocols[:CLASSES_SHOWN])
        if len(protocols) > CLASSES_SHOWN:
            label = f"{label} +{len(protocols) - CLASSES_SHOWN}"
        if len(links) > 1 and self.is_directed:
            label = f"{label} ×{len(links)}".strip()  # noqa: RUF001 - how many
        names = (self.signs[source].title, self.signs[target].title)
        seen = [link.last_seen_at for link in links if link.last_seen_at]
        relations, evidence = classes_in_words(links), told_in_words(links)
        words = f"{names[0]} – {names[1]}: {relations}; {evidence}"  # noqa: RUF001 - between two
        tie = Tie(
            source,
            target,
            told,
            amount=len(links),
            label=label,
            words=f"{words}; {warning}" if warning else words,
            warning=warning,
            is_directed=self.is_directed,
        )
        return Row(tie, *names, told_words()[told], relations, evidence, max(seen, default=None))


def counted(things: Iterable[Thing], *, most: int = CLASSES_SHOWN) -> str:
    """Return how many items there are, and of what they are most."""
    classes = Counter(one.class_name for one in things)
    total = sum(classes.values())
    words = ngettext("%(n)d item", "%(n)d items", total) % {"n": total}
    listed = [f"{count} {name}" for name, count in classes.most_common(most)]
    return f"{words}: {', '.join(listed)}" if listed else words


def classes_in_words(links: Iterable[LinkStanding]) -> str:
    """Return what the links are, with their protocols."""
    labels = dict(RelationClass.choices)
    found = Counter((link.relation_class, link.protocol) for link in links)
    parts = []
    for (name, protocol), count in sorted(found.items()):
        words = f"{labels[name]} ({protocol})" if protocol else str(labels[name])
        parts.append(f"{count} × {words}" if count > 1 else words)  # noqa: RUF001 - how many
    more = len(parts) - METHODS_SHOWN
    return ", ".join(parts[:METHODS_SHOWN]) + (f" +{more}" if more > 0 else "")


def told_in_words(links: Sequence[LinkStanding]) -> str:
    """Return who says so, counted where several links differ, and what it was seen by."""
    words = told_words()
    counts = Counter(Told(link.standing) for link in links)
    told = ", ".join(
        f"{counts[one]} {words[one].lower()}" if len(counts) > 1 else words[one]
        for one in words
        if counts[one]
    )
    methods = sorted({method.upper() for link in links for method, _detail in link.evidence})
    return f"{told} ({', '.join(methods)})" if methods else told
