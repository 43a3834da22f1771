"""Closes open questions that no longer arise: the device was seen again, and this was not in doubt any more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from assets.models import ConfigurationItem
from common.actor import Actor
from discovery.choices import CaseKind, CaseState, ObservationVerdict
from discovery.models import Case, Network, Observation
from discovery.services.staging import sighting_from
from discovery.topology.keys import Key, keys_of
from evidence.services import lock_ledger, update_many

#: Which of an observation's values speaks of which field of an item.
TOLD = {
    "serial_number": "serial",
    "firmware_version": "version",
    "hostname": "name",
    "mac_address": "mac",
}
ITEM_FIELDS = ("serial_number", "firmware_version", "hostname", "network_address", "mac_address")


@dataclass
class _Judged:
    """The devices of one run, by what recognises them and by the item they are."""

    by_key: dict[Key, Observation] = field(default_factory=dict)
    by_item: dict[int, list[Observation]] = field(default_factory=dict)

    def take(self, row: Observation) -> None:
        """Keep one device that was judged."""
        for key in _own_keys(row):
            self.by_key.setdefault(key, row)
        if row.item_id is not None:
            self.by_item.setdefault(row.item_id, []).append(row)


def close_moot(
    *, actor: Actor, network: Network, judged: Sequence[Observation], now: datetime
) -> int:
    """Close the questions about devices that were judged and raised them no more; return how many.

    A device that was not seen, or told nothing of the field in question, settles nothing. One query where nothing is
    left open from earlier runs.
    """
    ids = {row.pk for row in judged}
    cases = Case.objects.filter(network=network, state=CaseState.OPEN).order_by()
    asked = cases.values_list("pk", "observation_id")
    left = [pk for pk, observation_id in asked if observation_id not in ids]
    if not left:
        return 0
    devices = _Judged()
    for row in judged:
        if row.verdict != ObservationVerdict.FAILED:
            devices.take(row)
    return _close(actor, left, devices, now)


@transaction.atomic
def _close(actor: Actor, ids: Sequence[int], devices: _Judged, now: datetime) -> int:
    lock_ledger()
    rows = Case.objects.select_for_update(of=("self",)).select_related("observation")
    cases = list(rows.filter(pk__in=ids, state=CaseState.OPEN).order_by("pk"))
    items = _items_of(cases)
    reasons = {one.pk: _reason(one, devices, items) for one in cases}
    pairs = [
        (one, {"state": CaseState.CLOSED, "note": reasons[one.pk], "decided_at": now})
        for one in cases
        if reasons[one.pk]
    ]
    words = _("The question no longer arises")
    return update_many(actor=actor, pairs=pairs, now=now, comment=words)


def _own_keys(row: Observation) -> tuple[Key, ...]:
    """Return what recognises a device: its strong keys, else the first weak one."""
    keys = keys_of(sighting_from(row.sighting, key="seen"))
    return tuple(key for key in keys if key.is_strong) or keys[:1]


def _items_of(cases: Sequence[Case]) -> Mapping[int, ConfigurationItem | None]:
    """Return the item of each question about a value; None when it was deleted."""
    asked = [one.pk for one in cases if one.kind == CaseKind.VALUE]
    through = Case.candidates.through.objects.filter(case__in=asked).order_by()
    pairs = dict(through.values_list("case_id", "configurationitem_id"))
    rows = ConfigurationItem.objects.filter(pk__in=pairs.values()).only("name", *ITEM_FIELDS)
    items = {row.pk: row for row in rows}
    return {pk: items.get(pairs.get(pk, 0)) for pk in asked}


def _reason(case: Case, devices: _Judged, items: Mapping[int, ConfigurationItem | None]) -> str:
    """Return why a question no longer arises, "" when it still may."""
    if case.kind == CaseKind.VALUE:
        return _of_value(case, items[case.pk], devices)
    found = [devices.by_key[key] for key in _own_keys(case.observation) if key in devices.by_key]
    if not found:
        return ""
    row = found[0]
    if row.verdict == ObservationVerdict.ADDED:
        return _("The device is an item of its own by now.")
    if row.item_id is not None:
        return _("The device is recognised by now.")
    if row.verdict == ObservationVerdict.CONFLICTING:
        return _("It is asked anew: what is known has changed.")
    return _("Another question about the device was answered.")


def _of_value(case: Case, item: ConfigurationItem | None, devices: _Judged) -> str:
    if item is None:
        return _("The item was deleted.")
    rows = devices.by_item.get(item.pk)
    if not rows:
        return ""
    held = str(getattr(item, case.field, "") or "")
    if held.casefold() == case.seen_value.casefold():
        return _("The item has the value that was seen by now.")
    told = {_told(row, case.field) for row in rows} - {""}
    if held.casefold() in told:
        return _("The device tells the stored value again.")
    if held.casefold() != case.stored_value.casefold():
        return _("It is asked anew: what is known has changed.")
    if told and case.seen_value.casefold() not in told:
        return _("It is asked anew: what is known has changed.")
    return ""


def _told(row: Observation, name: str) -> str:
    """Return what a device told of a field of items, for comparing."""
    value = row.address if name == "network_address" else row.values.get(TOLD.get(name, ""), "")
    return str(value or "").casefold()
