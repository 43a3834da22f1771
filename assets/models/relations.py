"""Typed relations between items and the redundancy groups that bind them."""

from django.db import models
from django.db.models import Q

from assets.choices import ProvenanceSource, RelationClass
from assets.models.items import ConfigurationItem
from common.models import BaseModel


class RedundancyGroup(BaseModel):
    """k of n: the dependent item needs `required_count` of the group's providers (None: not declared)."""

    item = models.ForeignKey(
        ConfigurationItem, on_delete=models.CASCADE, related_name="redundancy_groups"
    )
    name = models.CharField(max_length=100)
    required_count = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["item_id", "name"]
        constraints = [
            models.UniqueConstraint(fields=["item", "name"], name="one_group_name_per_item"),
            models.CheckConstraint(
                condition=Q(required_count__isnull=True) | Q(required_count__gte=1),
                name="group_needs_at_least_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def ledger_scope(self) -> str:
        """Return the scope of the dependent item."""
        return self.item.ledger_scope()


class Relation(BaseModel):
    """`source` relation_class `target`; an end that is not known yet stands as text, never vanishes."""

    source = models.ForeignKey(
        ConfigurationItem,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="relations_out",
    )
    target = models.ForeignKey(
        ConfigurationItem,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="relations_in",
    )
    unresolved_source = models.CharField(max_length=200, blank=True, default="")
    unresolved_target = models.CharField(max_length=200, blank=True, default="")
    relation_class = models.CharField(max_length=14, choices=RelationClass.choices)
    redundancy_group = models.ForeignKey(
        RedundancyGroup,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="relations",
    )
    protocol = models.CharField(max_length=60, blank=True, default="")
    data_model = models.CharField(max_length=100, blank=True, default="")
    middleware = models.CharField(max_length=100, blank=True, default="")
    note = models.CharField(max_length=250, blank=True, default="")
    provenance_source = models.CharField(
        max_length=12, choices=ProvenanceSource.choices, default=ProvenanceSource.MANUAL
    )
    confidence = models.PositiveSmallIntegerField(default=100)
    verified_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "target", "relation_class", "protocol"],
                name="one_relation_per_class_and_protocol",
            ),
            models.CheckConstraint(
                condition=~Q(source=models.F("target")), name="relation_not_to_itself"
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=False, unresolved_source="")
                | (Q(source__isnull=True) & ~Q(unresolved_source="")),
                name="relation_source_known_or_named",
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=False, unresolved_target="")
                | (Q(target__isnull=True) & ~Q(unresolved_target="")),
                name="relation_target_known_or_named",
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=False) | Q(target__isnull=False),
                name="relation_has_a_known_end",
            ),
            models.CheckConstraint(
                condition=Q(confidence__lte=100), name="confidence_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_label} {self.get_relation_class_display()} {self.target_label}"

    @property
    def source_label(self) -> str:
        """Return the source's name, or the code it was given by when it is unknown."""
        return str(self.source) if self.source else self.unresolved_source

    @property
    def target_label(self) -> str:
        """Return the target's name, or the code it was given by when it is unknown."""
        return str(self.target) if self.target else self.unresolved_target

    def ledger_scope(self) -> str:
        """Return the scope of the end that is known, the source first."""
        item = self.source or self.target
        return item.ledger_scope() if item else ""
