"""When an item that is no longer seen counts as stale: looked for often enough, over long enough."""

from datetime import datetime, timedelta


def is_stale(
    missed_looks: int,
    first_missed_at: datetime | None,
    last_missed_at: datetime | None,
    *,
    looks: int,
    days: int,
) -> bool:
    """Tell whether looks in which an item was missed pass the network's limits.

    Both count: many looks in an hour say little, and so does one look a month later.

    >>> from datetime import UTC
    >>> monday = datetime(2026, 11, 16, tzinfo=UTC)
    >>> is_stale(3, monday, monday + timedelta(days=7), looks=3, days=7)
    True
    >>> is_stale(30, monday, monday + timedelta(hours=30), looks=3, days=7)
    False
    >>> is_stale(2, monday, monday + timedelta(days=60), looks=3, days=7)
    False
    """
    if first_missed_at is None or last_missed_at is None or missed_looks < looks:
        return False
    return last_missed_at - first_missed_at >= timedelta(days=days)
