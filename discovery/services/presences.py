"""When items were last seen, and the looks in which they were missed since; what is missed too long becomes stale.

An item ages only while its observer could see: a scan counts as a look when it was completed and somebody answered it,
and only for the addresses it asked; a neighbour counts when it was itself read to the end. No item is changed here.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from common.rows import update_rows
from discovery.choices import CaseState, ScanSource, ScanState, TargetOutcome
from discovery.models import Case, LinkSighting, Network, Observation, Presence, Scan, ScanTarget
from discovery.rules.staleness import is_stale

COLUMNS = (
    "network",
    "address",
    "observer",
    "seen_at",
    "seen_scan",
    "missed_looks",
    "first_missed_at",
    "last_missed_at",
    "missed_scan",
    "stale_since",
)
REFERENCES = ("network", "observer", "seen_scan", "missed_scan")


@dataclass(frozen=True)
class PresenceCounts:
    """How many items a scan saw, missed, and how many of these became stale by it."""

    seen: int
    missed: int
    became_stale: int


@dataclass(frozen=True)
class _Sight:
    """Where an item was seen: at an address, or told of by a neighbour."""

    at: datetime
    address: str | None = None
    observer_id: int | None = None


@dataclass
class _Look:
    """What one scan tells: who was seen, at which addresses it looked, who was read to the end."""

    scan: Scan
    seen: dict[int, _Sight] = field(default_factory=dict)
    answered_as: dict[str, int | None] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    read: set[int] = field(default_factory=set)

    @property
    def counts(self) -> bool:
        """Whether not being seen means anything: the scan was completed, and not everything was dark.

        A file tells who is there, never who is not.
        """
        is_whole = self.scan.state == ScanState.COMPLETED and self.scan.source == ScanSource.SCAN
        return is_whole and bool(self.read)

    def missed(self, presence: Presence) -> bool:
        """Tell whether an item should have been seen and was not."""
        if presence.observer_id is not None:
            return presence.observer_id in self.read
        address = presence.address
        if address is None:
            return False
        # Who answers unrecognised may be the item itself: a question is no absence.
        return address in self.silent or self.answered_as.get(address) is not None


@transaction.atomic
def note_presence(*, scan: Scan, now: datetime) -> PresenceCounts:
    """Take in what a scan saw and missed; a second call for the same scan changes nothing."""
    look = _look(scan)
    held = {
        one.item_id: one
        for one in Presence.objects.select_for_update(of=("self",)).filter(
            Q(network=scan.network_id) | Q(item__in=look.seen)
        )
    }
    look.seen.update(_told_of(look, held))
    _write_seen(look, held)
    missed = list(_missed(look, held))
    became_stale = sum(_miss(one, look.scan, now) for one in missed)
    update_rows(missed, COLUMNS)
    return PresenceCounts(len(look.seen), len(missed), became_stale)


@transaction.atomic
def note_seen(*, observation: Observation) -> None:
    """Take in that a device seen earlier turned out to be an item, when a person has said so."""
    if observation.item_id is None:
        return
    look = _Look(observation.scan)
    look.seen[observation.item_id] = _Sight(observation.seen_at, str(observation.address))
    held = {one.item_id: one for one in Presence.objects.filter(item__in=look.seen)}
    _write_seen(look, held)


@transaction.atomic
def look_back(*, item_ids: Collection[int]) -> None:
    """Let a few items have been seen last where their observations say, after these were given to others."""
    for item_id in item_ids:
        told = Observation.objects.filter(item=item_id).select_related("scan")
        last = told.order_by("-seen_at", "-pk").first()
        held = Presence.objects.filter(item=item_id).first()
        if last is not None and held is not None and held.seen_at == last.seen_at:
            continue
        if held is not None and held.observer_id is None:
            held.delete()
        if last is not None:
            note_seen(observation=last)


def restate(*, network: Network, now: datetime) -> None:
    """Judge what is missed in a network again, by limits that were changed."""
    rows = list(Presence.objects.filter(network=network, missed_looks__gt=0))
    for one in rows:
        _judge(one, network, now)
    update_rows(rows, ["stale_since"])


@transaction.atomic
def hand_over_presence(*, from_id: int, to_id: int) -> None:
    """Let an item be seen where another one, which is the same device, was seen later."""
    both = Presence.objects.filter(item__in=[from_id, to_id]).select_related(*REFERENCES)
    rows = {one.item_id: one for one in both}
    given, taken = rows.get(from_id), rows.get(to_id)
    if given is None or (taken is not None and taken.seen_at >= given.seen_at):
        return
    if taken is None:
        Presence.objects.filter(pk=given.pk).update(item=to_id)
        return
    for name in COLUMNS:
        setattr(taken, name, getattr(given, name))
    update_rows([taken], COLUMNS)


def _look(scan: Scan) -> _Look:
    look = _Look(scan)
    told = Observation.objects.filter(scan=scan).order_by("-pk")
    for item_id, address, at in told.values_list("item_id", "address", "seen_at"):
        look.answered_as[str(address)] = item_id
        if item_id is not None:
            look.seen[item_id] = _Sight(at, str(address))
    outcomes = ScanTarget.objects.filter(scan=scan).order_by().values_list("address", "outcome")
    telling = outcomes.filter(outcome__in=[TargetOutcome.SILENT, TargetOutcome.READ])
    for target, outcome in telling:
        reader = look.answered_as.get(target)
        if outcome == TargetOutcome.SILENT:
            look.silent.add(target)
        elif reader is not None:
            look.read.add(reader)
    return look


def _told_of(look: _Look, held: Mapping[int, Presence]) -> dict[int, _Sight]:
    """Return items that only their neighbours know: told of by one that was read in this scan.

    An item that is known at an address is judged there: what a neighbour still tells of it may be old.
    """
    began = look.scan.started_at
    if began is None or not look.read:
        return {}
    links = LinkSighting.objects.filter(
        network=look.scan.network_id, last_seen_at__gte=began, b_item__isnull=False
    ).order_by("-pk")
    found: dict[int, _Sight] = {}
    for a_item, b_item, at in links.values_list("a_item_id", "b_item_id", "last_seen_at"):
        for observer, other in ((a_item, b_item), (b_item, a_item)):
            if other is None or observer not in look.read or other in look.seen:
                continue
            known = held.get(other)
            if known is None or known.observer_id is not None:
                found[other] = _Sight(at, observer_id=observer)
    return found


def _write_seen(look: _Look, held: dict[int, Presence]) -> None:
    new: list[Presence] = []
    changed: list[Presence] = []
    for item_id, sight in look.seen.items():
        known = held.get(item_id)
        if known is not None and known.seen_at > sight.at:
            continue
        row = known or Presence(item_id=item_id)
        row.network_id, row.seen_scan_id = look.scan.network_id, look.scan.pk
        row.address, row.observer_id, row.seen_at = sight.address, sight.observer_id, sight.at
        row.missed_looks, row.stale_since, row.missed_scan_id = 0, None, None
        row.first_missed_at = row.last_missed_at = None
        (new if known is None else changed).append(row)
    Presence.objects.bulk_create(new, batch_size=1000)
    update_rows(changed, COLUMNS)


def _missed(look: _Look, held: Mapping[int, Presence]) -> Iterator[Presence]:
    if not look.counts:
        return
    in_question = _in_question(look.scan)
    for item_id, one in held.items():
        is_here = one.network_id == look.scan.network_id
        if not is_here or item_id in look.seen or item_id in in_question:
            continue
        if one.missed_scan_id != look.scan.pk and look.missed(one):
            yield one


def _in_question(scan: Scan) -> Collection[int]:
    """Return the items that a device of this scan may be: nobody knows yet whether they were seen."""
    asked = Case.objects.filter(observation__scan=scan, state=CaseState.OPEN).order_by()
    ids: Iterable[int | None] = asked.values_list("candidates", flat=True)
    return {pk for pk in ids if pk is not None}


def _miss(one: Presence, scan: Scan, now: datetime) -> bool:
    """Count a look in which an item was missed; tell whether it became stale by it."""
    at = scan.finished_at or now
    was_stale = one.stale_since is not None
    one.missed_looks += 1
    one.first_missed_at = one.first_missed_at or at
    one.last_missed_at, one.missed_scan_id = at, scan.pk
    _judge(one, scan.network, at)
    return one.stale_since is not None and not was_stale


def _judge(one: Presence, network: Network, at: datetime) -> None:
    stale = is_stale(
        one.missed_looks,
        one.first_missed_at,
        one.last_missed_at,
        looks=network.stale_looks,
        days=network.stale_days,
    )
    one.stale_since = (one.stale_since or at) if stale else None
