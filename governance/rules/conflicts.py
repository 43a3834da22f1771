"""Which other changes stand in the way of one: same time and same, neighbouring or redundant thing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

NO_IDS: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a change touches, as ids, and when.

    `neighbour_ids` are parents and children of the targets; `group_ids` redundancy groups they
    provide to; `conduit_ids` the conduits between zones the targets speak over.
    """

    number: str
    starts_at: datetime
    ends_at: datetime
    target_ids: frozenset[int]
    neighbour_ids: frozenset[int] = NO_IDS
    group_ids: frozenset[int] = NO_IDS
    conduit_ids: frozenset[int] = NO_IDS
    implementer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """Another change in the way, and why: `kind` is item, neighbour, redundancy, conduit or person."""

    number: str
    kind: str
    ids: frozenset[int]


def overlaps(one: Footprint, other: Footprint) -> bool:
    """Tell whether two windows share time; touching ends do not."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def clashes(one: Footprint, others: Sequence[Footprint]) -> list[Clash]:
    """Return every clash of a change with others, the worst kind first for each.

    >>> from datetime import datetime, timedelta
    >>> at, hour = datetime(2026, 11, 16, 8), timedelta(hours=1)
    >>> mine = Footprint("", at, at + hour, frozenset({1}), group_ids=frozenset({9}))
    >>> same = Footprint("CHG-1", at, at + hour, frozenset({1}))
    >>> twin = Footprint("CHG-2", at, at + hour, frozenset({2}), group_ids=frozenset({9}))
    >>> late = Footprint("CHG-3", at + hour, at + 2 * hour, frozenset({1}))
    >>> [(clash.number, clash.kind) for clash in clashes(mine, [same, twin, late])]
    [('CHG-1', 'item'), ('CHG-2', 'redundancy')]
    """
    return [
        clash for other in others if overlaps(one, other) for clash in _clashes_with(one, other)
    ]


def _clashes_with(one: Footprint, other: Footprint) -> list[Clash]:
    neighbours = (one.neighbour_ids & other.target_ids) | (one.target_ids & other.neighbour_ids)
    shared = {
        "item": one.target_ids & other.target_ids,
        "neighbour": neighbours - (one.target_ids & other.target_ids),
        "redundancy": one.group_ids & other.group_ids,
        "conduit": one.conduit_ids & other.conduit_ids,
    }
    found = [Clash(other.number, kind, ids) for kind, ids in shared.items() if ids]
    if one.implementer_id is not None and one.implementer_id == other.implementer_id:
        found.append(Clash(other.number, "person", frozenset({one.implementer_id})))
    return found


@dataclass(frozen=True, slots=True)
class AllowedWindow:
    """When changes are welcome, in the plant's time: weekdays (Monday is 0) and a span of the day.

    A span that ends before it starts runs over midnight. No weekdays and no span: any time.
    """

    weekdays: frozenset[int] = NO_IDS
    opens: time | None = None
    closes: time | None = None


def is_in_window(allowed: AllowedWindow, starts: datetime, ends: datetime) -> bool:
    """Tell whether a window given in local time lies in the allowed one.

    >>> from datetime import datetime, time
    >>> night = AllowedWindow(opens=time(22), closes=time(4))
    >>> is_in_window(night, datetime(2026, 11, 16, 23), datetime(2026, 11, 17, 3))
    True
    >>> is_in_window(night, datetime(2026, 11, 16, 14), datetime(2026, 11, 16, 15))
    False
    >>> is_in_window(AllowedWindow(weekdays=frozenset({6})), datetime(2026, 11, 16, 1),
    ...              datetime(2026, 11, 16, 2))
    False
    """
    if allowed.weekdays and not {starts.weekday(), ends.weekday()} <= allowed.weekdays:
        return False
    if allowed.opens is None or allowed.closes is None:
        return True
    length = (ends - starts).total_seconds() / 60
    opened = _minutes_since(allowed.opens, starts.time())
    return opened + length <= (_minutes_since(allowed.opens, allowed.closes) or 24 * 60)


def _minutes_since(opens: time, moment: time) -> float:
    minutes = (moment.hour - opens.hour) * 60 + moment.minute - opens.minute
    return minutes % (24 * 60)
