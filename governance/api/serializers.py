"""The shape of changes, seats and boards over the API: what is read, what is written, never how."""

from rest_framework import serializers

from accounts.references import person_ref, team_ref
from assets.references import location_ref
from common.api.fields import Derived
from common.api.resources import ResourceSerializer
from governance.api.fields import targets_ref
from governance.choices import (
    ChangeModel,
    ChangeState,
    ChangeType,
    RoundState,
    SeatBasis,
    VoteChoice,
)


class ChangeSerializer(ResourceSerializer):
    """A change. What a person writes is what is voted on; all else is derived."""

    number = serializers.CharField(read_only=True)
    title = serializers.CharField(max_length=150)
    state = serializers.ChoiceField(choices=ChangeState.choices, read_only=True)
    change_model = serializers.ChoiceField(choices=ChangeModel.choices, required=False)
    change_type = serializers.ChoiceField(choices=ChangeType.choices)
    targets = targets_ref()
    requester = person_ref(read_only=True)
    implementer = person_ref(required=False)
    window_start_at = serializers.DateTimeField()
    window_end_at = serializers.DateTimeField()
    duration_minutes = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(required=False, allow_blank=True)
    plan = serializers.CharField()
    back_out_plan = serializers.CharField()
    is_back_out_tested = serializers.BooleanField(required=False)
    content_hash = serializers.CharField(read_only=True)
    impact_hash = serializers.CharField(read_only=True)
    is_safety_relevant = serializers.BooleanField(read_only=True)
    failure_probability = serializers.FloatField(read_only=True)
    expected_loss = serializers.DecimalField(max_digits=14, decimal_places=2, read_only=True)
    currency = serializers.CharField(read_only=True)
    submitted_at = serializers.DateTimeField(read_only=True)
    decided_at = serializers.DateTimeField(read_only=True)
    started_at = serializers.DateTimeField(read_only=True)
    finished_at = serializers.DateTimeField(read_only=True)
    review_due_at = serializers.DateTimeField(read_only=True)
    outcome_note = serializers.CharField(read_only=True)


class ApprovalSerializer(ResourceSerializer):
    """A seat with its vote. `content_hash` is what a vote on it binds to."""

    change = Derived(
        ("round__change_id", "round__change__number"),
        lambda pk, number: {"id": pk, "label": number, "url": f"/api/governance/changes/{pk}/"},
    )
    round = serializers.IntegerField(source="round.sequence", read_only=True)
    round_state = serializers.ChoiceField(
        source="round.state", choices=RoundState.choices, read_only=True
    )
    basis = serializers.ChoiceField(choices=SeatBasis.choices, read_only=True)
    is_required = serializers.BooleanField(read_only=True)
    person = person_ref(read_only=True)
    team = team_ref(read_only=True)
    content_hash = serializers.CharField(source="round.content_hash", read_only=True)
    due_at = serializers.DateTimeField(source="round.due_at", read_only=True)
    choice = serializers.ChoiceField(
        source="vote.choice", choices=VoteChoice.choices, read_only=True
    )
    reason = serializers.CharField(source="vote.reason", read_only=True)
    cast_at = serializers.DateTimeField(source="vote.cast_at", read_only=True)
    cast_by = Derived(("vote__person__name",), lambda name: name)
    acting_for = Derived(("vote__acting_for__name",), lambda name: name)


class ApprovalRoundSerializer(ResourceSerializer):
    """One asking for approval of one content."""

    change = Derived(
        ("change_id", "change__number"),
        lambda pk, number: {"id": pk, "label": number, "url": f"/api/governance/changes/{pk}/"},
    )
    sequence = serializers.IntegerField(read_only=True)
    state = serializers.ChoiceField(choices=RoundState.choices, read_only=True)
    content_hash = serializers.CharField(read_only=True)
    impact_hash = serializers.CharField(source="snapshot.impact_hash", read_only=True)
    quorum = serializers.IntegerField(read_only=True)
    board = team_ref(source="policy.board", read_only=True)
    board_reasons = serializers.JSONField(read_only=True)
    is_retrospective = serializers.BooleanField(read_only=True)
    opened_at = serializers.DateTimeField(read_only=True)
    due_at = serializers.DateTimeField(read_only=True)
    closed_at = serializers.DateTimeField(read_only=True)
    lapse_reason = serializers.CharField(read_only=True)


class BoardPolicySerializer(ResourceSerializer):
    """A board with its rules."""

    code = serializers.SlugField(max_length=40)
    name = serializers.CharField(max_length=120)
    board = team_ref()
    escalation_team = team_ref(required=False, allow_null=True)
    scope = location_ref(required=False, allow_null=True)
    quorum = serializers.IntegerField(min_value=1, required=False)
    loss_threshold = serializers.DecimalField(max_digits=14, decimal_places=2, required=False)
    currency = serializers.CharField(max_length=3, required=False)
    decision_hours = serializers.IntegerField(min_value=1, required=False)
    review_hours = serializers.IntegerField(min_value=1, required=False)
    window_weekdays = serializers.CharField(required=False, allow_blank=True)
    window_opens = serializers.TimeField(required=False, allow_null=True)
    window_closes = serializers.TimeField(required=False, allow_null=True)
    is_active = serializers.BooleanField(required=False)


class VoteSerializer(serializers.Serializer[object]):
    """A vote on a seat. `content_hash` is the content the voter has read."""

    approval = serializers.IntegerField()
    choice = serializers.ChoiceField(choices=VoteChoice.choices)
    content_hash = serializers.CharField(max_length=64)
    reason = serializers.CharField(required=False, allow_blank=True, default="")


class NoteSerializer(serializers.Serializer[object]):
    """A post-implementation note."""

    note = serializers.CharField(allow_blank=True)


class ReasonSerializer(serializers.Serializer[object]):
    """Why, optionally."""

    reason = serializers.CharField(required=False, allow_blank=True, default="")
