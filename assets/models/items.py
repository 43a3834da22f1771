"""The configuration item: node of the graph. Assets and systems are two kinds in one table.

One table keeps lists free of joins and lets Django insert in bulk; see docs/decisions/0001.
"""

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from assets.choices import Criticality, ItemKind, ItemStatus, PurdueLevel
from assets.models.locations import Location
from assets.models.reference import ItemClass, Product, Tag
from assets.models.scope import SCOPE_PERMISSIONS
from assets.models.zones import Zone
from common.models import BaseModel


class ItemQuerySet(models.QuerySet["ConfigurationItem"]):
    """Chainable questions about items."""

    def in_location(self, location: Location) -> Self:
        """Return the items at a location or below it."""
        return self.filter(location__path__startswith=location.path)

    def with_effective(self) -> Self:
        """Annotate `criticality` (own, else the system's) and `purdue_level` (own, else the zone's)."""
        return self.annotate(
            criticality=models.functions.Coalesce(
                "criticality_override", "system__criticality_override"
            ),
            purdue_level=models.Case(
                models.When(~models.Q(purdue_override=""), then="purdue_override"),
                default="zone__purdue_level",
                output_field=models.CharField(),
            ),
        )


class ConfigurationItem(BaseModel):
    """A device, software instance, VM or logical service.

    `code` is the natural key (inventory number); names need not be unique. `function` says what the
    item does ("HMI of the filler"), `item_class` what it is ("Windows panel PC"). A system's own
    criticality stands in `criticality_override`; an asset without one takes its system's.
    """

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=ItemKind.choices, editable=False)
    item_class = models.ForeignKey(ItemClass, on_delete=models.PROTECT, related_name="items")
    function = models.CharField(max_length=120, blank=True, default="")
    status = models.CharField(max_length=12, choices=ItemStatus.choices, default=ItemStatus.ACTIVE)
    location = models.ForeignKey(
        Location, null=True, blank=True, on_delete=models.PROTECT, related_name="items"
    )
    zone = models.ForeignKey(
        Zone, null=True, blank=True, on_delete=models.PROTECT, related_name="items"
    )
    system = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
        limit_choices_to={"kind": ItemKind.SYSTEM},
        help_text=_("The system this item is part of; gives it its criticality."),
    )
    criticality_override = models.PositiveSmallIntegerField(
        null=True, blank=True, choices=Criticality.choices
    )
    purdue_override = models.CharField(
        max_length=3, blank=True, default="", choices=PurdueLevel.choices
    )
    product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.PROTECT, related_name="items"
    )
    serial_number = models.CharField(max_length=100, blank=True, default="")
    firmware_version = models.CharField(max_length=100, blank=True, default="")
    hostname = models.CharField(max_length=253, blank=True, default="")
    network_address = models.GenericIPAddressField(null=True, blank=True)
    mac_address = models.CharField(max_length=17, blank=True, default="")
    installed_date = models.DateField(null=True, blank=True)
    end_of_life_date = models.DateField(null=True, blank=True)
    stops_line = models.BooleanField(
        default=False, help_text=_("When this item is down, the line it stands in stops.")
    )
    is_safety_system = models.BooleanField(
        default=False, help_text=_("Part of a safety system: discovery never sends it anything.")
    )
    is_never_scanned = models.BooleanField(
        default=False, help_text=_("Discovery never sends it anything.")
    )
    description = models.TextField(blank=True, default="")
    attributes = models.JSONField(default=dict, blank=True)
    provenance = models.JSONField(default=dict, blank=True, editable=False)
    tags = models.ManyToManyField(Tag, blank=True, related_name="items")

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        permissions = [
            *SCOPE_PERMISSIONS,
            ("view_all_items", "Can see every item, with or without a location"),
        ]
        indexes = [
            models.Index(fields=["kind", "name", "id"], name="item_by_name"),
            models.Index(fields=["kind", "status"], name="item_by_status"),
            models.Index(fields=["serial_number"], name="item_by_serial"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=ItemKind.values), name="item_kind_known"
            ),
            models.CheckConstraint(condition=~models.Q(code=""), name="item_has_code"),
            models.CheckConstraint(
                condition=~models.Q(system=models.F("id")), name="item_not_part_of_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def ledger_scope(self) -> str:
        """Return the location path that decides who may read entries about this item."""
        return self.location.path if self.location else ""


class KindManager(models.Manager.from_queryset(ItemQuerySet)):  # type: ignore[misc]
    """Only the items of the proxy's kind."""

    def get_queryset(self) -> ItemQuerySet:
        """Return the items of one kind."""
        return super().get_queryset().filter(kind=self.model.KIND)  # type: ignore[no-any-return]


class Asset(ConfigurationItem):
    """A device, software instance or VM."""

    KIND = ItemKind.ASSET
    objects: ClassVar[KindManager] = KindManager()

    class Meta:
        proxy = True


class System(ConfigurationItem):
    """A logical service: MES, historian, ERP, SCADA."""

    KIND = ItemKind.SYSTEM
    objects: ClassVar[KindManager] = KindManager()

    class Meta:
        proxy = True
