"""The links of a site as people declared them and as discovery saw them, each with its evidence."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.models import User
from assets.access import visible_item_ids
from assets.choices import ProvenanceSource, RelationClass
from assets.models import Location, Relation
from discovery.models import LinkSighting
from discovery.rules.link_standing import SeenLink, Sight, Standing, sight_of, standing

#: Two items in order, or an item and the words an unknown neighbour goes by.
Pair = tuple[int | None, int | None, str]
COLUMNS = (
    "pk",
    "source_id",
    "target_id",
    "unresolved_source",
    "unresolved_target",
    "relation_class",
    "protocol",
    "provenance_source",
    "confidence",
    "created_at",
)


@dataclass(frozen=True, slots=True)
class LinkStanding:
    """One relation and how it stands. `source` and `target` are item ids, None with the words of an unknown end.

    `evidence` are pairs of (method, what the table says); `confidence` is a percentage: discovery's where it saw the
    link, else the relation's own. `relation` is None only for what was seen and whose relation somebody deleted since.
    """

    source: int | None
    target: int | None
    relation_class: str
    standing: Standing
    evidence: tuple[tuple[str, str], ...] = ()
    last_seen_at: datetime | None = None
    confidence: int = 100
    relation: int | None = None
    unresolved: str = ""
    protocol: str = ""
    provenance: str = ""
    is_disputed: bool = False
    since: datetime | None = None

    @property
    def ends(self) -> tuple[int, ...]:
        """Return the ids of the ends that are items."""
        return tuple(end for end in (self.source, self.target) if end is not None)


@dataclass(frozen=True, slots=True)
class LinksAt:
    """The links of a site a user may see, and how many have an end they may not."""

    links: Sequence[LinkStanding]
    hidden: int


def standing_of_links(user: User, site: Location | str = "") -> list[LinkStanding]:
    """Return the visible links of a site (a location or its path; "" for everywhere)."""
    return list(links_at(user, site).links)


def links_at(user: User, site: Location | str = "") -> LinksAt:
    """Return the links with an end at a site: relations of all classes, and what was seen without one.

    A link with an end the user may not see is left out, and counted where they see its other end. Three queries and
    the reading of the user's grants, however many links.
    """
    path = site.path if isinstance(site, Location) else site
    every = all_links_at(path)
    visible = visible_item_ids(user, {end for link in every for end in link.ends})
    return seen_by(every, visible)


def seen_by(links: Iterable[LinkStanding], visible: Iterable[int]) -> LinksAt:
    """Return the links all of whose known ends are among the visible items, and how many have only one there."""
    ids = set(visible)
    shown: list[LinkStanding] = []
    hidden = 0
    for link in links:
        known = [end in ids for end in link.ends]
        if all(known):
            shown.append(link)
        elif any(known):
            hidden += 1
    return LinksAt(shown, hidden)


def all_links_at(path: str) -> list[LinkStanding]:
    """Return every link with an end at a location path, for whoever asks: narrow it before it is shown."""
    seen = _sights(path)
    found: list[LinkStanding] = []
    known: set[Pair] = set()
    for row in Relation.objects.filter(at_path(path)).order_by("pk").values(*COLUMNS):
        is_wire = row["relation_class"] == RelationClass.CONNECTS_VIA
        pair = _pair(row)
        found.append(_link(row, seen.get(pair) if is_wire else None))
        if is_wire:
            known.add(pair)
    return [*found, *(_loose(pair, sight) for pair, sight in seen.items() if pair not in known)]


def at_path(path: str) -> Q:
    """Return the condition on relations with an end at a location path ("" for all)."""
    if not path:
        return Q()
    return Q(source__location__path__startswith=path) | Q(target__location__path__startswith=path)


def _pair(row: Mapping[str, Any]) -> Pair:
    if row["target_id"] is None:
        return row["source_id"], None, row["unresolved_target"]
    if row["source_id"] is None:
        return row["target_id"], None, row["unresolved_source"]
    return (*sorted((row["source_id"], row["target_id"])), "")


def _sights(path: str) -> dict[Pair, Sight]:
    """Return what was seen between each two items; a link between networks of two sites is of both."""
    here = Q()
    if path:
        here = Q(a_item__location__path__startswith=path) | Q(
            b_item__location__path__startswith=path
        )
    grouped: dict[Pair, list[SeenLink]] = defaultdict(list)
    for row in LinkSighting.objects.filter(here).order_by("pk"):
        ends = (row.a_item_id, row.b_item_id)
        a, b = ends if row.b_item_id is None else sorted(ends, key=lambda end: end or 0)
        grouped[a, b, row.b_unknown].append(_seen(row))
    sights = {pair: sight_of(links) for pair, links in grouped.items()}
    return {pair: sight for pair, sight in sights.items() if sight is not None}


def _seen(row: LinkSighting) -> SeenLink:
    return SeenLink(
        method=row.method,
        confidence=row.confidence,
        evidence=tuple((str(method), str(detail)) for method, detail in row.evidence),
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        ports=(row.a_port, row.b_port),
        is_disputed=row.is_disputed,
    )


def _link(row: Mapping[str, Any], sight: Sight | None) -> LinkStanding:
    is_declared = row["provenance_source"] != ProvenanceSource.DISCOVERY
    return LinkStanding(
        source=row["source_id"],
        target=row["target_id"],
        relation_class=row["relation_class"],
        # What discovery has made and lost sight of is still its word, not anybody's declaration.
        standing=standing(is_declared=is_declared, is_seen=sight is not None),
        evidence=sight.evidence if sight else (),
        last_seen_at=sight.last_seen_at if sight else None,
        confidence=sight.confidence if sight else row["confidence"],
        relation=row["pk"],
        unresolved=row["unresolved_source"] or row["unresolved_target"],
        protocol=row["protocol"],
        provenance=row["provenance_source"],
        is_disputed=sight.is_disputed if sight else False,
        since=sight.first_seen_at if sight and not is_declared else row["created_at"],
    )


def _loose(pair: Pair, sight: Sight) -> LinkStanding:
    """Return a link whose relation somebody deleted: it is still seen."""
    return LinkStanding(
        source=pair[0],
        target=pair[1],
        relation_class=RelationClass.CONNECTS_VIA,
        standing=Standing.SEEN,
        evidence=sight.evidence,
        last_seen_at=sight.last_seen_at,
        confidence=sight.confidence,
        unresolved=pair[2],
        provenance=ProvenanceSource.DISCOVERY,
        is_disputed=sight.is_disputed,
        since=sight.first_seen_at,
    )
