"""Identifies devices again from what they have told, by the rules that count now; no packet is sent.

What is told otherwise than before is staged anew and reconciled as after a scan.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.actor import Actor
from common.errors import DomainError
from common.jobs import enqueue
from common.models import Job
from common.rows import update_rows
from discovery.choices import ObservationVerdict, TargetOutcome
from discovery.identification.identify import identify
from discovery.identification.rules import RuleSet
from discovery.models import Network, Observation, ScanTarget
from discovery.models.scans import unpacked
from discovery.queries.active_rules import active_rules
from discovery.queries.latest_devices import newest_of
from discovery.rules.readings import dotted
from discovery.services.linking import connect
from discovery.services.reconciling import reconcile
from discovery.services.scans import RUNNING
from discovery.services.staging import staged
from discovery.topology.observations import Observation as Told

TASK = "discovery.identify_again"
#: So many stored readings are opened at once.
BATCH = 200

Progress = Callable[[int, int, str], None]


@transaction.atomic
def request_identification(*, actor: Actor, networks: Iterable[Network]) -> Job:
    """Ask for the devices of networks to be identified again. The caller has checked the right over each."""
    ids = sorted(network.pk for network in networks)
    if not ids:
        raise DomainError(_("There is no network of yours whose devices could be identified."))
    return enqueue(
        name=TASK,
        kwargs={"network_ids": ids},
        actor=actor,
        label=_("Identifying devices again"),
    )


def identify_again(
    *, actor: Actor, network_ids: Sequence[int], now: datetime, progress: Progress
) -> dict[str, Any]:
    """Identify what the devices of networks told last; return how many were looked at, differ, and came to what.

    Networks with a scan under way are left out: the scan goes by the rules of its start.
    """
    rules, counts = active_rules(), Counter[str]()
    networks = list(Network.objects.filter(pk__in=network_ids).order_by("pk"))
    rows = {one.pk: newest_of(one.observations.all()) for one in networks}
    total = sum(found.count() for found in rows.values())
    looked, differing, skipped = 0, 0, []
    for network in networks:
        if network.scans.filter(state__in=RUNNING).exists():
            skipped.append(network.code)
            continue
        for part in _parts(rows[network.pk]):
            differing += _stage(network, part, rules)
            looked += len(part)
            progress(looked, total, _("Identifying the devices of %s") % network)
        counts += reconcile(actor=actor, network=network, now=now)
        connect(actor=actor, network=network, now=now)
    return {
        "looked": looked,
        "differing": differing,
        "verdicts": dict(counts),
        "skipped": skipped,
    }


def _parts(rows: QuerySet[Observation]) -> Iterable[list[Observation]]:
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        found = Observation.objects.filter(pk__in=ids[start : start + BATCH])
        yield list(found.select_related("target").order_by("pk"))


@transaction.atomic
def _stage(network: Network, rows: Sequence[Observation], rules: RuleSet) -> int:
    """Keep what is told of devices now; return how many observations are staged anew because of it."""
    targets: list[ScanTarget] = []
    again: list[Observation] = []
    for row in rows:
        target = row.target
        if target is None:
            continue
        reading = unpacked(bytes(target.raw), target.problems)
        identity = identify(reading, rules)
        plain, object_id = identity.plain(), dotted(identity.object_id)[:200]
        if (plain, object_id) != (target.identity, target.object_id):
            target.identity, target.object_id = plain, object_id
            targets.append(target)
        told = Told(
            row.address,
            reading,
            network.code,
            row.address,
            is_complete=target.outcome == TargetOutcome.READ,
        )
        sighting, values = staged(told, identity)
        if values != row.values:
            row.sighting, row.values, row.changes = sighting, values, {}
            row.verdict, row.reason = ObservationVerdict.STAGED, ""
            again.append(row)
    update_rows(targets, ["identity", "object_id"])
    update_rows(again, ["sighting", "values", "changes", "verdict", "reason"])
    return len(again)
