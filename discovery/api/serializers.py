"""The shape of discovery over the API: what is read, what is written, never how. A secret is only written."""

from typing import Any

from rest_framework import serializers

from accounts.references import person_ref, team_ref
from assets.references import location_ref, zone_ref
from common.api.fields import Derived
from common.api.resources import ResourceSerializer
from discovery.api.fields import credential_ref, network_ref
from discovery.choices import (
    ApprovalState,
    AuthProtocol,
    CredentialKind,
    PrivacyProtocol,
    ScanMethod,
    ScanMode,
    ScanSource,
    ScanState,
    TargetOutcome,
)
from discovery.rules.probes import Mode
from discovery.rules.safety import default_mode


def _effective(mode: str, level: str | None) -> str:
    return Mode(mode).value if mode else default_mode(level or "").value


class NetworkSerializer(ResourceSerializer):
    """A network. `effective_mode` is `mode`, else the default of its zone's Purdue level."""

    code = serializers.CharField(max_length=60)
    name = serializers.CharField(max_length=150)
    location = location_ref()
    zone = zone_ref(required=False, allow_null=True)
    mode = serializers.ChoiceField(choices=ScanMode.choices, required=False, allow_blank=True)
    effective_mode = Derived(("mode", "zone__purdue_level"), _effective)
    methods = serializers.ListField(
        child=serializers.ChoiceField(choices=ScanMethod.choices),
        required=False,
        help_text="What is asked besides SNMP, as far as the mode allows it.",
    )
    allowed_blocks = serializers.CharField()
    excluded_blocks = serializers.CharField(required=False, allow_blank=True)
    windows = serializers.CharField(required=False, allow_blank=True)
    credential = credential_ref(required=False, allow_null=True)
    snmp_port = serializers.IntegerField(min_value=1, max_value=65535, required=False)
    gap_seconds = serializers.FloatField(min_value=0, max_value=60, required=False)
    subnet_rate = serializers.FloatField(min_value=0.1, max_value=1000, required=False)
    overall_rate = serializers.FloatField(min_value=0.1, max_value=1000, required=False)
    zone_failures = serializers.IntegerField(min_value=1, max_value=32767, required=False)
    stale_looks = serializers.IntegerField(min_value=1, max_value=1000, required=False)
    stale_days = serializers.IntegerField(min_value=0, max_value=3650, required=False)


def _secret() -> serializers.CharField:
    return serializers.CharField(
        required=False,
        allow_blank=True,
        write_only=True,
        trim_whitespace=False,
        max_length=255,
        help_text="Written, never read; left out or empty keeps what is stored.",
    )


class CredentialSerializer(ResourceSerializer):
    """A credential without what it holds."""

    name = serializers.CharField(max_length=100)
    location = location_ref()
    kind = serializers.ChoiceField(choices=CredentialKind.choices)
    username = serializers.CharField(max_length=64, required=False, allow_blank=True)
    auth_protocol = serializers.ChoiceField(
        choices=AuthProtocol.choices, required=False, allow_blank=True
    )
    privacy_protocol = serializers.ChoiceField(
        choices=PrivacyProtocol.choices, required=False, allow_blank=True
    )
    rotated_at = serializers.DateTimeField(read_only=True)
    community = _secret()
    auth_key = _secret()
    privacy_key = _secret()


class ScanApprovalSerializer(ResourceSerializer):
    """A consent: asked for by POST, decided and taken back by its actions."""

    network = network_ref()
    valid_from = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    reason = serializers.CharField(required=False, allow_blank=True)
    state = serializers.ChoiceField(choices=ApprovalState.choices, read_only=True)
    requester = person_ref(read_only=True)
    person = person_ref(read_only=True)
    team = team_ref(read_only=True)
    decided_by = person_ref(read_only=True)
    decided_at = serializers.DateTimeField(read_only=True)
    decision_note = serializers.CharField(read_only=True)
    policy_hash = serializers.CharField(read_only=True)
    trace = serializers.JSONField(read_only=True)


class StopOrderSerializer(ResourceSerializer):
    """The kill switch, pulled: of one network, or of everything (null)."""

    network = network_ref(required=False, allow_null=True)
    reason = serializers.CharField()
    lifted_at = serializers.DateTimeField(read_only=True)


class ScanSerializer(ResourceSerializer):
    """A scan; creating one starts it."""

    network = network_ref()
    targets = serializers.CharField(
        required=False,
        allow_blank=True,
        help_text="Addresses or blocks, one a line; empty: the whole network.",
    )
    source = serializers.ChoiceField(choices=ScanSource.choices, read_only=True)  # type: ignore[assignment] # DRF has an attribute of this name
    file_name = serializers.CharField(read_only=True)
    state = serializers.ChoiceField(choices=ScanState.choices, read_only=True)
    end_reason = serializers.CharField(read_only=True)
    requester = person_ref(read_only=True)
    approval = Derived(
        ("approval_id",),
        lambda pk: {"id": pk, "url": f"/api/discovery/approvals/{pk}/"} if pk else None,
    )
    planned_count = serializers.IntegerField(read_only=True)
    packet_count = serializers.IntegerField(read_only=True)
    started_at = serializers.DateTimeField(read_only=True)
    finished_at = serializers.DateTimeField(read_only=True)


class ScanTargetSerializer(serializers.Serializer[Any]):
    """What came of one address."""

    id = serializers.IntegerField(read_only=True)
    address = serializers.CharField(read_only=True)
    outcome = serializers.ChoiceField(choices=TargetOutcome.choices, read_only=True)
    reason = serializers.CharField(read_only=True)
    identity = serializers.JSONField(read_only=True)
    problems = serializers.JSONField(read_only=True)
    services = serializers.JSONField(read_only=True)
    variable_count = serializers.IntegerField(read_only=True)
    packet_count = serializers.IntegerField(read_only=True)
    seconds = serializers.FloatField(read_only=True)
    read_at = serializers.DateTimeField(read_only=True)


class ProbeSerializer(serializers.Serializer[Any]):
    """One probe, as it was sent or refused."""

    id = serializers.IntegerField(read_only=True)
    at = serializers.DateTimeField(read_only=True)
    address = serializers.CharField(read_only=True)
    request = serializers.CharField(read_only=True)
    port = serializers.IntegerField(read_only=True)
    packets = serializers.IntegerField(read_only=True)
    outcome = serializers.CharField(read_only=True)
    was_sent = serializers.BooleanField(read_only=True)


class DecisionSerializer(serializers.Serializer[Any]):
    """A decision about a consent; a refusal says why."""

    is_granted = serializers.BooleanField()
    note = serializers.CharField(required=False, allow_blank=True, default="")


class RevocationSerializer(serializers.Serializer[Any]):
    """Why a consent is taken back."""

    note = serializers.CharField(required=False, allow_blank=True, default="")


class DryRunSerializer(serializers.Serializer[Any]):
    """What would be sent: of a network, or of some of its addresses; `show` is "asked" or a reason."""

    network = network_ref()
    targets = serializers.CharField(required=False, allow_blank=True, default="")
    show = serializers.CharField(required=False, allow_blank=True, default="")
