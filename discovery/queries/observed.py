"""Observed devices as one reader may see them: items hidden from the reader are not named, nor their values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from assets.access import visible_item_ids
from common.errors import NotAllowedError
from discovery.access import require_split
from discovery.models import Observation, ScanTarget
from discovery.queries.case_words import KEYS
from discovery.topology.keys import KeyKind

ATTRIBUTES = {
    "vendor": gettext_lazy("Maker"),
    "model": gettext_lazy("Model"),
    "os": gettext_lazy("System"),
    "version": gettext_lazy("Version"),
    "serial": gettext_lazy("Serial number"),
    "role": gettext_lazy("Role"),
    "item_class": gettext_lazy("Class"),
}
PLAIN = (
    ("serials", KeyKind.SERIAL),
    ("base_mac", KeyKind.BASE_MAC),
    ("macs", KeyKind.MAC),
    ("engine_id", KeyKind.ENGINE),
    ("chassis", KeyKind.CHASSIS),
)


@dataclass(frozen=True)
class ObservationView:
    """A device as seen, the item it is as far as the reader may know, and what was changed because of it."""

    row: Observation
    is_item_shown: bool
    changes: Mapping[str, Sequence[str]]
    identity: Sequence[tuple[str, Mapping[str, str]]]
    keys: Sequence[tuple[str, Sequence[str]]]
    address_url: str


def observation_view(user: User, row: Observation) -> ObservationView:
    """Return an observation with its origin."""
    shown = row.item_id is None or row.item_id in visible_item_ids(user, {row.item_id})
    kept = ScanTarget.objects.filter(pk=row.target_id or 0).values_list("identity", flat=True)
    identity: Mapping[str, Mapping[str, str]] = kept.first() or {}
    keys = [(str(KEYS[kind]), _listed(row.sighting.get(name))) for name, kind in PLAIN]
    return ObservationView(
        row=row,
        is_item_shown=shown,
        changes=row.changes if shown else {},
        identity=[(str(ATTRIBUTES.get(name, name)), one) for name, one in sorted(identity.items())],
        keys=[(words, values) for words, values in keys if values],
        address_url=reverse("discovery:scan-address", args=[row.scan_id, row.target_id])
        if row.target_id
        else "",
    )


def _listed(value: Any) -> Sequence[str]:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return [value] if value else []
    return sorted(value or ())


def may_split(user: User, row: Observation) -> bool:
    """Tell whether a reader can say that a device is not its item."""
    if row.item_id is None:
        return False
    try:
        require_split(user, row)
    except NotAllowedError:
        return False
    return True


def shown_items(user: User, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of observations with the item as (id, name), and changes only of items the reader sees."""
    listed = list(rows)
    ids = {row["item_id"] for row in listed if row["item_id"] is not None}
    shown = visible_item_ids(user, ids)
    found = []
    for row in listed:
        item = row["item_id"]
        named: tuple[int | None, str] | None = None
        if item is not None:
            named = (item, row["item__name"]) if item in shown else (None, _("hidden"))
        is_open = item is None or item in shown
        found.append({**row, "found": named, "shown": row["changes"] if is_open else {}})
    return found
