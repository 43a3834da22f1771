"""Where and when each item was last seen, how often it was missed since, and who answers for new ones."""

from django.db import models

from assets.models import ConfigurationItem
from discovery.choices import OwnerGapKind
from discovery.models.networks import Network
from discovery.models.scans import Scan


class Presence(models.Model):
    """The last time an item was seen, and the looks since at which it should have been and was not.

    Seen at an address by a scan, or by a neighbour (`observer`) that told of it. `stale_since` is set when the network's
    limits are passed (`rules.staleness`); it is a proposal to a person, nothing follows by itself.
    """

    item = models.OneToOneField(
        ConfigurationItem, on_delete=models.CASCADE, related_name="presence"
    )
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="presences")
    address = models.GenericIPAddressField(null=True, blank=True)
    observer = models.ForeignKey(
        ConfigurationItem,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="presences_observed",
    )
    seen_at = models.DateTimeField()
    seen_scan = models.ForeignKey(
        Scan, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    missed_looks = models.PositiveIntegerField(default=0)
    first_missed_at = models.DateTimeField(null=True, blank=True)
    last_missed_at = models.DateTimeField(null=True, blank=True)
    missed_scan = models.ForeignKey(
        Scan, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    stale_since = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["network", "address"], name="presence_by_address")]

    def __str__(self) -> str:
        return f"item {self.item_id} seen {self.seen_at:%Y-%m-%d %H:%M}"


class OwnerGap(models.Model):
    """A new item nobody answers for, or several do with equal right; closed when that has been settled."""

    item = models.OneToOneField(
        ConfigurationItem, on_delete=models.CASCADE, related_name="owner_gap"
    )
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="owner_gaps")
    scan = models.ForeignKey(
        Scan, null=True, blank=True, on_delete=models.SET_NULL, related_name="owner_gaps"
    )
    kind = models.CharField(max_length=8, choices=OwnerGapKind.choices)
    found_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["network", "closed_at"], name="owner_gap_open")]

    def __str__(self) -> str:
        return f"item {self.item_id}: {self.kind}"
