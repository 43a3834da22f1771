"""Connections as they were seen on the wire, and what changed between two looks."""

from django.db import models

from assets.models import ConfigurationItem, Relation
from discovery.models.networks import Network


class LinkSighting(models.Model):
    """One cable or path between two ports as discovery sees it; `b_unknown` names an end that is no item.

    `confidence` is that of `topology.results.Confidence`: 3 both ends say so, 2 one does, 1 inferred. `relation` is
    the CMDB's relation between the two, declared by people or made of this.
    """

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="links_seen")
    relation = models.ForeignKey(
        Relation, null=True, blank=True, on_delete=models.SET_NULL, related_name="sightings"
    )
    a_item = models.ForeignKey(
        ConfigurationItem, on_delete=models.CASCADE, related_name="links_seen_from"
    )
    a_port = models.CharField(max_length=100, blank=True, default="")
    b_item = models.ForeignKey(
        ConfigurationItem,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="links_seen_to",
    )
    b_port = models.CharField(max_length=100, blank=True, default="")
    b_unknown = models.CharField(max_length=200, blank=True, default="")
    method = models.CharField(max_length=10)
    confidence = models.PositiveSmallIntegerField()
    is_disputed = models.BooleanField(default=False)
    evidence = models.JSONField(default=list)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["network", "last_seen_at"], name="link_by_last_seen")]

    def __str__(self) -> str:
        return f"link {self.pk}"
