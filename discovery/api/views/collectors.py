"""Collectors over the API: registered with a key that only this answer holds, given another, revoked, retired."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.preconditions import expected_version
from common.api.resources import Records
from common.errors import DomainError
from common.models import BaseModel
from discovery.access import collectors_visible_to, require_discovery
from discovery.api.collector_serializers import CollectorSerializer, CollectorWithKeySerializer
from discovery.api.views.policies import Step
from discovery.filters import CollectorFilterSet
from discovery.models import Collector
from discovery.services.collectors import (
    change_key,
    register_collector,
    rename_collector,
    retire_collector,
    revoke_key,
)

Values = Mapping[str, Any]


class CollectorResource(Step):
    """Collectors of places where the caller runs discovery. `key` is only in the answer that made it."""

    serializer_class = CollectorSerializer
    filterset = CollectorFilterSet
    orderings = ("id", "name", "last_seen_at")
    default_ordering = ("name",)

    def rows(self) -> QuerySet[Collector]:
        """Return the collectors the caller may use."""
        return collectors_visible_to(self.caller)

    @transaction.atomic
    def create_rows(self, values: Sequence[Values]) -> Sequence[Collector]:
        """Register collectors."""
        for one in values:
            require_discovery(self.caller, one["location"])
        made = [
            register_collector(
                actor=self.actor, name=one["name"], location=one["location"], now=timezone.now()
            )
            for one in values
        ]
        self._keys = {row.pk: key for row, key in made}
        return [row for row, _made_key in made]

    def _created(self, rows: Sequence[BaseModel]) -> Records:
        """Return the rows with the keys made for them; a bulk change makes none."""
        keys: dict[int, str] = getattr(self, "_keys", {})
        return [
            {**one, **({"key": keys[one["id"]]} if one["id"] in keys else {})}
            for one in super()._created(rows)
        ]

    def change_row(self, row: Collector, values: Values, expected_version: int | None) -> Collector:
        """Rename a collector; its place stays."""
        if values.get("location", row.location) != row.location:
            sentence = _("A collector stays at its place: retire it and register another one.")
            raise DomainError(sentence, fields={"location": [sentence]})
        return rename_collector(
            actor=self.actor,
            collector=row,
            name=values.get("name", row.name),
            now=timezone.now(),
            expected_version=expected_version,
        )

    @extend_schema(request=None, responses={200: CollectorWithKeySerializer})
    @action(detail=True, methods=["post"], url_path="change-key")
    def change_key(self, request: Request, pk: str) -> Response:
        """Give a collector a new key, also one that was revoked; the answer alone holds it."""
        row = self._row(pk)
        version = expected_version(request, row)
        changed, key = change_key(
            actor=self.actor, collector=row, now=timezone.now(), expected_version=version
        )
        answer = self.answer(changed)
        answer.data = {**answer.data, "key": key}
        return answer

    @extend_schema(request=None, responses={200: CollectorSerializer})
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str) -> Response:
        """Make a collector's key void; nobody scans its networks until it has another or is retired."""
        return self._step(request, pk, revoke_key)

    @extend_schema(request=None, responses={200: CollectorSerializer})
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str) -> Response:
        """Retire a collector: the worker scans its networks itself again."""
        return self._step(request, pk, retire_collector)

    def _step(self, request: Request, pk: str, step: Callable[..., Collector]) -> Response:
        row = self._row(pk)
        version = expected_version(request, row)
        found = step(actor=self.actor, collector=row, now=timezone.now(), expected_version=version)
        return self.answer(found)
