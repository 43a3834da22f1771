"""Zones and conduits after IEC 62443-3-2: the second axis beside the location tree."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from assets.choices import PurdueLevel
from assets.models.locations import Location
from assets.models.scope import SCOPE_PERMISSIONS
from common.models import BaseModel

security_vector = RegexValidator(
    r"^[0-4](,[0-4]){6}$",
    _(
        "A security level vector is seven levels 0-4, such as 2,2,2,1,2,1,2 (IAC UC SI DC RDF TRE RA)."
    ),
)


class Zone(BaseModel):
    """A grouping of items with the same security requirements.

    The three vectors hold the seven foundational requirements of IEC 62443-1-1 in the order
    IAC, UC, SI, DC, RDF, TRE, RA: target (SL-T), capable (SL-C), achieved (SL-A).
    """

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=150)
    site = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="zones")
    purdue_level = models.CharField(max_length=3, choices=PurdueLevel.choices)
    is_safety = models.BooleanField(default=False)
    sl_target = models.CharField(
        max_length=13, blank=True, default="", validators=[security_vector]
    )
    sl_capable = models.CharField(
        max_length=13, blank=True, default="", validators=[security_vector]
    )
    sl_achieved = models.CharField(
        max_length=13, blank=True, default="", validators=[security_vector]
    )
    description = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["code"]
        permissions = SCOPE_PERMISSIONS

    def __str__(self) -> str:
        return self.name

    def ledger_scope(self) -> str:
        """Return the path of the site the zone belongs to."""
        return self.site.path


class Conduit(BaseModel):
    """A declared path of communication between two zones."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=150)
    from_zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="conduits_from")
    to_zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="conduits_to")
    protocols = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(from_zone=models.F("to_zone")), name="conduit_joins_two_zones"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def ledger_scope(self) -> str:
        """Return the path of the site the conduit starts in."""
        return self.from_zone.ledger_scope()
