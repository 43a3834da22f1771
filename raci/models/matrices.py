"""Matrices: a body of assignments that is drafted, published as a whole, then superseded."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.models import BaseModel
from raci.choices import MatrixStatus
from raci.models.roles import Role


class MatrixQuerySet(models.QuerySet["Matrix"]):
    """Chainable questions about matrices."""

    def in_force(self, at: datetime) -> Self:
        """Return the revisions that held at a moment, superseded ones included."""
        return self.filter(
            Q(superseded_at__isnull=True) | Q(superseded_at__gt=at), effective_at__lte=at
        )


class Matrix(BaseModel):
    """One revision of a matrix. Revisions share `code`; at most one is a draft, one is published.

    `effective_at` to `superseded_at` is when this revision answers questions; both are empty in a draft.
    A published revision never changes: the next one is drafted from it.
    """

    code = models.CharField(max_length=60)
    revision = models.PositiveIntegerField(default=1, editable=False)
    name = models.CharField(max_length=150)
    description = models.TextField(blank=True, default="")
    status = models.CharField(
        max_length=10, choices=MatrixStatus.choices, default=MatrixStatus.DRAFT, editable=False
    )
    effective_at = models.DateTimeField(null=True, blank=True, editable=False)
    superseded_at = models.DateTimeField(null=True, blank=True, editable=False)
    escalation_role = models.ForeignKey(
        Role,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="escalations",
        help_text=_("Who decides when a role is vacant or its holder is away without a deputy."),
    )

    objects = MatrixQuerySet.as_manager()

    class Meta:
        ordering = ["code", "-revision"]
        verbose_name_plural = "matrices"
        permissions = [
            ("manage_operating_model", "Can edit and publish matrices, roles and activities"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["code", "revision"], name="one_matrix_per_revision"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(status="draft"), name="one_draft_per_matrix"
            ),
            models.UniqueConstraint(
                fields=["code"], condition=Q(status="published"), name="one_published_per_matrix"
            ),
            models.CheckConstraint(
                condition=Q(status="draft", effective_at__isnull=True, superseded_at__isnull=True)
                | Q(status="published", effective_at__isnull=False, superseded_at__isnull=True)
                | Q(status="superseded", effective_at__isnull=False, superseded_at__isnull=False),
                name="matrix_dates_match_its_status",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} r{self.revision}"

    def get_absolute_url(self) -> str:
        """Return the address of the grid."""
        return reverse("raci:matrix-detail", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        """Whether assignments may still change."""
        return self.status == MatrixStatus.DRAFT
