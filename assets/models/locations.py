"""The ISA-95 equipment hierarchy as a materialised path."""

from typing import Self

from django.db import models

from assets.choices import LocationLevel
from assets.models.scope import SCOPE_PERMISSIONS
from common.models import BaseModel


class LocationQuerySet(models.QuerySet["Location"]):
    """Chainable questions about the tree."""

    def below(self, location: "Location") -> Self:
        """Return the location and everything below it."""
        return self.filter(path__startswith=location.path)

    def above(self, location: "Location") -> Self:
        """Return the location and its ancestors, the root first."""
        steps = location.path.rstrip("/").split("/")
        paths = ["/".join(steps[: n + 1]) + "/" for n in range(len(steps))]
        return self.filter(path__in=paths).order_by("path")


class Location(BaseModel):
    """A node of the plant: enterprise, site, area, line (work centre) or cell (work unit).

    `path` is the ids from the root to this node, each followed by `/` ("1/4/17/").
    """

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=150)
    level = models.CharField(max_length=12, choices=LocationLevel.choices)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=120, editable=False, db_index=True, default="")
    time_zone = models.CharField(max_length=60, blank=True, default="")
    address = models.CharField(max_length=250, blank=True, default="")

    objects = LocationQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        permissions = SCOPE_PERMISSIONS
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")), name="location_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def ledger_scope(self) -> str:
        """Return the path that decides who may read entries about this location."""
        return self.path

    @property
    def depth(self) -> int:
        """Return how many locations stand above this one."""
        return self.path.count("/") - 1
