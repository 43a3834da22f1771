"""The shape of collectors over the API. A key is in the answer that made it and nowhere else."""

from rest_framework import serializers

from assets.references import location_ref
from common.api.fields import Derived
from common.api.resources import ResourceSerializer
from discovery.choices import CollectorState
from discovery.collectors.remote.messages import queue_of


class CollectorSerializer(ResourceSerializer):
    """A collector. `clock_offset` is how many seconds its clock is ahead; `last_seen_at` when it last answered."""

    name = serializers.CharField(max_length=100)
    location = location_ref(help_text="Set when it is registered; it stays.")
    state = serializers.ChoiceField(choices=CollectorState.choices, read_only=True)
    queue = Derived(("location__code",), queue_of)
    key_set_at = serializers.DateTimeField(read_only=True)
    greeted_at = serializers.DateTimeField(read_only=True)
    last_seen_at = serializers.DateTimeField(read_only=True)
    release = serializers.CharField(read_only=True)
    is_same_build = serializers.BooleanField(read_only=True)
    process = serializers.CharField(read_only=True)
    running_count = serializers.IntegerField(read_only=True)
    clock_offset = serializers.FloatField(read_only=True)


class CollectorWithKeySerializer(CollectorSerializer):
    """A collector in the answer that made its key."""

    key = serializers.CharField(read_only=True)
