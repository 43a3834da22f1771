"""What changed between two looks at a network, and whether an approved change explains it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from assets.models import ConfigurationItem
from common.models import BaseModel
from discovery.choices import DriftKind, DriftState
from discovery.models.networks import Network
from discovery.models.scans import Scan
from governance.models import ChangeRequest


class Drift(BaseModel):
    """One difference, between `since` and the scan. `other` is the far end of a link."""

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="drifts")
    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="drifts")
    kind = models.CharField(max_length=12, choices=DriftKind.choices)
    item = models.ForeignKey(ConfigurationItem, on_delete=models.CASCADE, related_name="drifts")
    other = models.ForeignKey(
        ConfigurationItem,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="drifts_as_other",
    )
    field = models.CharField(max_length=40, blank=True, default="")
    before = models.CharField(max_length=250, blank=True, default="")
    after = models.CharField(max_length=250, blank=True, default="")
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    state = models.CharField(
        max_length=12, choices=DriftState.choices, default=DriftState.UNEXPLAINED
    )
    change = models.ForeignKey(
        ChangeRequest, null=True, blank=True, on_delete=models.SET_NULL, related_name="drifts"
    )
    settled_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(_("what it was"), blank=True, default="")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["network", "state"], name="drift_by_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.item}"

    def ledger_scope(self) -> str:
        """Return the location path that decides who may read entries about this."""
        return self.network.location.path
