"""A collector: a process in a site's own network that sends what a scan there sends."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assets.models import Location
from common.models import BaseModel
from discovery.choices import CollectorState


class Collector(BaseModel):
    """One collector of a place; networks there and below are scanned through it and through nothing else.

    `sealed` holds its key, encrypted with the site's credential key. What is below `greeted_at` it tells when the
    worker greets it: no ledger entry keeps that. `clock_offset` is how many seconds its clock is ahead.
    """

    name = models.CharField(max_length=100, unique=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="collectors")
    state = models.CharField(
        max_length=10,
        choices=CollectorState.choices,
        default=CollectorState.ACTIVE,
        editable=False,
    )
    sealed = models.TextField(editable=False, default="", blank=True)
    key_set_at = models.DateTimeField(editable=False)
    greeted_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_seen_at = models.DateTimeField(null=True, blank=True, editable=False)
    release = models.CharField(max_length=40, blank=True, default="", editable=False)
    is_same_build = models.BooleanField(default=True, editable=False)
    process = models.CharField(max_length=120, blank=True, default="", editable=False)
    running_count = models.PositiveSmallIntegerField(default=0, editable=False)
    clock_offset = models.FloatField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["location"],
                condition=~Q(state="retired"),
                name="one_collector_at_a_place",
                violation_error_message=_(
                    "This place has a collector already; retire that one first."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def ledger_scope(self) -> str:
        """Return the location path that decides who may read entries about this collector."""
        return self.location.path
