"""Identification rules over the API: read them all, write and try those of this site, list what nobody knows."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.paging import BadRequestError, Window, link_with
from discovery.access import (
    networks_run_by,
    require_discovery_somewhere,
    require_rule_editing,
    require_rule_reading,
    site_rule_for,
    site_rules_visible_to,
)
from discovery.api.rule_serializers import (
    RuleDetailSerializer,
    RuleSerializer,
    SiteRuleSerializer,
    TrialSerializer,
    TrySerializer,
    UnknownSerializer,
)
from discovery.api.views.policies import Step
from discovery.filters import SiteRuleFilterSet
from discovery.models import SiteRule
from discovery.queries.rule_detail import rule_view
from discovery.queries.rule_list import Asked, rule_lines
from discovery.queries.trials import check, trial_of
from discovery.queries.unknown_devices import draft_for, shown_groups, unknown_groups
from discovery.services.identifying import request_identification
from discovery.services.site_rules import change_site_rule, create_site_rule, lines_of

#: Rules in one request.
MOST_AT_ONCE = 5
Values = Mapping[str, Any]
PAGED = [OpenApiParameter("limit", int), OpenApiParameter("offset", int)]
NARROWED = [
    OpenApiParameter("q", str, description="Words of the name, the maker or the prefix."),
    OpenApiParameter("vendor", str),
    OpenApiParameter("prefix", str, description="A sysObjectID, or its beginning."),
    OpenApiParameter("origin", str, enum=["site", "shipped"], many=True),
    OpenApiParameter("has_devices", bool),
]


class SiteRuleResource(Step):
    """Rules of this site. One is switched off (`is_active`), never deleted."""

    serializer_class = SiteRuleSerializer
    filterset = SiteRuleFilterSet
    orderings = ("id", "name", "updated_at")
    default_ordering = ("name",)

    def rows(self) -> QuerySet[SiteRule]:
        """Return the rules of this site, for who may read rules."""
        return site_rules_visible_to(self.caller)

    def create_rows(self, values: Sequence[Values]) -> Sequence[SiteRule]:
        """Add rules; each is checked with those before it."""
        require_rule_editing(self.caller)
        self._require_few(len(values))
        for one in values:
            check(lines_of(one["text"]))
        with transaction.atomic():
            return [self._created_rule(one) for one in values]

    def _created_rule(self, values: Values) -> SiteRule:
        return create_site_rule(
            actor=self.actor, author=self.caller.person, values=values, now=timezone.now()
        )

    @staticmethod
    def _require_few(count: int) -> None:
        """Checking a rule takes a second."""
        if count > MOST_AT_ONCE:
            raise BadRequestError(_("At most %d rules in one request.") % MOST_AT_ONCE)

    def bulk_update(self, request: Request) -> Response:
        """Change several rules; they are checked before anything is locked."""
        require_rule_editing(self.caller)
        if isinstance(request.data, list):
            self._require_few(len(request.data))
            for pk, row in self._rows_by_id(request.data).items():
                sent = next(one for one in request.data if int(one["id"]) == pk)
                check(lines_of(str(sent.get("text", row.text))), row)
        return super().bulk_update(request)

    def change_row(self, row: SiteRule, values: Values, expected_version: int | None) -> SiteRule:
        """Change a rule, or switch it off."""
        require_rule_editing(self.caller)
        return change_site_rule(
            actor=self.actor,
            rule=row,
            values=values,
            now=timezone.now(),
            expected_version=expected_version,
        )

    @extend_schema(request=TrySerializer, responses={200: TrialSerializer})
    @action(detail=False, methods=["post"], url_path="try")
    def try_out(self, request: Request) -> Response:
        """Return what a rule would tell of the visible devices, from what they told last; nothing is written."""
        require_rule_editing(self.caller)
        sent = self.sent(TrySerializer)
        editing = site_rule_for(self.caller, sent["rule"]) if sent["rule"] else None
        trial = trial_of(
            self.caller, text=sent["text"], editing=editing, object_id=sent["object_id"]
        )
        return Response(TrialSerializer(trial).data)

    @extend_schema(request=None, responses={202: dict})
    @action(detail=False, methods=["post"], url_path="identify-again")
    def identify_again(self, request: Request) -> Response:
        """Identify the devices of your networks again from what they told last; answers the id of the job."""
        require_rule_editing(self.caller)
        require_discovery_somewhere(self.caller)
        job = request_identification(actor=self.actor, networks=networks_run_by(self.caller))
        return Response({"job": job.pk}, status=202)


class RuleListView(APIView):
    """All rules, shipped and of this site."""

    @extend_schema(parameters=[*NARROWED, *PAGED], responses={200: RuleSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """Return rules by name, those of this site first, a page at a time."""
        user: Any = request.user
        require_rule_reading(user)
        window, query = Window(request), request.GET
        lines = rule_lines(
            user,
            Asked(
                text=query.get("q", ""),
                vendor=query.get("vendor", ""),
                prefix=query.get("prefix", ""),
                origins=query.getlist("origin"),
                has_devices={"true": True, "false": False}.get(query.get("has_devices", "")),
            ),
        )
        end = window.offset + window.limit
        return Response(
            {
                "count": len(lines),
                "next": link_with(request, offset=str(end)) if end < len(lines) else None,
                "previous": None,
                "results": RuleSerializer(lines[window.offset : end], many=True).data,
            }
        )


class RuleDetailView(APIView):
    """One rule by its name."""

    @extend_schema(responses={200: RuleDetailSerializer})
    def get(self, request: Request, name: str) -> Response:
        """Return its text and what comes out of its examples."""
        user: Any = request.user
        require_rule_reading(user)
        return Response(RuleDetailSerializer(rule_view(user, name)).data)


class UnknownDevicesView(APIView):
    """Devices without a maker or a model."""

    @extend_schema(
        parameters=[OpenApiParameter("q", str), *PAGED],
        responses={200: UnknownSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """Return them by sysObjectID, the largest group first, a page at a time."""
        user: Any = request.user
        require_rule_reading(user)
        window, rows = Window(request), unknown_groups(user, request.GET.get("q", ""))
        end, count = window.offset + window.limit, rows.count()
        groups = shown_groups(user, list(rows[window.offset : end]))
        return Response(
            {
                "count": count,
                "next": link_with(request, offset=str(end)) if end < count else None,
                "previous": None,
                "results": UnknownSerializer(groups, many=True).data,
            }
        )


class DraftSerializer(serializers.Serializer[Any]):
    """A first rule for unknown devices, and what one of them told of itself."""

    text = serializers.CharField()
    told = serializers.DictField(child=serializers.CharField())


class DraftView(APIView):
    """A first rule for the unknown devices of a sysObjectID."""

    @extend_schema(
        parameters=[OpenApiParameter("object_id", str, description="With dots, digits only.")],
        responses={200: DraftSerializer},
    )
    def get(self, request: Request) -> Response:
        """Return it; its text is "" where no visible device is unknown by that sysObjectID."""
        user: Any = request.user
        require_rule_reading(user)
        draft = draft_for(user, request.GET.get("object_id", ""))
        told = dict(draft.texts) if draft else {}
        return Response({"text": draft.text if draft else "", "told": told})
