"""Schedules as people read them: when they run, when next, what came of the last moment."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from discovery.access import schedules_visible_to
from discovery.choices import ScheduleOutcome
from discovery.models import Schedule, ScheduledRun
from discovery.queries.clocks import time_zones_of
from discovery.queries.scan_results import seconds_between
from discovery.rules.schedules import next_due


@dataclass(frozen=True, slots=True)
class ScheduleStanding:
    """How a schedule stands: when it is due next, what came of the last moment, how long its scan took."""

    words: str
    zone: str
    next_at: datetime | None
    last: ScheduledRun | None
    seconds: float | None

    @property
    def is_skipped(self) -> bool:
        """Whether the last moment passed without a scan."""
        return self.last is not None and self.last.outcome == ScheduleOutcome.SKIPPED


def standings_of_schedules(ids: Collection[int], *, at: datetime) -> dict[int, ScheduleStanding]:
    """Return how schedules stand at a moment: four queries, however many they are."""
    schedules = list(
        Schedule.objects.filter(pk__in=ids).select_related("network__location").order_by()
    )
    zones = time_zones_of(one.network for one in schedules)
    last = _last_runs(schedules)
    return {
        one.pk: _standing(one, zones[one.network_id], last.get(one.pk), at) for one in schedules
    }


def _standing(
    schedule: Schedule, zone: str, last: ScheduledRun | None, at: datetime
) -> ScheduleStanding:
    after = max(at, schedule.armed_at)
    scan = last.scan if last else None
    return ScheduleStanding(
        words=timing_in_words(
            schedule.weekdays, schedule.local_time, schedule.every_hours, schedule.first_date
        ),
        zone=zone,
        next_at=next_due(schedule.timing, zone, after) if schedule.is_active else None,
        last=last,
        seconds=seconds_between(scan.started_at, scan.finished_at, at=at) if scan else None,
    )


def _last_runs(schedules: Iterable[Schedule]) -> Mapping[int, ScheduledRun]:
    rows = ScheduledRun.objects.filter(schedule__in=[one.pk for one in schedules]).order_by()
    newest = rows.values("schedule").annotate(newest=Max("pk")).values_list("newest", flat=True)
    found = ScheduledRun.objects.filter(pk__in=list(newest)).select_related("scan").order_by()
    return {run.schedule_id: run for run in found}


def timing_in_words(weekdays: str, at: time, every_hours: int | None, first: date) -> str:
    """Return when a schedule runs."""
    clock = f"{at:%H:%M}"
    if every_hours is None:
        return _("%(days)s at %(clock)s") % {"days": weekdays, "clock": clock}
    words = ngettext("every hour", "every %(hours)d hours", every_hours) % {"hours": every_hours}
    return _("%(every)s from %(day)s, %(clock)s") % {
        "every": words,
        "day": date_format(first, "j M Y"),
        "clock": clock,
    }


def skipped_for(user: User, *, at: datetime) -> list[tuple[Schedule, ScheduledRun]]:
    """Return the user's own schedules whose last moment passed without a scan, with the reason."""
    own = schedules_visible_to(user).filter(owner=user, is_active=True)
    schedules = list(own.select_related("network").order_by("name", "pk"))
    last = _last_runs(schedules) if schedules else {}
    return [
        (one, run)
        for one in schedules
        if (run := last.get(one.pk)) is not None
        and run.outcome == ScheduleOutcome.SKIPPED
        and run.due_at <= at
    ]
