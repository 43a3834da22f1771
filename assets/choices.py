"""Words of the CMDB: ISA-95 levels, Purdue levels, item states, relation classes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LocationLevel(models.TextChoices):
    """Equipment hierarchy after ISA-95 (IEC 62264-1)."""

    ENTERPRISE = "enterprise", _("Enterprise")
    SITE = "site", _("Site")
    AREA = "area", _("Area")
    LINE = "line", _("Line")
    CELL = "cell", _("Cell")


class PurdueLevel(models.TextChoices):
    """Purdue reference model; 3.5 is the industrial demilitarised zone."""

    L0 = "0", _("0 Process")
    L1 = "1", _("1 Basic control")
    L2 = "2", _("2 Supervisory control")
    L3 = "3", _("3 Site operations")
    DMZ = "3.5", _("3.5 Industrial DMZ")
    L4 = "4", _("4 Site business")
    L5 = "5", _("5 Enterprise")


class ItemKind(models.TextChoices):
    """A device, software instance or VM, or a logical service."""

    ASSET = "asset", _("Asset")
    SYSTEM = "system", _("System")


class ItemStatus(models.TextChoices):
    """Life-cycle state of an item."""

    PLANNED = "planned", _("Planned")
    STAGED = "staged", _("Staged")
    ACTIVE = "active", _("Active")
    MAINTENANCE = "maintenance", _("In maintenance")
    RETIRED = "retired", _("Retired")


class Criticality(models.IntegerChoices):
    """How much the plant depends on an item."""

    LOW = 1, _("Low")
    MEDIUM = 2, _("Medium")
    HIGH = 3, _("High")
    CRITICAL = 4, _("Critical")


class RelationClass(models.TextChoices):
    """What one item is to another; the graph knows which way an effect travels."""

    DEPENDS_ON = "depends_on", _("depends on")
    RUNS_ON = "runs_on", _("runs on")
    CONNECTS_VIA = "connects_via", _("connects via")
    FEEDS_DATA = "feeds_data", _("feeds data to")
    POWERED_BY = "powered_by", _("is powered by")
    CONTROLS = "controls", _("controls")
    BACKS_UP = "backs_up", _("backs up")
    MEMBER_OF = "member_of", _("is a member of")


class ProvenanceSource(models.TextChoices):
    """Where a value or relation comes from."""

    MANUAL = "manual", _("Set by a person")
    IMPORT = "import", _("Imported from a file")
    NETBOX = "netbox", _("Imported from NetBox")
    DISCOVERY = "discovery", _("Discovered")
