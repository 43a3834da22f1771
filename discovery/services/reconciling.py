"""Makes the CMDB follow what was seen: staged observations are matched, written, or put to a person.

Works through a network's staged observations in batches; what is one device stays in one batch. Each batch is one
transaction: a broken one leaves its observations staged.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from assets.choices import ProvenanceSource
from assets.models import ConfigurationItem
from assets.services.items import Edit, change_items
from common.actor import Actor
from common.rows import update_rows
from discovery.choices import ObservationVerdict
from discovery.models import Network, Observation
from discovery.queries.imported import Imported, imported_among
from discovery.queries.known_items import Known, Row, item_id_of, known_items
from discovery.rules.values import Plan, plan_of, plan_of_file
from discovery.services.cases import Asked, answered_before, ask
from discovery.services.closing import close_moot
from discovery.services.item_keys import remember
from discovery.services.making import (
    UNKNOWN_CLASS,
    Classes,
    classes_for,
    made_items,
    new_values,
    seen_values,
)
from discovery.services.products import Products
from discovery.services.staging import sighting_from
from discovery.topology.identity import merge_candidates
from discovery.topology.keys import Key, identifies, keys_of
from discovery.topology.matching import Match, Verdict, match
from discovery.topology.sightings import Sighting

BATCH = 1000
QUESTIONS = {
    Verdict.AMBIGUOUS: "ambiguous",
    Verdict.REPLACED: "replaced",
    Verdict.WEAK: "weak",
    Verdict.DELETED: "deleted",
    Verdict.RETIRED: "retired",
}

Progress = Callable[[int, int, str], None]


@dataclass
class _Batch:
    """Observations judged together, with what is known about them."""

    network: Network
    rows: Mapping[str, Observation]
    sightings: Mapping[str, Sighting]
    known: Known
    matches: Mapping[str, Match]
    products: Products
    classes: Classes
    imported: Imported
    keys: dict[int, set[Key]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def followers(self, leader: str) -> list[str]:
        """Return the observed devices that are the same one, itself first."""
        return sorted(key for key, one in self.matches.items() if one.leader == leader)


def reconcile(
    *,
    actor: Actor,
    network: Network,
    now: datetime,
    progress: Progress = lambda *_: None,
) -> Counter[str]:
    """Judge a network's staged observations; return how many came to which verdict."""
    staged = list(
        Observation.objects.filter(network=network, verdict=ObservationVerdict.STAGED).order_by(
            "pk"
        )
    )
    counts: Counter[str] = Counter()
    for part in _batches(staged):
        counts += _reconcile_batch(actor, network, part, now)
        progress(sum(counts.values()), len(staged), _("Comparing with the inventory"))
    close_moot(actor=actor, network=network, judged=staged, now=now)
    return counts


def foresee(*, actor: Actor, network: Network, rows: Sequence[Observation], now: datetime) -> None:
    """Give observations that are not stored the verdict that reconciling them would give; nothing is written.

    They need numbers of their own as primary keys.
    """
    for part in _batches(rows):
        batch = _prepared(actor, network, part, now, is_dry=True)
        for leader in _new(batch):
            for key in batch.followers(leader):
                batch.rows[key].verdict = ObservationVerdict.ADDED
        _edits(batch)
        _question(batch)
        for one in answered_before(batch.asked):
            one.row.verdict = ObservationVerdict.UNCHANGED


def _batches(staged: Sequence[Observation]) -> Iterator[list[Observation]]:
    """Cut the observations into batches; the sightings of one device stay together."""
    rows = {f"seen:{row.pk}": row for row in staged}
    groups = merge_candidates(
        sighting_from(row.sighting, key=key) for key, row in rows.items()
    ).groups
    part: list[Observation] = []
    for group in groups:
        part.extend(rows[key] for key in group.members)
        if len(part) >= BATCH:
            yield part
            part = []
    if part:
        yield part


@transaction.atomic
def _reconcile_batch(
    actor: Actor, network: Network, rows: Sequence[Observation], now: datetime
) -> Counter[str]:
    batch = _prepared(actor, network, rows, now)
    _create(actor, batch, now)
    _update(actor, batch, now)
    _question(batch)
    for one in ask(network=network, asked=batch.asked, now=now):
        one.row.verdict = ObservationVerdict.UNCHANGED
        one.row.reason = _("A person has decided this before.")
    remember(batch.keys, now=now)
    changed = list(batch.rows.values())
    fields = ["verdict", "reason", "changes", "item"]
    update_rows(changed, fields)
    return Counter(row.verdict for row in changed)


def _prepared(
    actor: Actor,
    network: Network,
    rows: Sequence[Observation],
    now: datetime,
    *,
    is_dry: bool = False,
) -> _Batch:
    by_key = {f"seen:{row.pk}": row for row in rows}
    sightings = {key: sighting_from(row.sighting, key=key) for key, row in by_key.items()}
    known = known_items(network, sightings.values())
    matches = match(
        list(sightings.values()),
        known.sightings,
        not_same=known.not_same,
        deleted=known.deleted,
        retired=known.retired,
    )
    classes = classes_for({row.values.get("item_class") or UNKNOWN_CLASS for row in rows})
    products = Products(actor=actor, now=now, is_dry=is_dry)
    products.prepare((row.values.get("vendor", ""), row.values.get("model", "")) for row in rows)
    imported = imported_among(rows, known.items)
    return _Batch(network, by_key, sightings, known, matches, products, classes, imported)


def _new(batch: _Batch) -> list[str]:
    """Return the new devices; one of a file that nothing identifies is none, and is told so."""
    leaders = []
    for one in batch.matches.values():
        if one.verdict is not Verdict.NEW or one.leader != one.key:
            continue
        row = batch.rows[one.key]
        if batch.imported.is_of_file(row) and not identifies(batch.sightings[one.key]):
            row.verdict = ObservationVerdict.UNIDENTIFIED
            row.reason = _(
                "An address alone identifies nothing, nor does a made-up hardware address."
            )
        else:
            leaders.append(one.key)
    return leaders


def _create(actor: Actor, batch: _Batch, now: datetime) -> None:
    """Create an item for every new device, once however many addresses it has."""
    leaders = _new(batch)
    values = [
        new_values(batch.network, batch.rows[key], batch.products, batch.classes) for key in leaders
    ]
    items = made_items(actor=actor, network=batch.network, rows=values, now=now)
    for leader, item in zip(leaders, items, strict=True):
        for key in batch.followers(leader):
            row = batch.rows[key]
            row.verdict, row.item = ObservationVerdict.ADDED, item
            row.reason = _("No item has any of its keys.")
            _keep_keys(batch, item.pk, key)


def _update(actor: Actor, batch: _Batch, now: datetime) -> None:
    """Let the items follow what was seen of them, each once."""
    change_items(
        actor=actor,
        edits=_edits(batch),
        now=now,
        source=ProvenanceSource.DISCOVERY,
        comment=_("Seen in %s") % batch.network,
    )


def _edits(batch: _Batch) -> list[Edit]:
    """Return what is to be written into the items that were recognised."""
    seen: dict[int, list[str]] = {}
    for key, one in batch.matches.items():
        if one.verdict is Verdict.KNOWN:
            seen.setdefault(item_id_of(one.items[0]), []).append(key)
    edits: list[Edit] = []
    for item_id, keys in seen.items():
        edits.extend(_follow(batch, batch.known.items[item_id], sorted(keys)))
    return edits


def _follow(batch: _Batch, item: Row, keys: Sequence[str]) -> Iterator[Edit]:
    """Yield the edit of one item, and judge all observations of it."""
    item_id = item["pk"]
    leader = batch.rows[keys[0]]
    seen = seen_values(leader, batch.products)
    if item["network_address"] in {batch.rows[key].address for key in keys}:
        # A device with several addresses keeps the one it is known by.
        seen["network_address"] = item["network_address"]
    product = seen["product"]
    stored = {name: item[name] for name in seen if name != "product"}
    held = {**stored, "product": item["product_id"]}
    told = {**seen, "product": product.pk if product else None}
    plan = _plan(batch, leader, item, held, told)
    for name, (was, value) in plan.questions.items():
        batch.asked.append(Asked("value", leader, (item_id,), field=name, stored=was, seen=value))
    for key in keys:
        row = batch.rows[key]
        row.item_id = item_id
        row.reason = _reason(batch.matches[key].keys)
        row.verdict = ObservationVerdict.UNCHANGED
        _keep_keys(batch, item_id, key)
    if plan.questions:
        leader.verdict = ObservationVerdict.CONFLICTING
        leader.reason = _("Set by a person, and seen otherwise: %s.") % ", ".join(plan.questions)
    if plan.changes:
        changes = {name: seen[name] for name in plan.changes}
        shown = {**stored, "product": item["product__model"]}
        leader.changes = {n: [_shown(shown[n]), _shown(value)] for n, value in changes.items()}
        if not plan.questions:
            leader.verdict = ObservationVerdict.UPDATED
        yield Edit(ConfigurationItem(pk=item_id), changes)


def _plan(
    batch: _Batch,
    row: Observation,
    item: Row,
    stored: Mapping[str, object],
    seen: Mapping[str, object],
) -> Plan:
    """Return what to write: a device that told itself is followed, a file only as far as it knows better."""
    provenance = item["provenance"]
    if not batch.imported.is_of_file(row):
        return plan_of(stored, seen, provenance)
    return plan_of_file(
        stored,
        seen,
        provenance,
        seen_at=row.seen_at,
        told_at=batch.imported.told_at.get(item["pk"]),
        is_scanned=item["pk"] in batch.imported.scanned,
        is_here=batch.imported.covers(batch.network, item["network_address"]),
    )


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _reason(keys: Sequence[Key]) -> str:
    words = ", ".join(f"{key.kind.value} {key.value}" for key in keys[:3])
    return (_("Recognised by %s.") % words)[:300] if words else ""


def _keep_keys(batch: _Batch, item_id: int, key: str) -> None:
    strong = {one for one in keys_of(batch.sightings[key]) if one.is_strong}
    batch.keys.setdefault(item_id, set()).update(strong)


def _question(batch: _Batch) -> None:
    """Put what is undecidable to a person, each device once."""
    for key, one in batch.matches.items():
        kind = QUESTIONS.get(one.verdict)
        if kind is None:
            continue
        row = batch.rows[key]
        row.verdict = ObservationVerdict.CONFLICTING
        row.reason = _why(one)[:300]
        if one.leader != key:
            continue
        ids = tuple(item_id_of(item) for item in one.items if item.startswith("item:"))
        batch.asked.append(
            Asked(kind, row, ids, keys=one.keys, clash=one.clash.value if one.clash else "")
        )


def _why(one: Match) -> str:
    words = {
        Verdict.AMBIGUOUS: _("Its keys lead to several items."),
        Verdict.REPLACED: _(
            "It stands where another device was: the serial number or hardware differs."
        ),
        Verdict.WEAK: _("Only its address or a bare serial number is known; that proves nothing."),
        Verdict.DELETED: _("Somebody deleted this item, and it answers."),
        Verdict.RETIRED: _("Somebody retired this item, and it answers."),
    }
    keys = ", ".join(f"{key.kind.value} {key.value}" for key in one.keys[:3])
    return f"{words[one.verdict]} {keys}".strip()
