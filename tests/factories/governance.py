"""Factories for changes, boards, rounds, seats and votes."""

from datetime import UTC, datetime, timedelta

import factory

from accounts.choices import TeamKind
from governance.choices import ChangeType, SeatBasis, VoteChoice
from governance.models import (
    Approval,
    ApprovalRound,
    BoardPolicy,
    ChangeRequest,
    ChangeTarget,
    ImpactSnapshot,
    NumberSeries,
    Vote,
)
from tests.factories.accounts import BaseFactory, PersonFactory, TeamFactory
from tests.factories.assets import AssetFactory

MONDAY = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)


class NumberSeriesFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NumberSeries

    year = 2026


class BoardPolicyFactory(BaseFactory):
    class Meta:
        model = BoardPolicy

    code = factory.Sequence(lambda n: f"board-{n}")
    name = factory.LazyAttribute(lambda o: o.code.replace("-", " ").capitalize())
    board = factory.SubFactory(TeamFactory, kind=TeamKind.BOARD)
    quorum = 2
    loss_threshold = 1000


class ChangeRequestFactory(BaseFactory):
    class Meta:
        model = ChangeRequest

    number = factory.Sequence(lambda n: f"CHG-2025-{n:04}")
    title = "Update the firmware"
    change_type = ChangeType.FIRMWARE
    requester = factory.SubFactory(PersonFactory)
    implementer = factory.SubFactory(PersonFactory)
    window_start_at = MONDAY + timedelta(days=1)
    window_end_at = MONDAY + timedelta(days=1, hours=4)
    duration_minutes = 60
    plan = "Load the new image, restart, check the heartbeat."
    back_out_plan = "Load the old image."


class ChangeTargetFactory(BaseFactory):
    class Meta:
        model = ChangeTarget

    change = factory.SubFactory(ChangeRequestFactory)
    item = factory.SubFactory(AssetFactory)


class ImpactSnapshotFactory(BaseFactory):
    class Meta:
        model = ImpactSnapshot

    change = factory.SubFactory(ChangeRequestFactory)
    taken_at = MONDAY
    impact_hash = "0" * 64
    facts_hash = "0" * 64


class ApprovalRoundFactory(BaseFactory):
    class Meta:
        model = ApprovalRound

    change = factory.SubFactory(ChangeRequestFactory)
    sequence = 1
    content_hash = "0" * 64
    snapshot = factory.SubFactory(ImpactSnapshotFactory, change=factory.SelfAttribute("..change"))
    opened_at = MONDAY
    due_at = MONDAY + timedelta(days=3)


class ApprovalFactory(BaseFactory):
    class Meta:
        model = Approval

    round = factory.SubFactory(ApprovalRoundFactory)
    basis = SeatBasis.ACCOUNTABLE
    person = factory.SubFactory(PersonFactory)
    is_required = True


class VoteFactory(BaseFactory):
    class Meta:
        model = Vote

    approval = factory.SubFactory(ApprovalFactory)
    choice = VoteChoice.APPROVE
    content_hash = "0" * 64
    person = factory.SelfAttribute("approval.person")
    cast_at = MONDAY
