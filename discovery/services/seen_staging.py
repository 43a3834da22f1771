"""What a file told, as rows of its run: staged observations with what is kept of each address."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from django.utils.translation import gettext as _

from discovery.choices import ObservationVerdict, TargetOutcome
from discovery.models import Observation, Scan, ScanTarget
from discovery.models.scans import packed
from discovery.queries.seen_files import SeenDevice, SeenFile
from discovery.queries.seen_switches import SeenSwitch
from discovery.services.staging import plain_sighting
from discovery.topology.sightings import Sighting

BATCH = 1000
Row = TypeVar("Row")


def stage(scan: Scan, seen: SeenFile, now: datetime) -> None:
    """Store the observations of a file, a batch at a time; the caller's transaction keeps them all or none."""
    for devices in _parts(seen.devices):
        _store(
            [observation_row(scan, one) for one in devices], [_target(scan, one) for one in devices]
        )
    for switches in _parts(seen.switches):
        _store(
            [_of_switch(scan, one, now) for one in switches],
            [_target_of_switch(scan, one, now) for one in switches],
        )


def _parts(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def _store(observations: Sequence[Observation], targets: Sequence[ScanTarget]) -> None:
    ScanTarget.objects.bulk_create(targets)
    for row, target in zip(observations, targets, strict=True):
        row.target = target
    Observation.objects.bulk_create(observations)


def observation_row(scan: Scan, device: SeenDevice) -> Observation:
    """Return the unsaved observation of a device a file tells of."""
    return Observation(
        network=scan.network,
        scan=scan,
        address=device.address,
        seen_at=device.seen_at,
        sighting=plain_sighting(device.sighting),
        values=dict(device.values),
    )


def _target(scan: Scan, device: SeenDevice) -> ScanTarget:
    return ScanTarget(
        scan=scan,
        address=device.address,
        outcome=TargetOutcome.READ,
        identity=dict(device.identity),
        services=list(device.services),
        read_at=device.seen_at,
    )


def _of_switch(scan: Scan, switch: SeenSwitch, now: datetime) -> Observation:
    """Return the observation that keeps a switch's table; which item it is was told, not concluded."""
    return Observation(
        network=scan.network,
        scan=scan,
        address=switch.address,
        seen_at=now,
        sighting=plain_sighting(
            Sighting(switch.address, scan.network.code, switch.address, name=switch.name)
        ),
        values={"name": switch.name},
        verdict=ObservationVerdict.UNCHANGED,
        reason=_("Named in the file as the switch of the table."),
        item_id=switch.item_id,
    )


def _target_of_switch(scan: Scan, switch: SeenSwitch, now: datetime) -> ScanTarget:
    return ScanTarget(
        scan=scan,
        address=switch.address,
        outcome=TargetOutcome.READ,
        variable_count=len(switch.table),
        raw=packed(switch.table),
        read_at=now,
    )
