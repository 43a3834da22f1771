"""What changed on networks between two looks, over the API."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assets.references import item_ref
from common.api.preconditions import expected_version
from common.api.resources import ResourceSerializer
from discovery.access import drifts_visible_to, require_discovery
from discovery.api.fields import change_ref, network_ref
from discovery.api.views.policies import Step
from discovery.choices import DriftKind, DriftState
from discovery.filters import DriftFilterSet
from discovery.models import Drift
from discovery.services import settle_drift


class DriftSerializer(ResourceSerializer):
    """One difference between two looks; `other` is the far end of a link."""

    network = network_ref(read_only=True)
    kind = serializers.ChoiceField(choices=DriftKind.choices, read_only=True)
    item = item_ref(read_only=True)
    other = item_ref(read_only=True)
    field = serializers.CharField(read_only=True)
    before = serializers.CharField(read_only=True)
    after = serializers.CharField(read_only=True)
    since = serializers.DateTimeField(read_only=True)
    seen_at = serializers.DateTimeField(read_only=True)
    state = serializers.ChoiceField(choices=DriftState.choices, read_only=True)
    change = change_ref(read_only=True)
    note = serializers.CharField(read_only=True)


class SettleSerializer(serializers.Serializer[Drift]):
    """What it was."""

    note = serializers.CharField(max_length=2000)


class DriftResource(Step):
    """Differences between looks; an unexplained one is settled by saying what it was."""

    serializer_class = DriftSerializer
    filterset = DriftFilterSet
    orderings = ("id", "seen_at", "kind", "state")
    default_ordering = ("-id",)

    def rows(self) -> QuerySet[Drift]:
        """Return the visible differences."""
        return drifts_visible_to(self.caller)

    @extend_schema(request=SettleSerializer, responses={200: DriftSerializer})
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        """Say what an unexplained difference was."""
        row = self._row(pk)
        require_discovery(self.caller, row.network.location)
        found = settle_drift(
            actor=self.actor,
            person=self.caller.person,
            drift=row,
            now=timezone.now(),
            expected_version=expected_version(request, row),
            **self.sent(SettleSerializer),
        )
        return self.answer(found)
