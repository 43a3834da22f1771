"""How networks stand for a reader: effective mode, consent in force, last scan; a page of them in a few queries."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from discovery.choices import ApprovalState, ScanSource, TargetOutcome
from discovery.models import Network, Scan, ScanApproval
from discovery.models.networks import lines_of
from discovery.queries.policies import mode_of, policy_hash
from discovery.rules.probes import Mode
from discovery.rules.safety import OT_LEVELS
from discovery.rules.targets import TargetSet

ANSWERED = (TargetOutcome.READ, TargetOutcome.PARTIAL)


@dataclass(frozen=True, slots=True)
class LastScan:
    """The newest scan of a network: when it began, how many addresses answered."""

    pk: int
    state: str
    at: datetime | None
    answered: int


@dataclass(frozen=True, slots=True)
class NetworkStanding:
    """What a list says about a network beyond its own columns.

    `is_consent_needed` is False where nothing is sent, and in IT; `consent` is the one that holds longest.
    """

    mode: str
    is_ot: bool
    address_count: int
    consent: ScanApproval | None
    last_scan: LastScan | None

    @property
    def is_consent_needed(self) -> bool:
        """Whether a scan takes the consent of who is accountable."""
        return self.is_ot and self.mode != Mode.PASSIVE


def standing_of(network: Network, *, at: datetime) -> NetworkStanding:
    """Return how one network stands."""
    return standings_of([network.pk], at=at)[network.pk]


def standings_of(ids: Collection[int], *, at: datetime) -> dict[int, NetworkStanding]:
    """Return how networks stand at a moment: three queries, however many they are."""
    networks = list(Network.objects.filter(pk__in=ids).select_related("zone").order_by())
    consents, scans = _consents(networks, at), last_scans(ids)
    return {
        one.pk: NetworkStanding(
            mode=mode_of(one).value,
            is_ot=one.purdue_level in OT_LEVELS,
            address_count=allowed_count(one),
            consent=consents.get(one.pk),
            last_scan=scans.get(one.pk),
        )
        for one in networks
    }


def allowed_count(network: Network) -> int:
    """Return how many addresses the network's lists leave."""
    targets = TargetSet.of(lines_of(network.allowed_blocks), lines_of(network.excluded_blocks))
    return targets.count


def _consents(networks: Iterable[Network], at: datetime) -> dict[int, ScanApproval]:
    by_id = {one.pk: one for one in networks}
    hashes = {pk: policy_hash(one) for pk, one in by_id.items()}
    rows = ScanApproval.objects.filter(
        network__in=by_id, state=ApprovalState.APPROVED, valid_from__lte=at, expires_at__gt=at
    )
    return {
        one.network_id: one
        for one in rows.select_related("decided_by").order_by("expires_at")
        if one.policy_hash == hashes[one.network_id]
    }


def last_scans(ids: Collection[int]) -> Mapping[int, LastScan]:
    """Return the newest scan of each network that has one; the import of a file is none."""
    own = Scan.objects.filter(network__in=ids, source=ScanSource.SCAN)
    newest = own.order_by().values("network_id")
    latest = newest.annotate(newest=Max("pk")).values_list("newest", flat=True)
    answered = Count("addresses", filter=Q(addresses__outcome__in=ANSWERED))
    rows = Scan.objects.filter(pk__in=list(latest)).order_by().annotate(answered=answered)
    return {
        one.network_id: LastScan(one.pk, one.state, one.started_at or one.created_at, one.answered)
        for one in rows
    }
