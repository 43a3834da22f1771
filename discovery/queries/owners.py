"""Who answers for items that discovery found: the accountable party of the first activity, in the same few queries."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from assets.choices import ItemStatus
from assets.models import ConfigurationItem
from discovery.choices import OwnerGapKind
from raci.models import Activity
from raci.queries import PartyRef, Resolution, resolve_many


@dataclass(frozen=True, slots=True)
class ItemOwner:
    """Who is accountable for an item; without a party `gap` says why (a value of OwnerGapKind)."""

    party: PartyRef | None
    gap: str = ""

    @property
    def words(self) -> str:
        """Return the party's name, or what is missing."""
        return self.party.name if self.party else str(OwnerGapKind(self.gap).label)


def ownership_activity() -> str:
    """Return the activity owners are asked for: the root that was entered first, as on the map; "" without any."""
    roots = Activity.objects.filter(parent__isnull=True).order_by("pk")
    return roots.values_list("code", flat=True).first() or ""


def owners_of(ids: Collection[int], *, at: datetime) -> Mapping[int, ItemOwner]:
    """Return who is accountable for each item in service; nothing while no activity is defined."""
    activity = ownership_activity()
    if not ids or not activity:
        return {}
    items = ConfigurationItem.objects.filter(pk__in=ids).exclude(status=ItemStatus.RETIRED)
    found = resolve_many(items, activity_code=activity, at=at)
    return {pk: _owner(one) for pk, one in found.items()}


def _owner(one: Resolution) -> ItemOwner:
    if one.accountable is not None:
        return ItemOwner(one.accountable.owner)
    return ItemOwner(None, OwnerGapKind.TIE if one.is_tied else OwnerGapKind.UNOWNED)


def gap_sentence(owner: ItemOwner) -> str:
    """Return what is wrong and what helps."""
    if owner.gap == OwnerGapKind.TIE:
        return _(
            "Several parties are accountable with equal right. Let one of the rules be more specific."
        )
    return _("No rule of the operating model makes anybody accountable for it.")
