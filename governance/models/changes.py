"""The change request (ITIL 4 change enablement) and its targets."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from assets.models import ConfigurationItem
from common.models import BaseModel
from governance.choices import ChangeModel, ChangeState, ChangeType


class NumberSeries(models.Model):
    """The last change number given in a year; locked by whoever takes the next."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class ChangeQuerySet(models.QuerySet["ChangeRequest"]):
    """Chainable questions about changes."""

    def in_time(self, starts_at: object, ends_at: object) -> Self:
        """Return the changes whose window shares time with the given one."""
        return self.filter(window_start_at__lt=ends_at, window_end_at__gt=starts_at)

    def standing(self) -> Self:
        """Return the changes that hold a claim on their window."""
        return self.filter(
            state__in=[ChangeState.SUBMITTED, ChangeState.APPROVED, ChangeState.EXECUTING]
        )


class ChangeRequest(BaseModel):
    """What somebody wants to do to some items, when, how, and how to get back.

    `content_hash` covers everything a vote binds to, including `impact_hash`; both are set on submission.
    `scope_path` is the path of the smallest location that holds all targets.
    """

    number = models.CharField(max_length=20, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=150)
    change_model = models.CharField(
        _("change model"), max_length=10, choices=ChangeModel.choices, default=ChangeModel.NORMAL
    )
    change_type = models.CharField(_("change type"), max_length=14, choices=ChangeType.choices)
    reason = models.TextField(_("reason"), blank=True, default="")
    requester = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="changes_requested", editable=False
    )
    implementer = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="changes_implemented"
    )
    targets: "models.ManyToManyField[ConfigurationItem, ChangeTarget]" = models.ManyToManyField(
        ConfigurationItem, through="ChangeTarget", related_name="changes"
    )
    window_start_at = models.DateTimeField(_("window starts"), db_index=True)
    window_end_at = models.DateTimeField(_("window ends"))
    duration_minutes = models.PositiveIntegerField(_("expected outage in minutes"))
    plan = models.TextField(_("plan"))
    back_out_plan = models.TextField(_("back-out plan"))
    is_back_out_tested = models.BooleanField(_("back-out tested"), default=False)
    state = models.CharField(
        max_length=10, choices=ChangeState.choices, default=ChangeState.DRAFT, editable=False
    )
    content_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    impact_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    is_safety_relevant = models.BooleanField(default=False, editable=False)
    failure_probability = models.FloatField(null=True, editable=False)
    expected_loss = models.DecimalField(max_digits=14, decimal_places=2, null=True, editable=False)
    currency = models.CharField(max_length=3, blank=True, default="", editable=False)
    scope_path = models.CharField(max_length=120, blank=True, default="", editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)
    review_due_at = models.DateTimeField(null=True, editable=False)
    outcome_note = models.TextField(blank=True, default="", editable=False)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "window_start_at"], name="change_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(window_end_at__gt=models.F("window_start_at")),
                name="change_window_has_length",
                violation_error_message=_("The window must end after it starts."),
            ),
            models.CheckConstraint(
                condition=models.Q(duration_minutes__gte=1), name="change_takes_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """Return the address of the change's page."""
        return reverse("governance:changerequest-detail", args=[self.pk])

    def ledger_scope(self) -> str:
        """Return the location path that decides who may read entries about this change."""
        return self.scope_path

    @property
    def duration(self) -> timedelta:
        """Return the expected outage."""
        return timedelta(minutes=self.duration_minutes)

    @property
    def is_emergency(self) -> bool:
        """Tell whether the change may be carried out before it is approved."""
        return self.change_model == ChangeModel.EMERGENCY


class ChangeTarget(BaseModel):
    """An item the change is done to. Its label names no item: the ledger has readers who may not see it."""

    change = models.ForeignKey(
        ChangeRequest, on_delete=models.CASCADE, related_name="change_targets"
    )
    item = models.ForeignKey(
        ConfigurationItem, on_delete=models.PROTECT, related_name="change_targets"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["change", "item"], name="one_target_per_item"),
        ]

    def __str__(self) -> str:
        return f"target of {self.change.number}"

    def ledger_scope(self) -> str:
        """Return the change's scope."""
        return self.change.scope_path
