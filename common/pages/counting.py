"""How many rows a list has: exact while that is cheap, the planner's estimate when it is not."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import QuerySet

EXACT_UP_TO = 10_000


@dataclass(frozen=True)
class Total:
    """A number of rows; an estimate says so."""

    value: int
    is_estimate: bool = False


def total_of(queryset: QuerySet[Any]) -> Total:
    """Return the number of rows, counting no further than EXACT_UP_TO on PostgreSQL.

    SQLite counts an index of some hundred thousand rows in a few milliseconds and keeps no estimate.
    """
    unordered = queryset.order_by()
    connection = connections[queryset.db]
    if connection.vendor != "postgresql":
        return Total(unordered.count())
    counted = unordered[: EXACT_UP_TO + 1].count()
    if counted <= EXACT_UP_TO:
        return Total(counted)
    plan = json.loads(unordered.values("pk").explain(format="json"))
    return Total(max(int(plan[0]["Plan"]["Plan Rows"]), counted), is_estimate=True)
