"""Absences: while a person is away, the named deputy acts; both are recorded."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from common.models import BaseModel


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Chainable questions about absences."""

    def during(self, at: datetime) -> Self:
        """Return the absences that cover a moment."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at), starts_at__lte=at)

    def overlapping(self, starts_at: datetime, ends_at: datetime | None) -> Self:
        """Return the absences that share a moment with a span (no end: open)."""
        open_or_later = self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=starts_at))
        return open_or_later.filter(starts_at__lt=ends_at) if ends_at else open_or_later


class Absence(BaseModel):
    """A person is away from `starts_at` until `ends_at` (exclusive; none: not known yet)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    deputy = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="deputises_in"
    )
    reason = models.CharField(max_length=150, blank=True, default="")

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(deputy=F("person")),
                name="nobody_deputises_for_themselves",
                violation_error_message=_("Nobody can be their own deputy."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="absence_ends_after_it_begins",
                violation_error_message=_("An absence ends after it begins."),
            ),
            models.UniqueConstraint(
                fields=["person", "starts_at"], name="one_absence_per_person_and_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} from {self.starts_at:%Y-%m-%d}"
