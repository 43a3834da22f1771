"""Consent of whoever is accountable for a zone to active scans, and the order to stop them all."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Team
from common.models import BaseModel
from discovery.choices import ApprovalState
from discovery.models.networks import Network


class ScanApproval(BaseModel):
    """Consent to probe a network from one moment to another; bound to the policy it was given for.

    The party is derived by the resolver when consent is asked for. `policy_hash` covers what may be sent where
    and when: a network edited afterwards needs a new consent.
    """

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="approvals")
    requester = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("why"), blank=True, default="")
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    trace = models.JSONField(default=list, editable=False)
    valid_from = models.DateTimeField()
    expires_at = models.DateTimeField()
    policy_hash = models.CharField(max_length=64, editable=False)
    state = models.CharField(
        max_length=10,
        choices=ApprovalState.choices,
        default=ApprovalState.REQUESTED,
        editable=False,
    )
    decided_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    decision_note = models.TextField(blank=True, default="", editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("valid_from")), name="approval_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True, team__isnull=False)
                | Q(person__isnull=False, team__isnull=True),
                name="approval_has_one_party",
            ),
        ]

    def __str__(self) -> str:
        return f"approval {self.pk}"

    def ledger_scope(self) -> str:
        """Return the location path that decides who may read entries about this consent."""
        return self.network.location.path


class StopOrder(BaseModel):
    """The kill switch, pulled: no probe is sent anywhere (or in one network) until it is lifted."""

    network = models.ForeignKey(
        Network, null=True, blank=True, on_delete=models.PROTECT, related_name="stop_orders"
    )
    reason = models.TextField()
    lifted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"stop order {self.pk}"

    def ledger_scope(self) -> str:
        """Return the location path that decides who may read entries about this order."""
        return self.network.location.path if self.network else ""
