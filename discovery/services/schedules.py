"""Writes of schedules: a schedule runs in the name of who saved it last."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import User
from common.actor import Actor
from discovery.models import Network, Schedule
from discovery.services.scans import planned
from evidence.services import create_object, delete_object, update_object

#: What a change of makes the moments before it no longer due.
TIMING = (
    "weekdays",
    "local_time",
    "every_hours",
    "first_date",
    "last_date",
    "is_active",
    "network",
)


def create_schedule(
    *, actor: Actor, owner: User, values: Mapping[str, Any], now: datetime, comment: str = ""
) -> Schedule:
    """Add a schedule. The caller has checked the owner's right over the network.

    Raises DomainError on `targets` that cannot be read.
    """
    schedule = Schedule(**values, owner=owner, armed_at=now)
    _require_targets(schedule.network, schedule.targets, now)
    return create_object(actor=actor, instance=schedule, now=now, comment=comment)


def change_schedule(
    *,
    actor: Actor,
    owner: User,
    schedule: Schedule,
    values: Mapping[str, Any],
    now: datetime,
    expected_version: int | None = None,
    comment: str = "",
) -> Schedule:
    """Change a schedule and take it over: nobody's right carries what somebody else has written.

    Moments that passed before the change are not made up for. The caller has checked the owner's right.
    """
    network = values.get("network", schedule.network)
    _require_targets(network, values.get("targets", schedule.targets), now)
    changes = {**values, "owner": owner}
    if any(name in values and values[name] != getattr(schedule, name) for name in TIMING):
        changes["armed_at"] = now
    return update_object(
        actor=actor,
        instance=schedule,
        changes=changes,
        now=now,
        expected_version=expected_version,
        comment=comment,
    )


def delete_schedule(*, actor: Actor, schedule: Schedule, now: datetime) -> None:
    """Delete a schedule and the record of its moments; its scans stay."""
    delete_object(actor=actor, instance=schedule, now=now)


def _require_targets(network: Network, targets: str, now: datetime) -> None:
    planned(network, targets, now)
