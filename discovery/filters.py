"""What lists of discovery can be filtered by, on pages and over the API."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from assets.choices import PurdueLevel
from common.filters import (
    FilterSet,
    address,
    boolean,
    choice,
    custom,
    moment,
    number,
    reference,
    text,
)
from discovery.choices import (
    ApprovalState,
    CaseDecision,
    CaseKind,
    CaseState,
    CollectorState,
    CredentialKind,
    DriftKind,
    DriftState,
    ObservationVerdict,
    OwnerGapKind,
    ScanMode,
    ScanState,
    ScheduleOutcome,
    TargetOutcome,
)
from discovery.rules.safety import default_mode

LEVELS = ["", *PurdueLevel.values]


def in_mode(texts: Sequence[str]) -> Q:
    """Return the condition for networks in any of these modes, chosen or by the default of their level."""
    found = Q(pk__in=[])
    for value in texts:
        if value not in ScanMode.values:
            allowed = ", ".join(ScanMode.values)
            raise ValidationError(
                _("'%(value)s' is not one of %(allowed)s.") % {"value": value, "allowed": allowed}
            )
        levels = [level for level in LEVELS if default_mode(level).value == value]
        by_default = Q(zone__purdue_level__in=levels)
        if "" in levels:
            by_default |= Q(zone__isnull=True)
        found |= Q(mode=value) | (Q(mode="") & by_default)
    return found


class NetworkFilterSet(FilterSet):
    """Networks."""

    searched = ("name", "code", "allowed_blocks", "location__name", "zone__name")
    panel = ("mode", "purdue_level")
    lookups = {
        "id": number("id", "Id"),
        "code": text("code", "Code"),
        "name": text("name", "Name"),
        "location": reference("location", "code", "Location"),
        "zone": reference("zone", "code", "Zone"),
        "credential": reference("credential", "name", "Credential"),
        "mode": custom(in_mode, kind="choice", label="Mode"),
        "purdue_level": choice("zone__purdue_level", PurdueLevel.choices, "Purdue level"),
        "updated_at": moment("updated_at", "Updated"),
    }


class CredentialFilterSet(FilterSet):
    """Credentials; nothing asks for what they hold."""

    searched = ("name", "username", "location__name")
    panel = ("kind",)
    lookups = {
        "id": number("id", "Id"),
        "name": text("name", "Name"),
        "kind": choice("kind", CredentialKind.choices, "Kind"),
        "location": reference("location", "code", "Location"),
        "rotated_at": moment("rotated_at", "Secret set"),
    }


class CollectorFilterSet(FilterSet):
    """Collectors."""

    searched = ("name", "location__name", "location__code")
    panel = ("state",)
    lookups = {
        "id": number("id", "Id"),
        "name": text("name", "Name"),
        "location": reference("location", "code", "Location"),
        "state": choice("state", CollectorState.choices, "Key"),
        "last_seen_at": moment("last_seen_at", "Last heard of"),
    }


class ApprovalFilterSet(FilterSet):
    """Consents."""

    searched = ("network__name", "network__code", "requester__name", "person__name", "team__name")
    panel = ("state",)
    lookups = {
        "id": number("id", "Id"),
        "network": reference("network", "code", "Network"),
        "state": choice("state", ApprovalState.choices, "State"),
        "requester": reference("requester", "employee_number", "Asked by"),
        "person": reference("person", "employee_number", "Asked from"),
        "team": reference("team", "code", "Asked from team"),
        "valid_from": moment("valid_from", "From"),
        "expires_at": moment("expires_at", "Until"),
    }


class StopOrderFilterSet(FilterSet):
    """Stop orders."""

    searched = ("reason", "network__name")
    lookups = {
        "id": number("id", "Id"),
        "network": reference("network", "code", "Network"),
        "is_standing": custom(
            lambda texts: Q(lifted_at__isnull=texts[-1] == "true"), kind="boolean", label="Standing"
        ),
        "created_at": moment("created_at", "Ordered"),
    }


class ScanFilterSet(FilterSet):
    """Scans."""

    searched = ("network__name", "network__code", "requester__name")
    panel = ("state",)
    lookups = {
        "id": number("id", "Id"),
        "network": reference("network", "code", "Network"),
        "state": choice("state", ScanState.choices, "State"),
        "requester": reference("requester", "employee_number", "Asked by"),
        "started_at": moment("started_at", "Started"),
        "finished_at": moment("finished_at", "Ended"),
    }


class ScheduleFilterSet(FilterSet):
    """Schedules."""

    searched = ("name", "network__name", "network__code")
    panel = ("is_active",)
    lookups = {
        "id": number("id", "Id"),
        "name": text("name", "Name"),
        "network": reference("network", "code", "Network"),
        "is_active": boolean("is_active", "Active"),
        "every_hours": number("every_hours", "Every so many hours"),
    }


class ScheduledRunFilterSet(FilterSet):
    """Moments at which schedules were due."""

    searched = ("reason",)
    panel = ("outcome",)
    lookups = {
        "id": number("id", "Id"),
        "schedule": number("schedule_id", "Schedule"),
        "outcome": choice("outcome", ScheduleOutcome.choices, "Outcome"),
        "due_at": moment("due_at", "Due"),
    }


class PresenceFilterSet(FilterSet):
    """When items were seen last."""

    searched = ("item__name", "item__code", "address")
    panel = ("network",)
    lookups = {
        "id": number("id", "Id"),
        "item": reference("item", "code", "Item"),
        "network": reference("network", "code", "Network"),
        "address": address("address", "Address"),
        "is_stale": custom(
            lambda texts: Q(stale_since__isnull=texts[-1] != "true"), kind="boolean", label="Stale"
        ),
        "missed_looks": number("missed_looks", "Looks missed"),
        "seen_at": moment("seen_at", "Last seen"),
        "stale_since": moment("stale_since", "Stale since"),
    }


class OwnerGapFilterSet(FilterSet):
    """New items nobody answers for."""

    searched = ("item__name", "item__code")
    panel = ("kind",)
    lookups = {
        "id": number("id", "Id"),
        "item": reference("item", "code", "Item"),
        "network": reference("network", "code", "Network"),
        "scan": number("scan_id", "Scan"),
        "kind": choice("kind", OwnerGapKind.choices, "What is missing"),
        "is_open": custom(
            lambda texts: Q(closed_at__isnull=texts[-1] == "true"), kind="boolean", label="Open"
        ),
        "found_at": moment("found_at", "Found"),
    }


class ScanTargetFilterSet(FilterSet):
    """Addresses of a scan."""

    searched = ("address", "reason")
    panel = ("outcome",)
    lookups = {
        "id": number("id", "Id"),
        "address": address("address", "Address"),
        "outcome": choice("outcome", TargetOutcome.choices, "Outcome"),
        "packet_count": number("packet_count", "Packets"),
    }


class ProbeFilterSet(FilterSet):
    """Probes of a scan."""

    searched = ("address", "outcome")
    panel = ("was_sent",)
    lookups = {
        "id": number("id", "Id"),
        "address": address("address", "Address"),
        "request": text("request", "Request"),
        "outcome": text("outcome", "Outcome"),
        "was_sent": boolean("was_sent", "Sent"),
        "at": moment("at", "At"),
    }


class DriftFilterSet(FilterSet):
    """Differences between two looks."""

    searched = ("item__name", "item__code", "before", "after")
    panel = ("state", "kind", "network")
    lookups = {
        "id": number("id", "Id"),
        "kind": choice("kind", DriftKind.choices, "What"),
        "state": choice("state", DriftState.choices, "Explained"),
        "network": reference("network", "code", "Network"),
        "item": reference("item", "code", "Item"),
        "field": text("field", "Field"),
        "seen_at": moment("seen_at", "Seen"),
    }


class CaseFilterSet(FilterSet):
    """Questions."""

    searched = ("observation__address", "network__name")
    panel = ("kind", "state")
    lookups = {
        "id": number("id", "Id"),
        "kind": choice("kind", CaseKind.choices, "Question"),
        "state": choice("state", CaseState.choices, "State"),
        "decision": choice("decision", CaseDecision.choices, "Answer"),
        "network": reference("network", "code", "Network"),
        "observation": number("observation_id", "Observation"),
        "created_at": moment("created_at", "First asked"),
        "decided_at": moment("decided_at", "Decided"),
    }


class ObservationFilterSet(FilterSet):
    """Observed devices."""

    searched = ("address", "reason")
    panel = ("verdict",)
    lookups = {
        "id": number("id", "Id"),
        "address": address("address", "Address"),
        "verdict": choice("verdict", ObservationVerdict.choices, "Verdict"),
        "network": reference("network", "code", "Network"),
        "scan": number("scan_id", "Scan"),
        "seen_at": moment("seen_at", "Seen"),
    }


class ItemKeyFilterSet(FilterSet):
    """Keys items are recognised by."""

    searched = ("value",)
    lookups = {
        "id": number("id", "Id"),
        "item": reference("item", "code", "Item"),
        "kind": text("kind", "Kind"),
        "value": text("value", "Value"),
        "last_seen_at": moment("last_seen_at", "Last seen"),
    }


class NotSameFilterSet(FilterSet):
    """What people said items are not."""

    lookups = {
        "id": number("id", "Id"),
        "item": reference("item", "code", "Item"),
        "kind": text("kind", "Kind"),
        "value": text("value", "Value"),
    }


class MergeFilterSet(FilterSet):
    """Merges of items."""

    lookups = {
        "id": number("id", "Id"),
        "kept": reference("kept", "code", "Kept"),
        "gone": reference("gone", "code", "Merged away"),
        "is_standing": custom(
            lambda texts: Q(undone_at__isnull=texts[-1] == "true"), kind="boolean", label="Standing"
        ),
        "merged_at": moment("merged_at", "Merged"),
    }


class VlanFilterSet(FilterSet):
    """VLANs."""

    searched = ("name", "network__name")
    panel = ("network",)
    lookups = {
        "id": number("id", "Id"),
        "number": number("number", "Number"),
        "name": text("name", "Name"),
        "network": reference("network", "code", "Network"),
        "first_seen_at": moment("first_seen_at", "First seen"),
    }


class VlanPortFilterSet(FilterSet):
    """Ports and the VLANs they carry."""

    searched = ("port", "item__name")
    lookups = {
        "id": number("id", "Id"),
        "vlan": number("vlan_id", "VLAN"),
        "number": number("vlan__number", "Number"),
        "network": reference("vlan__network", "code", "Network"),
        "item": reference("item", "code", "Item"),
        "port": text("port", "Port"),
        "is_tagged": boolean("is_tagged", "Tagged"),
    }


class SubnetFilterSet(FilterSet):
    """Subnets."""

    searched = ("prefix", "network__name")
    panel = ("network",)
    lookups = {
        "id": number("id", "Id"),
        "prefix": text("prefix", "Subnet"),
        "network": reference("network", "code", "Network"),
        "first_seen_at": moment("first_seen_at", "First seen"),
    }


class SubnetMemberFilterSet(FilterSet):
    """Addresses in subnets."""

    searched = ("address", "mac", "item__name")
    lookups = {
        "id": number("id", "Id"),
        "subnet": number("subnet_id", "Subnet"),
        "network": reference("subnet__network", "code", "Network"),
        "item": reference("item", "code", "Item"),
        "address": address("address", "Address"),
        "mac": text("mac", "Hardware address"),
    }


class SiteRuleFilterSet(FilterSet):
    """Rules of this site."""

    searched = ("name", "text", "note")
    lookups = {
        "id": number("id", "Id"),
        "name": text("name", "Name"),
        "is_active": boolean("is_active", "In use"),
        "updated_at": moment("updated_at", "Changed"),
    }
