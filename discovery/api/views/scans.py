"""Scans over the API: start, watch, cancel, read what came of it; the dry run before."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.paging import Window, link_with
from common.api.reading import reader_for
from common.filters import FilterSet
from discovery.access import (
    probes_visible_to,
    require_discovery,
    scan_targets_visible_to,
    scans_visible_to,
)
from discovery.api.serializers import (
    DryRunSerializer,
    ProbeSerializer,
    ScanSerializer,
    ScanTargetSerializer,
)
from discovery.api.views.policies import Step
from discovery.filters import ProbeFilterSet, ScanFilterSet, ScanTargetFilterSet
from discovery.models import Scan
from discovery.queries.dry_runs import grouped, plain_run, plain_target
from discovery.services import cancel_scan, start_scan
from discovery.services.scans import planned

Values = Mapping[str, Any]
PAGED = [OpenApiParameter("limit", int), OpenApiParameter("offset", int)]


class ScanResource(Step):
    """Scans. Creating one starts it; a finished one is a record."""

    serializer_class = ScanSerializer
    filterset = ScanFilterSet
    orderings = ("id", "started_at", "finished_at", "packet_count")
    default_ordering = ("-id",)

    def rows(self) -> QuerySet[Scan]:
        """Return the scans of visible networks."""
        return scans_visible_to(self.caller)

    @transaction.atomic
    def create_rows(self, values: Sequence[Values]) -> Sequence[Scan]:
        """Start scans, one for each network."""
        for one in values:
            require_discovery(self.caller, one["network"].location)
        now = timezone.now()
        return [
            start_scan(
                actor=self.actor,
                network=one["network"],
                requester=self.caller.person,
                targets=one.get("targets", ""),
                now=now,
            )
            for one in values
        ]

    @extend_schema(request=None, responses={200: ScanSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Cancel a scan that waits or runs."""
        row = self._row(pk)
        require_discovery(self.caller, row.network.location)
        return self.answer(cancel_scan(actor=self.actor, scan=row, now=timezone.now()))

    @extend_schema(parameters=PAGED, responses={200: ScanTargetSerializer(many=True)})
    @action(detail=True, methods=["get"])
    def targets(self, request: Request, pk: str) -> Response:
        """Return what came of each address, a page at a time, filtered as the page's table."""
        rows = scan_targets_visible_to(self.caller).filter(scan=self._row(pk))
        return self._page(rows, ScanTargetFilterSet, ScanTargetSerializer)

    @extend_schema(parameters=PAGED, responses={200: ProbeSerializer(many=True)})
    @action(detail=True, methods=["get"])
    def probes(self, request: Request, pk: str) -> Response:
        """Return every probe as it was sent or refused, a page at a time."""
        rows = probes_visible_to(self.caller).filter(scan=self._row(pk))
        return self._page(rows, ProbeFilterSet, ProbeSerializer)

    def _page(self, rows: QuerySet[Any], filters: type[FilterSet], shape: type[Any]) -> Response:
        request, window = self.request, Window(self.request)
        found = filters(request.GET, rows).qs.order_by("id")
        page = found[window.offset : window.offset + window.limit + 1]
        results = reader_for(shape).read(page, self.caller)  # type: ignore[arg-type]
        return Response(window.envelope(request, found, results))


class DryRunView(APIView):
    """What a scan would send, without sending anything."""

    @extend_schema(request=DryRunSerializer, parameters=PAGED, responses={200: dict})
    def post(self, request: Request) -> Response:
        """Return counts by reason, and a page of the addresses of one group."""
        serializer = DryRunSerializer(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        sent: dict[str, Any] = serializer.validated_data
        network, user = sent["network"], request.user
        require_discovery(user, network.location)  # type: ignore[arg-type]
        run = planned(network, sent["targets"], timezone.now())
        found, window = grouped(run, shown=sent["show"]), Window(request)
        end = window.offset + window.limit
        following = link_with(request, offset=str(end)) if end < len(found.rows) else None
        targets = {
            "group": found.shown,
            "count": len(found.rows),
            "next": following,
            "results": [plain_target(one) for one in found.rows[window.offset : end]],
        }
        return Response({"network": network.code, **plain_run(found), "targets": targets})
