"""When a scheduled scan is due: weekdays at a local time, or every so many hours, in the site's own time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from discovery.rules.windows import BadWindowError, Window, parse_windows, window_end

#: A moment found this late was found in time: the clock is looked at once a minute.
IN_TIME = timedelta(minutes=3)
_WORDS = re.compile(r"[A-Za-z ,-]+")
#: A time that is nowhere in what people type: weekdays are read by the reader of windows.
_ANY_TIME = "00:00-12:00"


class BadWeekdaysError(ValueError):
    """Text that names no weekdays; the message says what is expected."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Weekdays (0 is Monday) at a local time, or every `every_hours` counted from that time on the first day.

    `last` is the last local day; None: it goes on.
    """

    days: frozenset[int]
    at: time
    first: date
    every_hours: int | None = None
    last: date | None = None


def parse_weekdays(text: str) -> frozenset[int]:
    """Return the weekdays people typed; none for no text.

    >>> sorted(parse_weekdays("Fri-Sun, Wed")), parse_weekdays(" ")
    ([2, 4, 5, 6], frozenset())
    >>> parse_weekdays("every day")
    Traceback (most recent call last):
    discovery.rules.schedules.BadWeekdaysError: “every day” names no weekdays; write them as in Mon-Fri or Sat Sun.
    """
    given = text.strip()
    if not given:
        return frozenset()
    try:
        if not _WORDS.fullmatch(given):
            raise BadWindowError
        (window,) = parse_windows(f"{given} {_ANY_TIME}")
    except BadWindowError as error:
        message = f"“{given}” names no weekdays; write them as in Mon-Fri or Sat Sun."
        raise BadWeekdaysError(message) from error
    return window.days


def next_due(timing: Timing, zone: str, after: datetime) -> datetime | None:
    """Return the first moment after `after` at which it is due (UTC); None when there is none left.

    >>> nights = Timing(frozenset({5}), time(22), date(2026, 11, 1))
    >>> next_due(nights, "Europe/Berlin", datetime(2026, 11, 21, 21, tzinfo=UTC)).isoformat()
    '2026-11-28T21:00:00+00:00'
    """
    return next(_moments(timing, zone, after), None)


def due_between(
    timing: Timing, zone: str, after: datetime, until: datetime
) -> tuple[datetime | None, int]:
    """Return the last moment after `after` and not after `until` at which it was due, and how many there were.

    >>> hourly = Timing(frozenset(), time(6), date(2026, 11, 21), every_hours=6)
    >>> start = datetime(2026, 11, 21, 5, tzinfo=UTC)
    >>> found, count = due_between(hourly, "Europe/Berlin", start, start + timedelta(hours=13))
    >>> found.isoformat(), count
    ('2026-11-21T17:00:00+00:00', 2)
    """
    found: datetime | None = None
    count = 0
    for moment in _moments(timing, zone, after):
        if moment > until:
            break
        found, count = moment, count + 1
    return found, count


def is_too_late(
    due: datetime, now: datetime, *, windows: tuple[Window, ...], zone: str, is_ot: bool
) -> bool:
    """Tell whether a moment that was missed must not be made up for.

    One found in time never is. Later it is made up for only while the window it fell into is still open: nothing
    starts in OT because a server came back. In IT without windows any time is as good.
    """
    if now - due <= IN_TIME:
        return False
    if not windows:
        return is_ot
    end = window_end(windows, zone, due)
    return end is None or end <= now


def _moments(timing: Timing, zone: str, after: datetime) -> Iterator[datetime]:
    """Yield the due moments after a moment, in order, in UTC."""
    if timing.every_hours is not None:
        yield from _by_hours(timing, timing.every_hours, zone, after)
        return
    if not timing.days:
        return
    # A day early: local midnight may stand on the other side of the date line.
    day = max(timing.first, after.astimezone(ZoneInfo(zone)).date() - timedelta(days=1))
    while timing.last is None or day <= timing.last:
        if day.weekday() in timing.days and (moment := _moment(day, timing.at, zone)) > after:
            yield moment
        day += timedelta(days=1)


def _by_hours(timing: Timing, hours: int, zone: str, after: datetime) -> Iterator[datetime]:
    start, step = _moment(timing.first, timing.at, zone), timedelta(hours=hours)
    passed = max(0, (after - start) // step + 1)
    moment = start + passed * step
    while timing.last is None or moment.astimezone(ZoneInfo(zone)).date() <= timing.last:
        yield moment
        moment += step


def _moment(day: date, at: time, zone: str) -> datetime:
    """Return a local time of a day in UTC: once, also when clocks change.

    A time that a change of clocks leaves out comes an hour later on the clock, one that comes twice the first time.

    >>> _moment(date(2026, 3, 29), time(2, 30), "Europe/Berlin").isoformat()
    '2026-03-29T01:30:00+00:00'
    >>> _moment(date(2026, 10, 25), time(2, 30), "Europe/Berlin").isoformat()
    '2026-10-25T00:30:00+00:00'
    """
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
