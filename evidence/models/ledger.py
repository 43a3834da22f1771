"""The append-only, hash-chained ledger: one row per thing done, never changed, never removed."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from evidence.models.fields import CanonicalJSONField


class LedgerHead(models.Model):
    """The single row that says where the chain ends; locked by every writer until it commits."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="ledger_has_one_head"),
        ]

    def __str__(self) -> str:
        return f"head at {self.sequence}"


class LedgerQuerySet(models.QuerySet["LedgerEntry"]):
    """Chainable questions about the ledger."""

    def about(self, object_type: str, object_id: int | None) -> Self:
        """Return the entries about one object."""
        return self.filter(object_type=object_type, object_id=object_id)

    def below_paths(self, paths: tuple[str, ...]) -> Self:
        """Return the entries whose location lies at or below one of the paths."""
        condition = Q(pk__in=[])
        for path in paths:
            condition |= Q(scope_path__startswith=path)
        return self.filter(condition)


class LedgerEntry(models.Model):
    """What was done by whom to what, with the state before and after.

    `before` and `after` hold only the fields that changed. `hash` covers `previous_hash` and the
    canonical JSON of all other columns (see evidence.rules.chain).
    """

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    actor_label = models.CharField(max_length=200)
    actor_user_id = models.BigIntegerField(null=True)
    actor_person_id = models.BigIntegerField(null=True)
    acting_for = models.CharField(max_length=200, blank=True, default="")
    channel = models.CharField(max_length=10)
    request_id = models.CharField(max_length=64, blank=True, default="", db_index=True)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField(null=True)
    object_label = models.CharField(max_length=250)
    scope_path = models.CharField(max_length=120, blank=True, default="")
    before = CanonicalJSONField(default=dict)
    after = CanonicalJSONField(default=dict)
    comment = models.TextField(blank=True, default="")
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        ordering = ["-sequence"]
        indexes = [
            models.Index(fields=["object_type", "object_id", "-sequence"], name="ledger_by_object"),
        ]
        permissions = [
            ("read_ledger", "Can read the whole ledger"),
            ("export_evidence", "Can export evidence packs"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.object_label}"

    def get_absolute_url(self) -> str:
        """Return the entry's page."""
        return reverse("evidence:entry-detail", args=[self.pk])
