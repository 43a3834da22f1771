"""Rounds of approval, the seats derived for them, and the votes: written once, never changed."""

from datetime import datetime

from django.db import models

from accounts.models import Person, Team
from common.models import BaseModel
from governance.choices import RoundState, SeatBasis, VoteChoice
from governance.models.changes import ChangeRequest
from governance.models.impacts import ImpactSnapshot
from governance.models.policies import BoardPolicy


class ApprovalRound(BaseModel):
    """One asking for approval of one content; an edit or a changed impact set ends it as lapsed."""

    change = models.ForeignKey(ChangeRequest, on_delete=models.CASCADE, related_name="rounds")
    sequence = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=RoundState.choices, default=RoundState.OPEN)
    content_hash = models.CharField(max_length=64)
    snapshot = models.OneToOneField(
        ImpactSnapshot, on_delete=models.PROTECT, related_name="approval_round"
    )
    policy = models.ForeignKey(
        BoardPolicy, null=True, blank=True, on_delete=models.PROTECT, related_name="rounds"
    )
    quorum = models.PositiveSmallIntegerField(default=0)
    board_reasons = models.JSONField(default=list, blank=True)
    is_retrospective = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    lapse_reason = models.CharField(max_length=250, blank=True, default="")
    impact_difference = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-sequence"]
        constraints = [
            models.UniqueConstraint(fields=["change", "sequence"], name="one_round_per_sequence"),
            models.UniqueConstraint(
                fields=["change"], condition=models.Q(state="open"), name="one_open_round"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.change.number}, round {self.sequence}"

    def ledger_scope(self) -> str:
        """Return the change's scope."""
        return self.change.scope_path

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether a decision is late; lateness never decides anything."""
        return self.state == RoundState.OPEN and now > self.due_at


class Approval(BaseModel):
    """A seat: a person, or a team any of whose members may speak for it.

    `because` lists the impacted systems with the resolver's trace, or the reasons the board sits; it may
    name what not every reader may see.
    """

    round = models.ForeignKey(ApprovalRound, on_delete=models.CASCADE, related_name="approvals")
    basis = models.CharField(max_length=12, choices=SeatBasis.choices)
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="approvals"
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="approvals"
    )
    is_required = models.BooleanField()
    because = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, team__isnull=True)
                | models.Q(person__isnull=True, team__isnull=False),
                name="seat_has_one_holder",
            ),
            models.UniqueConstraint(
                fields=["round", "person", "basis"], name="one_seat_per_person_and_basis"
            ),
            models.UniqueConstraint(
                fields=["round", "team", "basis"], name="one_seat_per_team_and_basis"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party} on {self.round}"

    def ledger_scope(self) -> str:
        """Return the change's scope."""
        return self.round.ledger_scope()

    @property
    def party(self) -> str:
        """Return the name of the person or team that holds the seat."""
        return str(self.person or self.team)

    @property
    def cast(self) -> "Vote | None":
        """Return the seat's vote, if any."""
        return getattr(self, "vote", None)


class Vote(BaseModel):
    """What was said on a seat, by whom, standing in for whom, about which content."""

    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, related_name="vote")
    choice = models.CharField(max_length=8, choices=VoteChoice.choices)
    reason = models.TextField(blank=True, default="")
    content_hash = models.CharField(max_length=64)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="votes")
    acting_for = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="votes_by_deputy"
    )
    cast_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(choice="reject") | ~models.Q(reason=""),
                name="a_no_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_choice_display()} by {self.person}"

    def ledger_scope(self) -> str:
        """Return the change's scope."""
        return self.approval.ledger_scope()
