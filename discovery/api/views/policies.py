"""Networks, credentials, consents and stop orders over the API."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.preconditions import etag, expected_version
from common.api.resources import Resource
from common.models import BaseModel
from discovery.access import (
    approvals_visible_to,
    credentials_visible_to,
    networks_visible_to,
    requester_of,
    require_discovery,
    require_lift,
    require_stop,
    stop_orders_visible_to,
)
from discovery.api.serializers import (
    CredentialSerializer,
    DecisionSerializer,
    NetworkSerializer,
    RevocationSerializer,
    ScanApprovalSerializer,
    StopOrderSerializer,
)
from discovery.filters import (
    ApprovalFilterSet,
    CredentialFilterSet,
    NetworkFilterSet,
    StopOrderFilterSet,
)
from discovery.models import Credential, Network, ScanApproval, StopOrder
from discovery.services import (
    change_network,
    create_network,
    decide_approval,
    lift_stop,
    order_stop,
    request_approval,
    revoke_approval,
    save_credential,
)

Values = Mapping[str, Any]


class Step(Resource):
    """Base of resources with actions."""

    def sent(self, shape: type[Any]) -> dict[str, Any]:
        """Return what the body of an action says."""
        serializer = shape(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def answer(self, row: BaseModel) -> Response:
        """Return the row as it is now."""
        found = self.one(row.pk)
        found["url"] = self.request.path.rstrip("/").rsplit("/", 1)[0] + "/"
        return Response(found, headers={"ETag": etag(found["version"])})


class NetworkResource(Resource):
    """Networks: where discovery may look, and how. One is made passive, never deleted."""

    serializer_class = NetworkSerializer
    filterset = NetworkFilterSet
    orderings = ("id", "code", "name", "updated_at")
    default_ordering = ("name",)

    def rows(self) -> QuerySet[Network]:
        """Return the visible networks."""
        return networks_visible_to(self.caller)

    @transaction.atomic
    def create_rows(self, values: Sequence[Values]) -> Sequence[Network]:
        """Add networks."""
        for one in values:
            require_discovery(self.caller, one["location"])
        now = timezone.now()
        return [create_network(actor=self.actor, values=one, now=now) for one in values]

    def change_row(self, row: Network, values: Values, expected_version: int | None) -> Network:
        """Change a network; moving it takes the right at both ends."""
        require_discovery(self.caller, row.location)
        require_discovery(self.caller, values.get("location", row.location))
        return change_network(
            actor=self.actor,
            network=row,
            values=values,
            now=timezone.now(),
            expected_version=expected_version,
        )


class CredentialResource(Resource):
    """Credentials of places where the caller runs discovery; what they hold is written, never read."""

    serializer_class = CredentialSerializer
    filterset = CredentialFilterSet
    orderings = ("id", "name", "rotated_at")
    default_ordering = ("name",)

    def rows(self) -> QuerySet[Credential]:
        """Return the usable credentials."""
        return credentials_visible_to(self.caller)

    @transaction.atomic
    def create_rows(self, values: Sequence[Values]) -> Sequence[Credential]:
        """Add credentials."""
        for one in values:
            require_discovery(self.caller, one["location"])
        return [self._save(Credential(), one, None) for one in values]

    def change_row(
        self, row: Credential, values: Values, expected_version: int | None
    ) -> Credential:
        """Change a credential; secrets left out stay as they are."""
        require_discovery(self.caller, values.get("location", row.location))
        return self._save(row, values, expected_version)

    def _save(self, row: Credential, values: Values, expected: int | None) -> Credential:
        return save_credential(
            actor=self.actor,
            credential=row,
            values=values,
            now=timezone.now(),
            expected_version=expected,
        )


class ScanApprovalResource(Step):
    """Consents to active discovery. What is asked for is not edited: ask again."""

    serializer_class = ScanApprovalSerializer
    filterset = ApprovalFilterSet
    orderings = ("id", "valid_from", "expires_at")
    default_ordering = ("-id",)

    def rows(self) -> QuerySet[ScanApproval]:
        """Return the visible consents."""
        return approvals_visible_to(self.caller)

    @transaction.atomic
    def create_rows(self, values: Sequence[Values]) -> Sequence[ScanApproval]:
        """Ask who is accountable."""
        for one in values:
            require_discovery(self.caller, one["network"].location)
        return [self._ask(one) for one in values]

    def _ask(self, values: Values) -> ScanApproval:
        return request_approval(
            actor=self.actor,
            requester=requester_of(self.caller),
            now=timezone.now(),
            **{"reason": "", **values},
        )

    @extend_schema(request=DecisionSerializer, responses={200: ScanApprovalSerializer})
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Give or refuse a consent that is asked from you."""
        row = self._row(pk)
        version = expected_version(request, row)
        found = decide_approval(
            actor=self.actor,
            person=self.caller.person,
            approval=row,
            now=timezone.now(),
            expected_version=version,
            **self.sent(DecisionSerializer),
        )
        return self.answer(found)

    @extend_schema(request=RevocationSerializer, responses={200: ScanApprovalSerializer})
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str) -> Response:
        """Take a consent back."""
        row = self._row(pk)
        version = expected_version(request, row)
        found = revoke_approval(
            actor=self.actor,
            person=self.caller.person,
            approval=row,
            now=timezone.now(),
            expected_version=version,
            **self.sent(RevocationSerializer),
        )
        return self.answer(found)


class StopOrderResource(Step):
    """The kill switch: creating an order stops, lifting it lets scans start again."""

    serializer_class = StopOrderSerializer
    filterset = StopOrderFilterSet
    orderings = ("id", "created_at")
    default_ordering = ("-id",)

    def rows(self) -> QuerySet[StopOrder]:
        """Return the orders the caller may know of."""
        return stop_orders_visible_to(self.caller)

    @transaction.atomic
    def create_rows(self, values: Sequence[Values]) -> Sequence[StopOrder]:
        """Stop discovery of a network, or all of it."""
        for one in values:
            require_stop(self.caller, one.get("network"))
        now = timezone.now()
        return [
            order_stop(actor=self.actor, network=one.get("network"), reason=one["reason"], now=now)
            for one in values
        ]

    @extend_schema(request=None, responses={200: StopOrderSerializer})
    @action(detail=True, methods=["post"])
    def lift(self, request: Request, pk: str) -> Response:
        """Lift an order; nothing starts by itself."""
        row = self._row(pk)
        require_lift(self.caller, row.network)
        version = expected_version(request, row)
        found = lift_stop(actor=self.actor, order=row, now=timezone.now(), expected_version=version)
        return self.answer(found)
