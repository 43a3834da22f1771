"""When active discovery may run: weekly windows in the plant's own time, and what remains of one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

_LINE = re.compile(
    r"([A-Za-z]{3}(?:-[A-Za-z]{3})?(?:[ ,]+[A-Za-z]{3}(?:-[A-Za-z]{3})?)*)\s+(\S+)-(\S+)"
)
MONDAY_TO_SUNDAY = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class BadWindowError(ValueError):
    """A line that is no window; the message names it."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch that begins on certain weekdays (0 is Monday); past midnight when it ends before it starts."""

    days: frozenset[int]
    starts: time
    ends: time

    def __str__(self) -> str:
        days = " ".join(MONDAY_TO_SUNDAY[day] for day in sorted(self.days))
        return f"{days} {self.starts:%H:%M}-{self.ends:%H:%M}"


def window_end(windows: Sequence[Window], zone: str, at: datetime) -> datetime | None:
    """Return when the window that `at` stands in closes (the last one, where they overlap).

    None outside every window. A network without windows has none open: the caller decides what that means.

    >>> night = Window(frozenset({5}), time(22), time(4))
    >>> sunday = datetime(2026, 11, 22, 1, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    >>> window_end([night], "Europe/Berlin", sunday).isoformat()
    '2026-11-22T04:00:00+01:00'
    >>> window_end([night], "Europe/Berlin", sunday + timedelta(hours=3)) is None
    True
    """
    local = at.astimezone(ZoneInfo(zone))
    ends = [
        end
        for window in windows
        for day in (local - timedelta(days=1), local)
        if day.weekday() in window.days
        and (stretch := _stretch(window, day))
        and stretch[0] <= local < (end := stretch[1])
    ]
    return max(ends, default=None)


def _stretch(window: Window, day: datetime) -> tuple[datetime, datetime]:
    """Return start and end of the window that begins on a day."""
    start = datetime.combine(day.date(), window.starts, day.tzinfo)
    last = day.date() if window.ends > window.starts else day.date() + timedelta(days=1)
    return start, datetime.combine(last, window.ends, day.tzinfo)


def parse_windows(text: str) -> tuple[Window, ...]:
    """Return the windows people typed, one a line: days, then from-until; what follows # is a remark.

    >>> [str(one) for one in parse_windows("Sat-Sun 22:00-04:00\\nWed 12:00-12:30 # lunch")]
    ['Sat Sun 22:00-04:00', 'Wed 12:00-12:30']
    >>> parse_windows("weekends")
    Traceback (most recent call last):
    discovery.rules.windows.BadWindowError: “weekends” is not a window; write days and times, as in Sat-Sun 22:00-04:00.
    """
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return tuple(_window(line) for line in lines if line)


def _window(line: str) -> Window:
    match = _LINE.fullmatch(line)
    try:
        if match is None:
            raise ValueError
        days, starts, ends = match.groups()
        window = Window(_days(days), time.fromisoformat(starts), time.fromisoformat(ends))
    except ValueError as error:
        message = f"“{line}” is not a window; write days and times, as in Sat-Sun 22:00-04:00."
        raise BadWindowError(message) from error
    if window.starts == window.ends:
        raise BadWindowError(f"“{line}” ends when it starts; a window has a length.")
    return window


def _days(text: str) -> frozenset[int]:
    """Return weekdays; a stretch may run over Sunday. ValueError for what is no day."""
    found: set[int] = set()
    for part in re.split(r"[ ,]+", text):
        first, _dash, last = part.partition("-")
        start = MONDAY_TO_SUNDAY.index(first.capitalize())
        stop = MONDAY_TO_SUNDAY.index((last or first).capitalize())
        found.update((start + step) % 7 for step in range((stop - start) % 7 + 1))
    return frozenset(found)
