"""What a scan would send, before it is started (OT-safe rule 13)."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from assets.models import ConfigurationItem
from discovery.collectors.snmp.plan import IT_LIMITS, OT_LIMITS, Limits
from discovery.models import Network
from discovery.models.networks import lines_of
from discovery.queries.policies import policy_of
from discovery.rules.dry_run import DryRun, dry_run
from discovery.rules.methods import METHODS, Step, steps_of
from discovery.rules.probes import Probe, Request, Transport
from discovery.rules.safety import Policy
from discovery.rules.targets import TargetSet

#: At a time: gentle where controllers live, as many as the collector was measured with elsewhere.
OT_CONCURRENCY, IT_CONCURRENCY = 4, 50


def limits_of(policy: Policy) -> Limits:
    """Return how much one device is asked at most."""
    return OT_LIMITS if policy.is_ot else IT_LIMITS


def concurrency_of(policy: Policy) -> int:
    """Return how many devices are read at a time."""
    return OT_CONCURRENCY if policy.is_ot else IT_CONCURRENCY


def planned_addresses(network: Network, targets: str = "") -> list[str]:
    """Return what a scan looks at, in order: all of the network, or the addresses and blocks named.

    Named ones outside the network stay in: the refusal is to be seen. Raises BadTargetError.
    """
    chosen = lines_of(targets)
    if chosen:
        return [str(one) for one in TargetSet.of(chosen).first()]
    allowed, excluded = lines_of(network.allowed_blocks), lines_of(network.excluded_blocks)
    return [str(one) for one in TargetSet.of(allowed, excluded).first()]


def models_at(addresses: Sequence[str]) -> dict[str, str]:
    """Return {address: product} of what the CMDB knows at these addresses."""
    rows = ConfigurationItem.objects.filter(network_address__isnull=False, product__isnull=False)
    known = dict(rows.order_by("pk").values_list("network_address", "product__model"))
    return {address: known[address] for address in addresses if address in known}


def steps_for(network: Network, policy: Policy) -> tuple[Step, ...]:
    """Return what each address of a network is asked besides SNMP, as far as its mode allows it."""
    return steps_of(policy.acting_mode, methods_of(network))


def methods_of(network: Network) -> tuple[Request, ...]:
    """Return what was chosen for a network besides SNMP, in the order in which it is asked."""
    return tuple(one for one in METHODS if one.value in network.methods)


def nothing_to_ask(network: Network) -> str:
    """Return the sentence for a network that has neither a credential nor another method its mode allows."""
    return (
        _(
            "%s has no credential to read devices with, and its mode allows nothing else that was chosen."
        )
        % network
    )


def probes_for(
    network: Network, policy: Policy, steps: Sequence[Step], address: str, model: str
) -> list[Probe]:
    """Return everything an address is asked at most, in order: over SNMP, then the steps."""
    snmp = Probe(
        network.code,
        address,
        Request.SNMP_READ,
        Transport.UDP,
        network.snmp_port,
        limits_of(policy).requests,
        model,
    )
    asked = [snmp] if network.credential_id else []
    return [*asked, *(step.probe(network.code, address, model) for step in steps)]


def dry_run_of(network: Network, *, targets: str = "", at: datetime) -> DryRun:
    """Return the exact targets and the packets each would be sent at most."""
    policy = policy_of(network, at=at)
    addresses = planned_addresses(network, targets)
    known, steps = models_at(addresses), steps_for(network, policy)
    probes = {
        address: probes_for(network, policy, steps, address, known.get(address, ""))
        for address in addresses
    }
    return dry_run(policy, probes, at, concurrency=concurrency_of(policy))
