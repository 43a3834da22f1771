"""Two items that were one device: what the merge moved, so that it can be undone."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from assets.models import ConfigurationItem
from common.models import BaseModel
from discovery.models.observations import Case


class Merge(BaseModel):
    """`gone` was recognised as `kept`. `record` holds all that was moved, as `services.merging` writes it."""

    kept = models.ForeignKey(
        ConfigurationItem, on_delete=models.CASCADE, related_name="merges_into_it"
    )
    gone = models.ForeignKey(ConfigurationItem, on_delete=models.CASCADE, related_name="merges")
    case = models.ForeignKey(
        Case, null=True, blank=True, on_delete=models.SET_NULL, related_name="merges"
    )
    merged_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    merged_at = models.DateTimeField()
    note = models.TextField(_("why"), blank=True, default="")
    record = models.JSONField(default=dict, editable=False)
    undone_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], condition=Q(undone_at=None), name="an_item_is_merged_away_once"
            ),
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="merge_of_two_items"),
        ]

    def __str__(self) -> str:
        return f"{self.gone} into {self.kept}"

    def ledger_scope(self) -> str:
        """Return the location path that decides who may read entries about this merge."""
        return self.kept.ledger_scope()
