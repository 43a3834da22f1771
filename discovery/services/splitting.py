"""A device that was taken for an item it is not becomes an item of its own."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assets.choices import ProvenanceSource
from assets.models import ConfigurationItem
from assets.services.items import Edit, change_items
from common.actor import Actor
from common.errors import ConflictError
from discovery.choices import ObservationVerdict
from discovery.models import ItemKey, NotSame, Observation
from discovery.rules.values import DISCOVERY, FOLLOWING
from discovery.services.item_keys import remember
from discovery.services.making import made_item
from discovery.services.owners import note_gaps
from discovery.services.presences import look_back
from discovery.services.products import Products
from discovery.services.staging import sighting_from
from discovery.topology.keys import Key, keys_of
from evidence.services import create_object, lock_ledger, record


@transaction.atomic
def split_observation(
    *, actor: Actor, observation: Observation, now: datetime, note: str = ""
) -> ConfigurationItem:
    """Record the seen device as a new item; the item it was taken for gives back keys and values it had from it.

    The caller has checked the rights over the network's place and the item.
    """
    lock_ledger()
    rows = Observation.objects.select_for_update(of=("self",)).select_related(
        "network__location", "network__zone"
    )
    row = rows.get(pk=observation.pk)
    if row.item_id is None:
        raise ConflictError(_("It is not linked to any item, so there is nothing to part."))
    item = ConfigurationItem.objects.get(pk=row.item_id)
    keys = keys_of(sighting_from(row.sighting, key="seen"))
    _refuse(actor, item, keys, now)
    _give_back(actor, item, row, now)
    strong = {key for key in keys if key.is_strong}
    for key in strong:
        ItemKey.objects.filter(item=item, kind=key.kind.value, value=key.value).delete()
    made = made_item(
        actor=actor, network=row.network, row=row, products=_products(actor, row, now), now=now
    )
    remember({made.pk: strong}, now=now)
    row.item, row.verdict = made, ObservationVerdict.ADDED
    row.reason = _("A person decided that it is not the item it was taken for.")
    row.save(update_fields=["item", "verdict", "reason"])
    look_back(item_ids=[item.pk, made.pk])
    note_gaps(network=row.network, scan=row.scan, item_ids=[made.pk], now=now)
    words = _("Not the device seen at %s") % row.address
    record(
        actor=actor,
        action="split",
        instance=item,
        now=now,
        after={"new_item": made.code},
        comment=f"{words}. {note}".strip(),
    )
    return made


def _refuse(actor: Actor, item: ConfigurationItem, keys: tuple[Key, ...], now: datetime) -> None:
    if not keys:
        return
    kind, value = keys[0].kind.value, keys[0].value
    if not NotSame.objects.filter(item=item, kind=kind, value=value).exists():
        refusal = NotSame(item=item, kind=kind, value=value)
        create_object(actor=actor, instance=refusal, now=now)


def _give_back(actor: Actor, item: ConfigurationItem, row: Observation, now: datetime) -> None:
    """Let discovered values that the item has from this device be again what they were before."""
    values = _before(item, row)
    change_items(
        actor=actor,
        edits=[Edit(item, values)],
        now=now,
        source=ProvenanceSource.DISCOVERY,
        comment=_("Seen on another device"),
    )


def _before(item: ConfigurationItem, row: Observation) -> dict[str, Any]:
    """Follow each discovered value back through what the device has changed, the newest first."""
    held = {
        name: str(getattr(item, name) or "")
        for name in FOLLOWING
        if item.provenance.get(name, {}).get("source") == DISCOVERY
    }
    found: dict[str, Any] = {}
    seen = Observation.objects.filter(item=item, network=row.network_id, address=row.address)
    for one in seen.order_by("-pk"):
        for name, (before, after) in one.changes.items():
            if name in held and held[name] == after:
                held[name] = before
                found[name] = before or (None if name == "network_address" else "")
    return found


def _products(actor: Actor, row: Observation, now: datetime) -> Products:
    products = Products(actor=actor, now=now)
    products.prepare([(row.values.get("vendor", ""), row.values.get("model", ""))])
    return products
