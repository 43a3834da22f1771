"""Makes relations of the links that were seen: one `connects via` between two items, however many cables."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from assets.choices import ProvenanceSource, RelationClass
from assets.models import ConfigurationItem, Relation
from common.actor import Actor
from common.rows import update_rows
from discovery.models import LinkSighting, Network
from discovery.queries.latest import Latest, latest_looks
from discovery.queries.strangers import items_of_strangers
from discovery.services.membership import keep_membership
from discovery.services.strangers import CARRIERS, resolve_strangers
from discovery.topology.links import links_of
from discovery.topology.results import Confidence, End, Link, Topology, Unresolved
from evidence.services import create_many

#: How sure a relation is that only discovery has seen, in percent.
PERCENT = {Confidence.BOTH_ENDS: 100, Confidence.ONE_END: 80, Confidence.INFERRED: 50}


class Seen(NamedTuple):
    """A link between an item and an item, or something unknown, as it is stored."""

    a_item: int
    a_port: str
    b_item: int | None
    b_port: str
    b_unknown: str


@dataclass(frozen=True)
class Linked:
    """What came of it: relations made, links seen for the first time, links in all."""

    relations: int
    new: int
    seen: int


@transaction.atomic
def connect(*, actor: Actor, network: Network, now: datetime) -> Linked:
    """Store the links between the devices of a network as they were last seen, with their relations.

    A relation people have declared is never changed or doubled. A second run over the same devices writes nothing
    but when each link was last told of.
    """
    latest = latest_looks(network)
    topology = links_of(latest.observations)
    items = _items(topology, latest, network)
    keep_membership(network=network, latest=latest, topology=topology, now=now)
    links = dict(_links(topology, items))
    held = {
        Seen(row.a_item_id, row.a_port, row.b_item_id, row.b_port, row.b_unknown): row
        for row in LinkSighting.objects.filter(network=network)
    }
    gone = [row for seen, row in held.items() if row.b_unknown and seen not in links]
    pairs = [(seen.a_item, seen.b_item) for seen in links if seen.b_item is not None]
    resolve_strangers(actor=actor, gone=gone, links=pairs, now=now)
    rows = [
        _row(network, seen, link, held.get(seen), _seen_at(link, latest, now))
        for seen, link in links.items()
    ]
    made = _relate(actor, network, rows, now)
    held_rows = [row for row in rows if row.pk is not None]
    LinkSighting.objects.bulk_create([row for row in rows if row.pk is None], batch_size=500)
    update_rows(
        held_rows, ["relation", "method", "confidence", "is_disputed", "evidence", "last_seen_at"]
    )
    return Linked(made, len(links.keys() - held.keys()), len(links))


def _items(topology: Topology, latest: Latest, network: Network) -> Mapping[str, int]:
    """Return the item of each node: a device that was read, or a neighbour that an item is known by."""
    read = {
        topology.devices[key]: item for key, item in latest.items.items() if key in topology.devices
    }
    return {**items_of_strangers(network, topology.unresolved), **read}


def _links(topology: Topology, items: Mapping[str, int]) -> Iterator[tuple[Seen, Link]]:
    """Yield the links with at least one end that is an item, known ends first and in order."""
    strangers = {one.id: one for one in topology.unresolved}
    for link in topology.links:
        a, b = items.get(link.a.node), items.get(link.b.node)
        if a is not None and b is not None and a != b:
            ends = sorted([(a, link.a.port), (b, link.b.port)])
            yield Seen(*_cut(ends[0]), *_cut(ends[1]), ""), link
        elif a is not None and b is None:
            yield _to_stranger(a, link.a, link.b, strangers), link
        elif b is not None and a is None:
            yield _to_stranger(b, link.b, link.a, strangers), link


def _cut(end: tuple[int, str]) -> tuple[int, str]:
    return end[0], end[1][:100]


def _to_stranger(item: int, end: End, other: End, strangers: Mapping[str, Unresolved]) -> Seen:
    stranger = strangers.get(other.node)
    words = _stranger_words(stranger) if stranger else other.node
    return Seen(item, end.port[:100], None, other.port[:100], words[:200])


def _stranger_words(stranger: Unresolved) -> str:
    """Return what is known of a neighbour nobody has read.

    >>> _stranger_words(Unresolved("x", name="sw9", macs=("00:90:e8:00:00:09",)))
    'sw9 (00:90:e8:00:00:09)'
    """
    parts = [stranger.name, stranger.chassis, *stranger.addresses[:1], *stranger.macs[:1]]
    known = [part for part in parts if part] or [stranger.id]
    return known[0] if len(known) == 1 else f"{known[0]} ({known[-1]})"


def _seen_at(link: Link, latest: Latest, now: datetime) -> datetime:
    """Return when a device last told of a link: a scan that did not look at it has not seen it."""
    told = (latest.seen_at.get(one.observer) for one in link.evidence)
    return max((at for at in told if at is not None), default=now)


def _row(
    network: Network, seen: Seen, link: Link, held: LinkSighting | None, at: datetime
) -> LinkSighting:
    row = held or LinkSighting(
        network=network,
        a_item_id=seen.a_item,
        a_port=seen.a_port,
        b_item_id=seen.b_item,
        b_port=seen.b_port,
        b_unknown=seen.b_unknown,
        first_seen_at=at,
    )
    row.method, row.confidence = link.method.value, int(link.confidence)
    row.is_disputed, row.last_seen_at = link.is_disputed, at
    row.evidence = [[one.method.value, one.detail] for one in link.evidence[:20]]
    return row


def _relate(actor: Actor, network: Network, rows: Sequence[LinkSighting], now: datetime) -> int:
    """Find or make the relation of each link; return how many were made."""
    known = _known_relations(rows)
    classes = _classes(rows)
    weight = Counter(end for row in rows for end in (row.a_item_id, row.b_item_id) if end)
    new: dict[tuple[int | None, int | None, str], Relation] = {}
    for row in rows:
        key = _relation_key(row)
        held = known.get(key) or new.get(key)
        if held is None:
            held = new[key] = _relation(row, classes, weight, now)
        held.confidence = max(held.confidence, PERCENT[Confidence(row.confidence)])
        row.relation = held
    create_many(
        actor=actor,
        instances=list(new.values()),
        now=now,
        comment=_("Seen on the wire in %s") % network,
    )
    return len(new)


def _relation_key(row: LinkSighting) -> tuple[int | None, int | None, str]:
    """Return what one relation stands for: two items, or an item and a stranger; ports do not matter."""
    return row.a_item_id, row.b_item_id, row.b_unknown


def _known_relations(
    rows: Iterable[LinkSighting],
) -> dict[tuple[int | None, int | None, str], Relation]:
    """Return the relations there are between these ends, in whichever direction they were declared."""
    ids = {end for row in rows for end in (row.a_item_id, row.b_item_id) if end}
    found: dict[tuple[int | None, int | None, str], Relation] = {}
    relations = Relation.objects.filter(
        relation_class=RelationClass.CONNECTS_VIA, source__in=ids
    ).order_by("-pk")
    for one in relations:
        if one.target_id is None:
            found[one.source_id, None, one.unresolved_target] = one
        else:
            first, second = sorted((one.source_id or 0, one.target_id))
            found[first, second, ""] = one
    return found


def _classes(rows: Iterable[LinkSighting]) -> dict[int, str]:
    ids = {end for row in rows for end in (row.a_item_id, row.b_item_id) if end}
    items = ConfigurationItem.objects.filter(pk__in=ids).order_by()
    return dict(items.values_list("pk", "item_class__slug"))


def _relation(
    row: LinkSighting, classes: Mapping[int, str], weight: Mapping[int, int], now: datetime
) -> Relation:
    """Return the relation of a link: what carries others' traffic is what the other end connects via.

    Between two carriers the one with fewer links hangs on the one with more.
    """
    values: dict[str, Any] = {
        "relation_class": RelationClass.CONNECTS_VIA,
        "provenance_source": ProvenanceSource.DISCOVERY,
        "confidence": 0,
        "verified_at": now,
    }
    if row.b_item_id is None:
        return Relation(source_id=row.a_item_id, unresolved_target=row.b_unknown, **values)

    def rank(item: int) -> tuple[bool, int, int]:
        return classes.get(item, "") in CARRIERS, weight[item], -item

    source, target = sorted((row.a_item_id, row.b_item_id), key=rank)
    return Relation(source_id=source, target_id=target, **values)
