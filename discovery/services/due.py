"""Starts what is due: computed from the schedules and the record of their moments, never from a queue's memory.

Each moment is one row, written first and under a unique key, so that two beats cannot start it twice. Everything that
speaks against a start is a reason on that row; nothing starts when in doubt.
"""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import DomainError
from discovery.access import may_discover
from discovery.choices import ScheduleOutcome
from discovery.models import Schedule, ScheduledRun
from discovery.queries.clocks import time_zones_of
from discovery.rules.safety import OT_LEVELS
from discovery.rules.schedules import due_between, is_too_late
from discovery.rules.windows import parse_windows
from discovery.services.scans import start_scan

logger = logging.getLogger(__name__)


class NotStartedError(DomainError):
    """A scheduled scan must not start; the sentence says why."""


def start_due(*, now: datetime) -> list[ScheduledRun]:
    """Decide every moment that has come due since it was last looked at; return what was decided.

    Of several missed moments of a schedule only the last is looked at. A schedule that breaks does not keep the others
    from being looked at; one that the database did not take is tried again at the next look.
    """
    schedules = list(
        Schedule.objects.filter(is_active=True)
        .select_related("network__location", "network__zone__site", "network__credential")
        .order_by("pk")
    )
    zones = time_zones_of(one.network for one in schedules)
    looked_at = _looked_at(schedules)
    found = []
    for schedule in schedules:
        after = max(schedule.armed_at, looked_at.get(schedule.pk, schedule.armed_at))
        zone = zones[schedule.network_id]
        due, count = due_between(schedule.timing, zone, after, now)
        if due is None:
            continue
        run = ScheduledRun(schedule=schedule, due_at=due, decided_at=now, missed_count=count - 1)
        if _decide(run, zone, now):
            found.append(run)
    return found


def _looked_at(schedules: Iterable[Schedule]) -> dict[int, datetime]:
    rows = ScheduledRun.objects.filter(schedule__in=[one.pk for one in schedules]).order_by()
    return dict(rows.values_list("schedule").annotate(last=Max("due_at")))


def _decide(run: ScheduledRun, zone: str, now: datetime) -> bool:
    """Start the scan of a moment, or write down why not; False when another beat had the moment first."""
    try:
        with transaction.atomic():
            run.outcome = ScheduleOutcome.SKIPPED
            run.save(force_insert=True)
            _start(run, zone, now)
            run.save(update_fields=["outcome", "reason", "scan"])
    except IntegrityError:
        return False
    except DatabaseError:
        logger.exception("schedule_not_decided", extra={"schedule": run.schedule_id})
        return False
    return True


def _start(run: ScheduledRun, zone: str, now: datetime) -> None:
    try:
        with transaction.atomic():
            owner = _owner(run.schedule)
            _require_in_time(run, zone, now)
            run.scan = start_scan(
                actor=owner.as_actor(channel="task"),
                network=run.schedule.network,
                requester=owner.person,
                targets=run.schedule.targets,
                now=now,
            )
    except DomainError as error:
        run.reason = str(error)[:300]
    except DatabaseError:
        raise
    except Exception:
        # One broken schedule must not keep the others from being looked at.
        logger.exception("schedule_broken", extra={"schedule": run.schedule_id})
        run.reason = _("It could not be started: an unexpected error; the log has it.")
    else:
        run.outcome = ScheduleOutcome.STARTED


def _owner(schedule: Schedule) -> User:
    """Return the owner, whose right is read anew. Raises NotStartedError when they have none any more."""
    owner = User.objects.select_related("person").get(pk=schedule.owner_id)
    if not may_discover(owner, schedule.network):
        raise NotStartedError(
            _(
                "%(owner)s may not run discovery at %(place)s any more; somebody who may saves it anew."
            )
            % {"owner": owner, "place": schedule.network.location}
        )
    if owner.person is not None and not owner.person.is_active:
        raise NotStartedError(
            _("%s is no longer with us; somebody who runs discovery there saves it anew.") % owner
        )
    return owner


def _require_in_time(run: ScheduledRun, zone: str, now: datetime) -> None:
    network = run.schedule.network
    late = is_too_late(
        run.due_at,
        now,
        windows=parse_windows(network.windows),
        zone=zone,
        is_ot=network.purdue_level in OT_LEVELS,
    )
    if late:
        raise NotStartedError(
            _("Discovery was not running when it was due, and the window of that moment is over.")
        )
