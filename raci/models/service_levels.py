"""Service levels: what was promised for an item or a location, and what an hour without it costs."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from assets.models import ConfigurationItem, Location
from common.models import BaseModel
from raci.models.validity import DatedQuerySet, ends_after_it_begins

PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


class ServiceLevel(BaseModel):
    """A promise for an item, or for a location and what stands there without one of its own.

    The one with the latest `valid_from` holds. `cost_per_hour` is money lost per hour of standstill.
    """

    item = models.ForeignKey(
        ConfigurationItem,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="service_levels",
    )
    location = models.ForeignKey(
        Location, null=True, blank=True, on_delete=models.PROTECT, related_name="service_levels"
    )
    availability_percent = models.DecimalField(
        max_digits=6, decimal_places=3, null=True, blank=True, validators=PERCENT
    )
    response_minutes = models.PositiveIntegerField(null=True, blank=True)
    restore_minutes = models.PositiveIntegerField(null=True, blank=True)
    data_availability_percent = models.DecimalField(
        max_digits=6, decimal_places=3, null=True, blank=True, validators=PERCENT
    )
    change_lead_days = models.PositiveIntegerField(null=True, blank=True)
    cost_per_hour = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(
        max_length=3,
        blank=True,
        default="",
        validators=[RegexValidator(r"^[A-Z]{3}$", _("A currency is three letters, such as EUR."))],
    )
    valid_from = models.DateField()
    valid_until = models.DateField(
        null=True, blank=True, help_text=_("Last day; empty: until further notice.")
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(item__isnull=True, location__isnull=False)
                | Q(item__isnull=False, location__isnull=True),
                name="service_level_has_one_scope",
                violation_error_message=_("A service level is for an item or for a location."),
            ),
            models.CheckConstraint(
                condition=Q(cost_per_hour__isnull=True) | ~Q(currency=""),
                name="cost_has_a_currency",
                violation_error_message=_("A cost per hour needs its currency."),
            ),
            ends_after_it_begins("service_level_ends_after_it_begins"),
            models.UniqueConstraint(
                Coalesce("item", 0),
                Coalesce("location", 0),
                "valid_from",
                name="one_service_level_per_start",
                violation_error_message=_("There is a service level from this day already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item or self.location} from {self.valid_from}"

    def ledger_scope(self) -> str:
        """Return the location path that decides who may read entries about this promise."""
        if self.item:
            return self.item.ledger_scope()
        return self.location.path if self.location else ""
