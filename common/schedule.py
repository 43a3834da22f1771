"""The beat's schedule in the database, which starts whole or not at all.

The library logs an entry it could not write and begins without it: with the database away at that moment there would
be no reaper until the next restart. Here the beat begins again instead (see beat).
"""

from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler


class ScheduleIncompleteError(RuntimeError):
    """Entries of the settings are not in the database."""


class Schedule(DatabaseScheduler):  # type: ignore[misc]
    """The library's scheduler, after a look whether all entries are there."""

    def setup_schedule(self) -> None:
        """Write the entries of the settings. Raises ScheduleIncompleteError, or what the database raises.

        Entries of tasks that an older version had are removed: no worker knows them any more.
        """
        PeriodicTask.objects.exclude(task__in=list(self.app.tasks)).delete()
        super().setup_schedule()
        wanted = set(self.app.conf.beat_schedule)
        there = PeriodicTask.objects.filter(name__in=wanted).values_list("name", flat=True)
        if missing := wanted - set(there):
            raise ScheduleIncompleteError(", ".join(sorted(missing)))
