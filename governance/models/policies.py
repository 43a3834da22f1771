"""Which review board stands behind which part of the plant, and when it must be asked."""

from typing import Self

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from assets.models import Location
from common.models import BaseModel


class PolicyQuerySet(models.QuerySet["BoardPolicy"]):
    """Chainable questions about policies."""

    def for_path(self, path: str) -> Self:
        """Return the active policies that cover a location path, the most specific first."""
        steps = path.rstrip("/").split("/") if path else []
        paths = ["/".join(steps[: n + 1]) + "/" for n in range(len(steps))]
        covering = models.Q(scope__isnull=True) | models.Q(scope__path__in=paths)
        return (
            self.filter(covering, is_active=True)
            .annotate(depth=Length("scope__path"))
            .order_by(models.F("depth").desc(nulls_last=True), "code")
        )


class BoardPolicy(BaseModel):
    """A board, its quorum, the thresholds above which it decides, and when changes are welcome.

    `quorum` is the number of yes votes it takes. `scope` empty means everywhere.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    board = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="board_policies")
    escalation_team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="board_escalations"
    )
    scope = models.ForeignKey(
        Location, null=True, blank=True, on_delete=models.PROTECT, related_name="board_policies"
    )
    quorum = models.PositiveSmallIntegerField(default=2, validators=[MinValueValidator(1)])
    loss_threshold = models.DecimalField(max_digits=14, decimal_places=2, default=5000)
    currency = models.CharField(max_length=3, default="EUR")
    decision_hours = models.PositiveIntegerField(default=72)
    review_hours = models.PositiveIntegerField(
        default=48, help_text=_("Hours after an emergency change within which it must be decided.")
    )
    window_weekdays = models.CharField(
        max_length=20,
        blank=True,
        default="",
        validators=[RegexValidator(r"^[0-6](,[0-6])*$", _("Weekdays are 0-6, Monday is 0."))],
    )
    window_opens = models.TimeField(null=True, blank=True)
    window_closes = models.TimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "board policies"
        permissions = [("manage_boards", "Can manage review boards")]
        constraints = [
            models.CheckConstraint(condition=models.Q(quorum__gte=1), name="board_quorum_positive"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the board's page."""
        return reverse("governance:board")

    def ledger_scope(self) -> str:
        """Return the path of the place the board decides for."""
        return self.scope.path if self.scope else ""
