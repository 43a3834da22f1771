"""`/api/evidence/entries/`: the ledger, newest first, paged by number so that depth costs nothing."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.paging import Window, link_with
from evidence.access import entries_visible_to, ledger_entry_for
from evidence.filters import LedgerFilterSet
from evidence.models import LedgerEntry

FIELDS = tuple(column.attname for column in LedgerEntry._meta.concrete_fields)
PARAMETERS = [
    OpenApiParameter(name, str, many=True, description=str(one.label or ""))
    for name, one in LedgerFilterSet.known_filters().items()
]


def as_dict(row: tuple[Any, ...]) -> dict[str, Any]:
    """Return a row of FIELDS as the API shows it."""
    entry = dict(zip(FIELDS, row, strict=True))
    entry["url"] = f"/api/evidence/entries/{row[0]}/"
    return entry


class EntryList(APIView):
    """What was done, by whom, to what."""

    @extend_schema(
        operation_id="evidence_entries_list",
        parameters=[
            *PARAMETERS,
            OpenApiParameter("limit", int, description="At most this many (50; up to 1000)."),
            OpenApiParameter("before", int, description="Only entries with a smaller number."),
        ],
        responses={200: dict},
    )
    def get(self, request: Request) -> Response:
        """Return a page; `next` continues at smaller numbers, `count` is not computed."""
        query = request.GET.copy()
        before = query.pop("before", [])
        if before:
            query["sequence__lt"] = before[-1]
        rows = LedgerFilterSet(query, entries_visible_to(request.user)).qs
        limit = Window(request).limit
        results = self._page(rows, limit)
        following = None
        if len(results) > limit:
            del results[limit:]
            following = link_with(request, before=str(results[-1]["sequence"]))
        return Response({"count": None, "next": following, "previous": None, "results": results})

    @staticmethod
    def _page(rows: QuerySet[LedgerEntry], limit: int) -> list[dict[str, Any]]:
        page = rows.order_by("-sequence").values_list(*FIELDS)[: limit + 1]
        return [as_dict(row) for row in page]


class EntryDetail(APIView):
    """One entry."""

    @extend_schema(operation_id="evidence_entries_retrieve", responses={200: dict})
    def get(self, request: Request, pk: int) -> Response:
        """Return the entry with its hashes."""
        entry = ledger_entry_for(request.user, pk)
        return Response(as_dict(tuple(getattr(entry, name) for name in FIELDS)))
