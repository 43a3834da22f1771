"""From stored rows to the pure policy that every probe is judged by."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from ipaddress import ip_address
from typing import Any

from django.db.models import Q

from assets.models import ConfigurationItem
from discovery.choices import ApprovalState
from discovery.models import Network, ScanApproval, StopOrder
from discovery.models.networks import lines_of
from discovery.queries.clocks import time_zone_of
from discovery.queries.neighbours import denied_elsewhere
from discovery.rules.probes import Mode
from discovery.rules.safety import Approval, Policy, default_mode
from discovery.rules.targets import Address, TargetSet
from discovery.rules.windows import parse_windows
from evidence.rules.canonical import canonical_bytes


def policy_of(network: Network, *, at: datetime) -> Policy:
    """Return what may be sent into a network, by whose consent, as things stand at a moment."""
    protected = protected_addresses(network)
    return Policy(
        network=network.code,
        targets=targets_of(network),
        mode=mode_of(network),
        purdue_level=network.purdue_level,
        never_scan=protected["never_scan"],
        safety_systems=protected["safety_systems"],
        windows=parse_windows(network.windows),
        time_zone=time_zone_of(network),
        approval=_consent(network, at),
        gap_seconds=network.gap_seconds,
        subnet_rate=network.subnet_rate,
        overall_rate=network.overall_rate,
        zone_failures=network.zone_failures,
        snmp_port=network.snmp_port,
    )


def targets_of(network: Network) -> TargetSet:
    """Return what may be asked: allowed, not left out, and not kept out by another network of the site."""
    own = TargetSet.of(lines_of(network.allowed_blocks), lines_of(network.excluded_blocks))
    return TargetSet(own.allowed, (*own.excluded, *denied_elsewhere(network)))


def mode_of(network: Network) -> Mode:
    """Return the mode a person chose, else the default of the zone's Purdue level."""
    return Mode(network.mode) if network.mode else default_mode(network.purdue_level)


def protected_addresses(network: Network) -> Mapping[str, frozenset[Address]]:
    """Return the addresses of items that must not be sent anything (OT-safe rule 10), of the whole plant.

    An address is left alone wherever such an item may stand: the same number in another cell costs one reading,
    a packet to a safety controller may cost more.
    """
    is_safety = Q(is_safety_system=True) | Q(zone__is_safety=True)
    rows = (
        ConfigurationItem.objects.filter(is_safety | Q(is_never_scanned=True))
        .order_by()
        .values_list("network_address", "is_never_scanned", "is_safety_system", "zone__is_safety")
    )
    never, safety = set(), set()
    for address, is_never_scanned, *safeties in rows:
        if address is None:
            continue
        if any(safeties):
            safety.add(ip_address(address))
        elif is_never_scanned:
            never.add(ip_address(address))
    return {"never_scan": frozenset(never), "safety_systems": frozenset(safety)}


def policy_hash(network: Network) -> str:
    """Return the SHA-256 of what a consent is given to: where, how and when something may be sent."""
    bound: dict[str, Any] = {
        "network": network.code,
        "zone": network.zone.code if network.zone else "",
        "purdue_level": network.purdue_level,
        "mode": mode_of(network).value,
        "allowed": sorted(lines_of(network.allowed_blocks)),
        "excluded": sorted(lines_of(network.excluded_blocks)),
        "windows": sorted(str(one) for one in parse_windows(network.windows)),
        "snmp_port": network.snmp_port,
        "gap_seconds": f"{network.gap_seconds:g}",
        "rates": [f"{network.subnet_rate:g}", f"{network.overall_rate:g}"],
        "zone_failures": network.zone_failures,
    }
    if network.methods:
        bound["methods"] = sorted(network.methods)
    return hashlib.sha256(canonical_bytes(bound)).hexdigest()


def consent_in_force(network: Network, *, at: datetime) -> ScanApproval | None:
    """Return the consent that holds for the network as it is configured now; the one that holds longest."""
    return (
        network.approvals.filter(
            state=ApprovalState.APPROVED,
            valid_from__lte=at,
            expires_at__gt=at,
            policy_hash=policy_hash(network),
        )
        .select_related("decided_by")
        .order_by("-expires_at")
        .first()
    )


def _consent(network: Network, at: datetime) -> Approval | None:
    found = consent_in_force(network, at=at)
    if found is None or found.decided_by is None:
        return None
    return Approval(found.decided_by.name, found.valid_from, found.expires_at)


def is_stopped(network_id: int) -> bool:
    """Tell whether a stop order stands for a network, or for all of them."""
    standing = StopOrder.objects.filter(lifted_at=None)
    return standing.filter(Q(network=None) | Q(network=network_id)).exists()
