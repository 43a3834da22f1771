"""What was seen, staged; the keys items are recognised by; and the cases that wait for a person."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from assets.models import ConfigurationItem
from common.models import BaseModel
from discovery.choices import CaseDecision, CaseKind, CaseState, ObservationVerdict
from discovery.models.networks import Network
from discovery.models.scans import Scan, ScanTarget


class Observation(models.Model):
    """One device at one address as one scan saw it, and what the CMDB made of it.

    `sighting` are the fields of `topology.sightings.Sighting`, `values` what identification found, `changes`
    {field: [before, after]} what was written because of it. `target` keeps the raw data.
    """

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="observations")
    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="observations")
    target = models.OneToOneField(
        ScanTarget, null=True, blank=True, on_delete=models.SET_NULL, related_name="observation"
    )
    address = models.GenericIPAddressField()
    seen_at = models.DateTimeField()
    sighting = models.JSONField()
    values = models.JSONField(default=dict)
    verdict = models.CharField(
        max_length=12, choices=ObservationVerdict.choices, default=ObservationVerdict.STAGED
    )
    reason = models.CharField(max_length=300, blank=True, default="")
    changes = models.JSONField(default=dict)
    item = models.ForeignKey(
        ConfigurationItem,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="observations",
    )

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["network", "verdict"], name="observation_by_verdict"),
            models.Index(fields=["item", "-id"], name="observation_of_item"),
            models.Index(fields=["network", "address", "-id"], name="observation_by_address"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["scan", "address"], name="one_observation_per_address")
        ]

    def __str__(self) -> str:
        return f"{self.address} as seen at {self.seen_at:%Y-%m-%d %H:%M}"


class ItemKey(models.Model):
    """A strong key by which an item is recognised. When the item is deleted its keys stay, without it."""

    item = models.ForeignKey(
        ConfigurationItem,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="discovery_keys",
    )
    item_label = models.CharField(max_length=300)
    kind = models.CharField(max_length=12)
    value = models.CharField(max_length=200)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="one_item_per_key")]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class Case(BaseModel):
    """Something discovery will not decide: which item a device is, or whose value of a field is right.

    `fingerprint` is the same for the same question, so that it is asked once, and not again after it was answered.
    """

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="cases")
    observation = models.ForeignKey(Observation, on_delete=models.PROTECT, related_name="cases")
    kind = models.CharField(max_length=10, choices=CaseKind.choices)
    candidates = models.ManyToManyField(
        ConfigurationItem, blank=True, related_name="discovery_cases"
    )
    keys = models.JSONField(default=list, blank=True)
    clash = models.CharField(max_length=30, blank=True, default="")
    field = models.CharField(max_length=40, blank=True, default="")
    stored_value = models.CharField(max_length=200, blank=True, default="")
    seen_value = models.CharField(max_length=200, blank=True, default="")
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=CaseState.choices, default=CaseState.OPEN)
    decision = models.CharField(max_length=10, choices=CaseDecision.choices, blank=True, default="")
    decided_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(_("why"), blank=True, default="")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"], condition=Q(state="open"), name="a_question_is_asked_once"
            )
        ]
        indexes = [models.Index(fields=["network", "state"], name="case_by_state")]

    def __str__(self) -> str:
        return f"case {self.pk}"

    def ledger_scope(self) -> str:
        """Return the location path that decides who may read entries about this case."""
        return self.network.location.path


class NotSame(BaseModel):
    """Somebody said that an item is not the device with this key; it is not suggested again."""

    item = models.ForeignKey(
        ConfigurationItem, on_delete=models.CASCADE, related_name="discovery_refusals"
    )
    kind = models.CharField(max_length=14)
    value = models.CharField(max_length=200)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "kind", "value"], name="one_refusal_per_key")
        ]

    def __str__(self) -> str:
        return f"item {self.item_id} is not {self.kind} {self.value}"

    def ledger_scope(self) -> str:
        """Return the location path that decides who may read entries about this refusal."""
        return self.item.ledger_scope()
