"""Devices nobody knows: without a maker or a model, together by what they call themselves (sysObjectID)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.models import User
from discovery.identification.devices import Device
from discovery.identification.drafting import drafted, short
from discovery.identification.sources import DESCRIPTION
from discovery.models import Observation, ScanTarget
from discovery.models.scans import unpacked
from discovery.queries.active_rules import active_rules
from discovery.queries.latest_devices import UNKNOWN, latest_devices
from discovery.rules.readings import Oid, Reading, as_text, oid

#: Addresses shown of a group, and texts of a device beside its form.
ADDRESSES, TEXTS = 5, 60
#: Tables whose texts are ports and neighbours, not the device.
_NOT_ITS_OWN = tuple(
    oid(one) for one in ("1.3.6.1.2.1.2", "1.3.6.1.2.1.31", "1.0.8802", "1.3.111", "1.3.6.1.2.1.17")
)


@dataclass(frozen=True)
class UnknownGroup:
    """Unknown devices with one sysObjectID; `sample` is the one that was read last."""

    object_id: str
    shown_as: str
    count: int
    without_vendor: int
    vendor: str
    description: str
    sample: Observation
    addresses: Sequence[Observation]


@dataclass(frozen=True)
class Draft:
    """A first rule for an unknown device, and the texts it told that a rule can be made of."""

    text: str
    sample: Observation
    texts: Sequence[tuple[str, str]]


def unknown_groups(user: User, text: str = "") -> QuerySet[Any, Any]:
    """Return the groups as (object_id, count, without_vendor, newest), the largest first."""
    rows = latest_devices(user).filter(UNKNOWN)
    if text:
        long = text.strip().replace("enterprises", "1.3.6.1.4.1", 1)
        rows = rows.filter(
            Q(target__object_id__startswith=long) | Q(address__startswith=text.strip())
        )
    return (
        rows.order_by()
        .values(object_id=F("target__object_id"))
        .annotate(
            count=Count("pk"),
            without_vendor=Count("pk", filter=Q(values__vendor="")),
            newest=Max("pk"),
        )
        .order_by("-count", "object_id")
    )


def shown_groups(user: User, rows: Sequence[Mapping[str, Any]]) -> list[UnknownGroup]:
    """Return groups as they are shown, in two queries for any number of them."""
    samples = {
        row.pk: row
        for row in Observation.objects.filter(
            pk__in=[row["newest"] for row in rows]
        ).select_related("target", "network")
    }
    addresses = _addresses(user, [row["object_id"] for row in rows])
    return [_group(row, samples[row["newest"]], addresses) for row in rows]


def draft_for(user: User, object_id: str) -> Draft | None:
    """Return a first rule for the unknown devices of a sysObjectID; None when the reader sees none."""
    rows = latest_devices(user).filter(UNKNOWN, target__object_id=object_id)
    sample = rows.select_related("target", "network").order_by("-pk").first()
    if sample is None or sample.target is None:
        return None
    reading = unpacked(bytes(sample.target.raw), sample.target.problems)
    return Draft(drafted(reading, active_rules()), sample, list(texts_of(reading)))


def texts_of(reading: Reading) -> list[tuple[str, str]]:
    """Return (variable, text) of what a device tells of itself, for who writes a rule."""
    found = [
        (short(name), as_text(value)[:160])
        for name, value in sorted(reading.varbinds.items())
        if isinstance(value, bytes) and not _is_elsewhere(name) and _is_text(value)
    ]
    return found[:TEXTS]


def _is_elsewhere(name: Oid) -> bool:
    return any(name[: len(root)] == root for root in _NOT_ITS_OWN)


def _is_text(value: bytes) -> bool:
    text = as_text(value)
    return len(text) > 1 and sum(sign.isascii() for sign in text) > 0.9 * len(text)


def _addresses(user: User, object_ids: Sequence[str]) -> Mapping[str, Sequence[Observation]]:
    rows = (
        latest_devices(user)
        .filter(UNKNOWN, target__object_id__in=object_ids)
        .annotate(
            place=Window(RowNumber(), partition_by="target__object_id", order_by=F("pk").desc())
        )
        .filter(place__lte=ADDRESSES)
        .order_by("place")
        .select_related("network", "target")
        .defer("target__raw", "sighting")
    )
    found: dict[str, list[Observation]] = defaultdict(list)
    for row in rows:
        if row.target is not None:
            found[row.target.object_id].append(row)
    return found


def _group(
    row: Mapping[str, Any], sample: Observation, addresses: Mapping[str, Sequence[Observation]]
) -> UnknownGroup:
    object_id = row["object_id"]
    target: ScanTarget | None = sample.target
    reading = unpacked(bytes(target.raw)) if target else Reading({})
    return UnknownGroup(
        object_id=object_id,
        shown_as=short(oid(object_id)) if object_id else "",
        count=row["count"],
        without_vendor=row["without_vendor"],
        vendor=sample.values.get("vendor", ""),
        description=Device(reading).evidence(DESCRIPTION).text,
        sample=sample,
        addresses=addresses.get(object_id, ()),
    )
