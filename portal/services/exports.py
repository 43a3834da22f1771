"""An export is an act of its own: who took what out of the inventory stands in the ledger."""

from collections.abc import Iterator
from datetime import datetime

from django.http import QueryDict

from accounts.models import User
from common.actor import Actor
from evidence.services import Entry, record_many
from portal.queries.exports import exported


def request_export(
    *, kind_name: str, user: User, query: QueryDict, site_path: str, actor: Actor, now: datetime
) -> Iterator[list[str]]:
    """Record the export and return its rows, header first."""
    rows = exported(
        kind_name=kind_name, user=user, query=query, site_path=site_path, actor=actor, now=now
    )
    entry = Entry(
        action="export",
        object_type=f"import.{kind_name}",
        object_id=None,
        object_label=kind_name,
        after={"filters": query.urlencode()},
        scope_path=site_path,
    )
    record_many(actor=actor, entries=[entry], now=now)
    return rows
