"""What was seen, questions about it with their answers, keys, refusals and merges over the API."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assets.access import visible_item_ids
from assets.references import ROOT as ASSETS
from common.api.fields import ref
from common.api.preconditions import expected_version
from common.api.resources import Records, Resource
from common.errors import DomainError
from discovery.access import (
    cases_visible_to,
    item_keys_visible_to,
    merges_visible_to,
    not_same_visible_to,
    observations_visible_to,
    require_answer,
    require_split,
    require_unmerge,
)
from discovery.api.case_serializers import (
    AnswerSerializer,
    CaseSerializer,
    ItemKeySerializer,
    MergeSerializer,
    NotSameSerializer,
    ObservationSerializer,
    WhySerializer,
)
from discovery.api.views.policies import Step
from discovery.filters import (
    CaseFilterSet,
    ItemKeyFilterSet,
    MergeFilterSet,
    NotSameFilterSet,
    ObservationFilterSet,
)
from discovery.models import Case, ItemKey, Merge, NotSame, Observation
from discovery.queries.cases import Candidates, candidates_of
from discovery.rules.answers import ANSWERS
from discovery.services.deciding import decide_case
from discovery.services.splitting import split_observation
from discovery.services.unmerging import undo_merge


class CaseResource(Step):
    """Questions discovery puts to people. They are asked by scans and answered by `decide`."""

    serializer_class = CaseSerializer
    filterset = CaseFilterSet
    orderings = ("id", "created_at", "decided_at", "kind", "state")
    default_ordering = ("-id",)
    is_writable = False

    def rows(self) -> QuerySet[Case]:
        """Return the questions about visible networks."""
        return cases_visible_to(self.caller)

    def completed(self, results: Records) -> Records:
        """Return the rows with the items the caller may see; a hidden item's value is left out."""
        results = super().completed(results)
        named = {pk for one in results for pk in _case_ids(one)}
        found = candidates_of(self.caller, named)
        for one in results:
            _fill(one, found)
        return results

    @extend_schema(request=AnswerSerializer, responses={200: CaseSerializer})
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Answer a question; 409 when somebody has already."""
        row, sent = self._row(pk), self.sent(AnswerSerializer)
        item = None
        if sent["item"] is not None:
            item = row.candidates.filter(pk=sent["item"]).first()
            if item is None:
                message = f"item: {sent['item']} is none of the items this is about."
                raise DomainError(message, fields={"item": [message]})
        require_answer(self.caller, row, sent["decision"], item)
        decided = decide_case(
            actor=self.actor,
            person=self.caller.person,
            case=row,
            decision=sent["decision"],
            item=item,
            note=sent["note"],
            now=timezone.now(),
            expected_version=expected_version(request, row),
        )
        return self.answer(decided)


def _case_ids(row: dict[str, Any]) -> list[int]:
    """Return the question's id from whichever of its fields was asked for."""
    pair = row.get("stored_value")
    given = [row.get("candidates"), row.get("hidden_candidates"), pair[0] if pair else None]
    return [one for one in given if one is not None]


def _fill(row: dict[str, Any], found: Any) -> None:
    ids = _case_ids(row)
    about = found.get(ids[0], Candidates()) if ids else Candidates()
    if "candidates" in row:
        row["candidates"] = [ref(pk, name, f"{ASSETS}items/") for pk, name in about.shown]
    if "hidden_candidates" in row:
        row["hidden_candidates"] = about.hidden
    if "stored_value" in row:
        row["stored_value"] = "" if about.hidden else row["stored_value"][1]
    if "answers" in row:
        row["answers"] = sorted(ANSWERS[row["answers"]])


class ObservationResource(Step):
    """Devices as scans saw them, and what was made of each."""

    serializer_class = ObservationSerializer
    filterset = ObservationFilterSet
    orderings = ("id", "address", "seen_at", "verdict")
    default_ordering = ("-id",)
    is_writable = False

    def rows(self) -> QuerySet[Observation]:
        """Return what was seen in visible networks."""
        return observations_visible_to(self.caller)

    def completed(self, results: Records) -> Records:
        """Return the rows; what was changed in a hidden item is left out."""
        results = super().completed(results)
        changed = [one for one in results if "changes" in one]
        ids = {one["changes"][1] for one in changed} - {None}
        shown = visible_item_ids(self.caller, ids)
        for one in changed:
            changes, item = one["changes"]
            one["changes"] = changes if item is None or item in shown else {}
        return results

    @extend_schema(request=WhySerializer, responses={200: ObservationSerializer})
    @action(detail=True, methods=["post"])
    def split(self, request: Request, pk: str) -> Response:
        """Say that the device is not the item it was taken for: it becomes an item of its own."""
        row, sent = self._row(pk), self.sent(WhySerializer)
        require_split(self.caller, row)
        split_observation(actor=self.actor, observation=row, note=sent["note"], now=timezone.now())
        return Response(self.one(row.pk))


class ItemKeyResource(Resource):
    """Keys by which items are recognised: `?item=` gives those of one."""

    serializer_class = ItemKeySerializer
    filterset = ItemKeyFilterSet
    orderings = ("id", "kind", "value", "last_seen_at")
    is_writable = False

    def rows(self) -> QuerySet[ItemKey]:
        """Return the keys of visible items."""
        return item_keys_visible_to(self.caller)


class NotSameResource(Resource):
    """What people said that items are not."""

    serializer_class = NotSameSerializer
    filterset = NotSameFilterSet
    orderings = ("id", "kind", "value")
    is_writable = False

    def rows(self) -> QuerySet[NotSame]:
        """Return what was said of visible items."""
        return not_same_visible_to(self.caller)


class MergeResource(Step):
    """Merges of items; made by answering a question, undone by `undo`."""

    serializer_class = MergeSerializer
    filterset = MergeFilterSet
    orderings = ("id", "merged_at", "undone_at")
    default_ordering = ("-id",)
    is_writable = False

    def rows(self) -> QuerySet[Merge]:
        """Return the merges of visible items."""
        return merges_visible_to(self.caller)

    @extend_schema(request=WhySerializer, responses={200: MergeSerializer})
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Put everything back as it was; 409 says what keeps it from being possible."""
        row, sent = self._row(pk), self.sent(WhySerializer)
        require_unmerge(self.caller, row)
        undone = undo_merge(
            actor=self.actor,
            merge=row,
            person=self.caller.person,
            note=sent["note"],
            now=timezone.now(),
        )
        return self.answer(undone)
