"""The shape of what was seen and of questions about it over the API; what is hidden from the caller is left out."""

from typing import Any

from rest_framework import serializers

from accounts.references import person_ref
from assets.references import item_ref
from common.api.fields import Derived
from common.api.resources import ResourceSerializer
from discovery.api.fields import network_ref
from discovery.choices import CaseDecision, CaseKind, CaseState, ObservationVerdict


def _scan(pk: int) -> dict[str, Any]:
    return {"id": pk, "label": f"scan {pk}", "url": f"/api/discovery/scans/{pk}/"}


def _observation(pk: int, address: str) -> dict[str, Any]:
    return {"id": pk, "label": address, "url": f"/api/discovery/observations/{pk}/"}


class ObservationSerializer(serializers.Serializer[Any]):
    """A device as one scan saw it. `changes` is {field: [before, after]}, empty where the item is hidden."""

    id = serializers.IntegerField(read_only=True)
    url = Derived(("pk",), str)
    network = network_ref(read_only=True)
    scan = Derived(("scan_id",), _scan)
    address = serializers.CharField(read_only=True)
    seen_at = serializers.DateTimeField(read_only=True)
    values = serializers.DictField(read_only=True)
    sighting = serializers.DictField(read_only=True)
    verdict = serializers.ChoiceField(choices=ObservationVerdict.choices, read_only=True)
    reason = serializers.CharField(read_only=True)
    changes = Derived(("changes", "item_id"), lambda changes, item: (changes, item))
    item = item_ref(read_only=True)


class CaseSerializer(ResourceSerializer):
    """A question. `candidates` are the items it is about, hidden ones counted; `answers` are those it takes."""

    network = network_ref(read_only=True)
    observation = Derived(("observation_id", "observation__address"), _observation)
    kind = serializers.ChoiceField(choices=CaseKind.choices, read_only=True)
    candidates = Derived(("pk",), lambda pk: pk)
    hidden_candidates = Derived(("pk",), lambda pk: pk)
    answers = Derived(("kind",), lambda kind: kind)
    keys = serializers.ListField(read_only=True)
    clash = serializers.CharField(read_only=True)
    field = serializers.CharField(read_only=True)
    stored_value = Derived(("pk", "stored_value"), lambda pk, value: (pk, value))
    seen_value = serializers.CharField(read_only=True)
    state = serializers.ChoiceField(choices=CaseState.choices, read_only=True)
    decision = serializers.ChoiceField(choices=CaseDecision.choices, read_only=True)
    decided_by = person_ref(read_only=True)
    decided_at = serializers.DateTimeField(read_only=True)
    note = serializers.CharField(read_only=True)


class AnswerSerializer(serializers.Serializer[Any]):
    """An answer to a question. `item` is the id of the candidate that "same", "successor" and "merge" name."""

    decision = serializers.ChoiceField(choices=CaseDecision.choices)
    item = serializers.IntegerField(required=False, allow_null=True, default=None)
    note = serializers.CharField(required=False, allow_blank=True, default="")


class WhySerializer(serializers.Serializer[Any]):
    """Why something is done."""

    note = serializers.CharField(required=False, allow_blank=True, default="")


class ItemKeySerializer(serializers.Serializer[Any]):
    """A key an item is recognised by."""

    id = serializers.IntegerField(read_only=True)
    url = Derived(("pk",), str)
    item = item_ref(read_only=True)
    kind = serializers.CharField(read_only=True)
    value = serializers.CharField(read_only=True)
    first_seen_at = serializers.DateTimeField(read_only=True)
    last_seen_at = serializers.DateTimeField(read_only=True)


class NotSameSerializer(ResourceSerializer):
    """That an item is not the device with a key."""

    item = item_ref(read_only=True)
    kind = serializers.CharField(read_only=True)
    value = serializers.CharField(read_only=True)


class MergeSerializer(ResourceSerializer):
    """Two items that were one device; what was moved stands in the ledger."""

    kept = item_ref(read_only=True)
    gone = item_ref(read_only=True)
    merged_by = person_ref(read_only=True)
    merged_at = serializers.DateTimeField(read_only=True)
    note = serializers.CharField(read_only=True)
    undone_by = person_ref(read_only=True)
    undone_at = serializers.DateTimeField(read_only=True)
