"""What discovery stores."""

from discovery.models.approvals import ScanApproval, StopOrder
from discovery.models.collectors import Collector
from discovery.models.credentials import Credential
from discovery.models.drift import Drift
from discovery.models.links import LinkSighting
from discovery.models.membership import (
    BundleSeen,
    SubnetMemberSeen,
    SubnetSeen,
    VlanDeviceSeen,
    VlanPortSeen,
    VlanSeen,
    Witness,
)
from discovery.models.merges import Merge
from discovery.models.networks import Network
from discovery.models.observations import Case, ItemKey, NotSame, Observation
from discovery.models.presences import OwnerGap, Presence
from discovery.models.scans import ProbeRecord, Scan, ScanTarget
from discovery.models.schedules import Schedule, ScheduledRun
from discovery.models.site_rules import SiteRule

__all__ = [
    "BundleSeen",
    "Case",
    "Collector",
    "Credential",
    "Drift",
    "ItemKey",
    "LinkSighting",
    "Merge",
    "Network",
    "NotSame",
    "Observation",
    "OwnerGap",
    "Presence",
    "ProbeRecord",
    "Scan",
    "ScanApproval",
    "ScanTarget",
    "Schedule",
    "ScheduledRun",
    "SiteRule",
    "StopOrder",
    "SubnetMemberSeen",
    "SubnetSeen",
    "VlanDeviceSeen",
    "VlanPortSeen",
    "VlanSeen",
    "Witness",
]
