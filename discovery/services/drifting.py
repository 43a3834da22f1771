"""Notes what is otherwise than at the look before, and which approved change explains it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Person
from common.actor import Actor
from common.errors import ConflictError, DomainError
from discovery.choices import (
    DriftKind,
    DriftState,
    ObservationVerdict,
    ScanSource,
    ScanState,
    TargetOutcome,
)
from discovery.models import Drift, Observation, Scan, ScanTarget
from discovery.queries.latest import Latest, latest_looks
from discovery.topology.drift import link_drift
from discovery.topology.links import links_of
from discovery.topology.results import End, Link, Topology
from evidence.services import update_object
from governance.choices import ChangeState
from governance.models import ChangeTarget

#: A device is missed when it did not answer so many complete scans in a row.
MISSED = 2
#: States in which a change was, or is being, carried out.
CARRIED_OUT = (ChangeState.EXECUTING, ChangeState.COMPLETED, ChangeState.FAILED)
#: A change may begin late or leave its traces a little after its window.
GRACE = timedelta(hours=1)


@dataclass(frozen=True)
class Difference:
    """One difference before it is stored."""

    kind: str
    item_id: int
    other_id: int | None = None
    field: str = ""
    before: str = ""
    after: str = ""


@transaction.atomic
def note_drift(*, scan: Scan, now: datetime) -> int:
    """Store what a scan saw otherwise than the one before; return how many differences there are.

    The first look at a network differs from nothing. A second call for a scan adds nothing.
    """
    if scan.drifts.exists():
        return 0
    earlier = (
        _own_scans(scan).filter(pk__lt=scan.pk, started_at__isnull=False).order_by("-pk").first()
    )
    if earlier is None or earlier.started_at is None:
        return 0
    found = [*_devices(scan), *_silent(scan), *_links(scan)]
    since = earlier.started_at
    explained = _explained({one.item_id for one in found} | _others(found), since, now)
    Drift.objects.bulk_create(
        (_row(scan, one, since, now, explained) for one in found), batch_size=500
    )
    return len(found)


def _own_scans(scan: Scan) -> QuerySet[Scan]:
    """Return the network's scans without imports of files: what a file does not hold may be there all the same."""
    return Scan.objects.filter(network=scan.network, source=ScanSource.SCAN)


def _others(found: Iterable[Difference]) -> set[int]:
    return {one.other_id for one in found if one.other_id is not None}


def _devices(scan: Scan) -> Iterator[Difference]:
    """Yield new devices and values that changed."""
    verdicts = [
        ObservationVerdict.ADDED,
        ObservationVerdict.UPDATED,
        ObservationVerdict.CONFLICTING,
    ]
    rows = Observation.objects.filter(scan=scan, item__isnull=False, verdict__in=verdicts)
    for row in rows.select_related("item").order_by("pk"):
        if row.item_id is None:
            continue
        if row.verdict == ObservationVerdict.ADDED:
            yield Difference(DriftKind.ITEM_NEW, row.item_id, after=str(row.address))
        for name, (before, after) in row.changes.items():
            if before:  # a blank filled in is knowledge, not drift
                yield Difference(
                    DriftKind.VALUE, row.item_id, field=name, before=before[:250], after=after[:250]
                )


def _silent(scan: Scan) -> Iterator[Difference]:
    """Yield items that have not answered complete scans, though somebody else there did.

    Absence counts only when the observer could see: a scan that was stopped, or that nobody answered, tells nothing.
    """
    scans = list(
        _own_scans(scan)
        .filter(state=ScanState.COMPLETED, pk__lte=scan.pk)
        .filter(addresses__outcome=TargetOutcome.READ)
        .distinct()
        .order_by("-pk")[: MISSED + 1]
    )
    if len(scans) <= MISSED or scans[0].pk != scan.pk:
        return
    silent = [_addresses(one, TargetOutcome.SILENT) for one in scans[:MISSED]]
    answered = _addresses(scans[MISSED], TargetOutcome.READ)
    missed = answered.intersection(*silent)
    rows = Observation.objects.filter(scan=scans[MISSED], address__in=missed, item__isnull=False)
    seen_since = set(
        Observation.objects.filter(scan__in=scans[:MISSED], item__isnull=False).values_list(
            "item_id", flat=True
        )
    )
    for row in rows.order_by("pk"):
        if row.item_id is not None and row.item_id not in seen_since:
            yield Difference(DriftKind.ITEM_SILENT, row.item_id, before=str(row.address))


def _addresses(scan: Scan, outcome: str) -> set[str]:
    rows = ScanTarget.objects.filter(scan=scan, outcome=outcome)
    return set(rows.values_list("address", flat=True))


def _links(scan: Scan) -> Iterator[Difference]:
    before, now = latest_looks(scan.network, before=scan.pk), latest_looks(scan.network)
    old, new = links_of(before.observations), links_of(now.observations)
    items = {**_items(old, before), **_items(new, now)}
    drift = link_drift(old, new)
    for kind, links in ((DriftKind.LINK_NEW, drift.new), (DriftKind.LINK_GONE, drift.gone)):
        for link in links:
            yield from _link(kind, link, items)
    for moved in drift.moved:
        item = items.get(moved.end.node)
        if item is not None:
            yield Difference(
                DriftKind.LINK_MOVED,
                item,
                items.get(moved.now.node),
                field=moved.end.port[:40],
                before=_words(moved.was),
                after=_words(moved.now),
            )


def _items(topology: Topology, latest: Latest) -> dict[str, int]:
    return {topology.devices.get(key, key): item for key, item in latest.items.items()}


def _link(kind: str, link: Link, items: Mapping[str, int]) -> Iterator[Difference]:
    for end, other in ((link.a, link.b), (link.b, link.a)):
        item = items.get(end.node)
        if item is not None:
            words = f"{end.port} - {_words(other)}"[:250]
            is_new = kind == DriftKind.LINK_NEW
            yield Difference(
                kind,
                item,
                items.get(other.node),
                field=end.port[:40],
                before="" if is_new else words,
                after=words if is_new else "",
            )
            return


def _words(end: End) -> str:
    return f"{end.node.removeprefix('?')} {end.port}".strip()[:250]


def _explained(items: set[int], since: datetime, now: datetime) -> dict[int, int]:
    """Return {item: change} of changes carried out on items in the time in which something may have changed."""
    rows = (
        ChangeTarget.objects.filter(
            item__in=items,
            change__state__in=CARRIED_OUT,
            change__started_at__isnull=False,
            change__started_at__lte=now,
            change__window_end_at__gte=since - GRACE,
        )
        .order_by("change__started_at", "pk")
        .values_list("item_id", "change_id")
    )
    return dict(rows)


def _row(
    scan: Scan, one: Difference, since: datetime, now: datetime, explained: Mapping[int, int]
) -> Drift:
    change = explained.get(one.item_id) or explained.get(one.other_id or 0)
    return Drift(
        network=scan.network,
        scan=scan,
        kind=one.kind,
        item_id=one.item_id,
        other_id=one.other_id,
        field=one.field,
        before=one.before,
        after=one.after,
        since=since,
        seen_at=now,
        change_id=change,
        state=DriftState.EXPLAINED if change else DriftState.UNEXPLAINED,
        created_at=now,
        updated_at=now,
    )


def settle_drift(
    *,
    actor: Actor,
    person: Person | None,
    drift: Drift,
    note: str,
    now: datetime,
    expected_version: int | None = None,
) -> Drift:
    """Note what an unexplained difference was; the caller has checked the right over the place."""
    if drift.state != DriftState.UNEXPLAINED:
        raise ConflictError(_("Nobody has to explain this any more."))
    if not note.strip():
        message = _("Write what it was.")
        raise DomainError(message, fields={"note": [message]})
    return update_object(
        actor=actor,
        instance=drift,
        changes={"state": DriftState.SETTLED, "settled_by": person, "note": note.strip()},
        now=now,
        expected_version=expected_version,
        action="settle drift",
        comment=note,
    )
