"""A moment out of what a person typed: nothing is now, a day is the end of that day."""

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from common.errors import DomainError


class MomentError(DomainError):
    """The text is no day and no moment."""


def moment_of(text: str, *, now: datetime) -> datetime:
    """Return the moment; a day counts as it ended in the plant's zone, today as it is now."""
    if not text:
        return now
    try:
        moment, day = parse_datetime(text) if "T" in text else None, parse_date(text)
    except ValueError:
        moment, day = None, None
    if moment is not None:
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    if day is None:
        raise MomentError(
            _("'%s' is not a day or moment such as 2026-11-21 or 2026-11-21T06:00:00Z.") % text,
            fields={"at": [_("Not a day.")]},
        )
    return now if day == timezone.localtime(now).date() else _end_of(day)


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
