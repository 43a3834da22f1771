"""The shape of identification rules and unknown devices over the API."""

from typing import Any

from rest_framework import serializers

from accounts.references import person_ref
from common.api.resources import ResourceSerializer


class SiteRuleSerializer(ResourceSerializer):
    """A rule of this site: `text` is YAML with exactly one rule, whose name becomes `name`."""

    name = serializers.CharField(read_only=True)
    text = serializers.CharField(trim_whitespace=False)
    note = serializers.CharField(required=False, allow_blank=True)
    is_active = serializers.BooleanField(required=False)
    author = person_ref(read_only=True)


class TrySerializer(serializers.Serializer[Any]):
    """A rule to be tried; `rule` is the id of the one it would replace, `object_id` names devices to begin with."""

    text = serializers.CharField(trim_whitespace=False)
    rule = serializers.IntegerField(required=False, allow_null=True, default=None)
    object_id = serializers.CharField(required=False, allow_blank=True, default="")


class ProblemSerializer(serializers.Serializer[Any]):
    """Why a rule cannot be used; `line` counts from 1, 0 when it is about no line."""

    message = serializers.CharField()
    line = serializers.IntegerField()
    field = serializers.CharField()


class TriedSerializer(serializers.Serializer[Any]):
    """A device a rule applies to; `changes` are {attribute: [before, after]}."""

    id = serializers.IntegerField(source="row.pk")
    address = serializers.CharField(source="row.address")
    network = serializers.CharField(source="row.network.code")
    applies = serializers.BooleanField()
    was_known = serializers.BooleanField()
    values = serializers.DictField(child=serializers.CharField())
    changes = serializers.SerializerMethodField()

    def get_changes(self, one: Any) -> dict[str, list[str]]:
        """Return them by attribute."""
        return {name: list(pair) for name, pair in one.differences.items()}


class TrialSerializer(serializers.Serializer[Any]):
    """What came of trying a rule."""

    problems = ProblemSerializer(many=True)
    total = serializers.IntegerField()
    concerned = serializers.IntegerField()
    tried = serializers.IntegerField()
    changed = serializers.IntegerField()
    overruled = serializers.IntegerField()
    devices = TriedSerializer(many=True)


class RuleSerializer(serializers.Serializer[Any]):
    """A rule, shipped or of this site; `devices` is how many visible ones it told something of."""

    name = serializers.CharField()
    origin = serializers.ChoiceField(choices=[("site", "site"), ("shipped", "shipped")])
    file = serializers.CharField()
    vendor = serializers.CharField()
    prefixes = serializers.ListField(child=serializers.CharField())
    conditions = serializers.ListField(child=serializers.CharField())
    tells = serializers.SerializerMethodField()
    devices = serializers.IntegerField()
    is_active = serializers.BooleanField()
    obstacle = serializers.CharField()

    def get_tells(self, line: Any) -> dict[str, str]:
        """Return where each attribute comes from."""
        return dict(line.tells)


class ExampleSerializer(serializers.Serializer[Any]):
    """An example as it comes out now; `results` are {attribute, expected, found}."""

    description = serializers.CharField()
    object_id = serializers.CharField()
    holds = serializers.BooleanField()
    results = serializers.SerializerMethodField()

    def get_results(self, one: Any) -> list[dict[str, str]]:
        """Return them in order."""
        return [
            {"attribute": title, "expected": expected, "found": found}
            for title, expected, found in one.results
        ]


class RuleDetailSerializer(serializers.Serializer[Any]):
    """A rule with its text and its examples as they come out."""

    rule = RuleSerializer(source="line")
    text = serializers.CharField()
    examples = ExampleSerializer(many=True)


class UnknownSerializer(serializers.Serializer[Any]):
    """Unknown devices with one sysObjectID."""

    object_id = serializers.CharField()
    count = serializers.IntegerField()
    without_vendor = serializers.IntegerField()
    vendor = serializers.CharField()
    description = serializers.CharField()
    addresses = serializers.SerializerMethodField()

    def get_addresses(self, group: Any) -> list[dict[str, str]]:
        """Return the newest of them."""
        return [{"network": row.network.code, "address": row.address} for row in group.addresses]
