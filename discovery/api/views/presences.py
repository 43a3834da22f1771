"""When items were seen last and missed since, and new ones nobody answers for, over the API."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from assets.references import item_ref
from common.api.fields import Derived
from common.api.resources import Resource
from discovery.access import owner_gaps_visible_to, presences_visible_to
from discovery.api.fields import network_ref
from discovery.choices import OwnerGapKind
from discovery.filters import OwnerGapFilterSet, PresenceFilterSet
from discovery.models import OwnerGap, Presence


def _scan(pk: int | None) -> dict[str, Any] | None:
    return {"id": pk, "url": f"/api/discovery/scans/{pk}/"} if pk else None


class PresenceSerializer(serializers.Serializer[Any]):
    """Where an item was seen last: at an address by a scan, or by a neighbour (`observer`) that told of it.

    `stale_since` is set when it was missed longer and oftener than its network allows; nothing follows by itself.
    """

    id = serializers.IntegerField(read_only=True)
    url = Derived(("pk",), str)
    item = item_ref(read_only=True)
    network = network_ref(read_only=True)
    address = serializers.CharField(read_only=True)
    observer = item_ref(read_only=True)
    seen_at = serializers.DateTimeField(read_only=True)
    seen_scan = Derived(("seen_scan_id",), _scan)
    missed_looks = serializers.IntegerField(read_only=True)
    first_missed_at = serializers.DateTimeField(read_only=True)
    last_missed_at = serializers.DateTimeField(read_only=True)
    missed_scan = Derived(("missed_scan_id",), _scan)
    stale_since = serializers.DateTimeField(read_only=True)


class OwnerGapSerializer(serializers.Serializer[Any]):
    """A new item that nobody, or several with equal right, answered for when it was last looked at."""

    id = serializers.IntegerField(read_only=True)
    url = Derived(("pk",), str)
    item = item_ref(read_only=True)
    network = network_ref(read_only=True)
    scan = Derived(("scan_id",), _scan)
    kind = serializers.ChoiceField(choices=OwnerGapKind.choices, read_only=True)
    found_at = serializers.DateTimeField(read_only=True)
    closed_at = serializers.DateTimeField(read_only=True)


class PresenceResource(Resource):
    """When items were seen last; `?is_stale=true` are those no longer seen."""

    serializer_class = PresenceSerializer
    filterset = PresenceFilterSet
    orderings = ("id", "seen_at", "missed_looks", "stale_since")
    default_ordering = ("id",)
    is_writable = False

    def rows(self) -> QuerySet[Presence]:
        """Return those of visible items in visible networks."""
        return presences_visible_to(self.caller)


class OwnerGapResource(Resource):
    """New items without an accountable party; `?is_open=true` are those that wait."""

    serializer_class = OwnerGapSerializer
    filterset = OwnerGapFilterSet
    orderings = ("id", "found_at")
    default_ordering = ("-id",)
    is_writable = False

    def rows(self) -> QuerySet[OwnerGap]:
        """Return those of visible items in visible networks."""
        return owner_gaps_visible_to(self.caller)
