"""What a scan comes to: devices compared with the inventory, links, drift, presence and owners, in this order."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from common.actor import Actor
from discovery.models import Scan
from discovery.services.drifting import note_drift
from discovery.services.following import follow
from discovery.services.linking import connect
from discovery.services.reconciling import reconcile


def settle_scan(
    *,
    actor: Actor,
    scan: Scan,
    progress: Callable[[int, int, str], None],
    clock: Callable[[], datetime],
) -> dict[str, Any]:
    """Take over what a scan has read; return the counts. A second call for the same scan adds nothing."""
    verdicts = reconcile(actor=actor, network=scan.network, now=clock(), progress=progress)
    linked = connect(actor=actor, network=scan.network, now=clock())
    drifted = note_drift(scan=scan, now=clock())
    followed = follow(scan=scan, now=clock())
    return {
        "verdicts": {str(verdict): count for verdict, count in verdicts.items()},
        "links": linked.seen,
        "drift": drifted,
        "missed": followed.presence.missed,
        "without_owner": followed.owned.gaps,
    }
