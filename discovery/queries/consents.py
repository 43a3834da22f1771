"""Consents as the people who decide them meet them: what waits for whom, and whether it can still be given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, User
from discovery.access import approvals_visible_to, capacity_of
from discovery.choices import ApprovalState
from discovery.models import ScanApproval
from discovery.queries.policies import policy_hash
from governance.access import seats_of

#: States a consent can be in besides the stored ones, since time and edits go on.
EXPIRED, OUTDATED, TO_COME = "expired", "outdated", "to_come"
WORDS: Mapping[str, object] = {
    **dict(ApprovalState.choices),
    ApprovalState.APPROVED.value: _("In force"),
    EXPIRED: _("Expired"),
    OUTDATED: _("Network changed since"),
    TO_COME: _("Given, begins later"),
}


@dataclass(frozen=True, slots=True)
class WaitingConsent:
    """A consent somebody can decide now, and the absent person they decide for."""

    approval: ScanApproval
    acting_for: Person | None = None


@dataclass(frozen=True, slots=True)
class ConsentView:
    """A consent as one reader sees it."""

    approval: ScanApproval
    standing: str
    may_decide: bool
    may_revoke: bool
    acting_for: Person | None


def consents_waiting_for(user: User, *, at: datetime) -> list[WaitingConsent]:
    """Return the consents the user can give or refuse at a moment, those that begin first first."""
    person = user.person
    if person is None or not person.is_active or not user.is_active:
        return []
    rows = (
        ScanApproval.objects.filter(
            seats_of(user), state=ApprovalState.REQUESTED, expires_at__gt=at
        )
        .exclude(requester=person)
        .select_related("network__zone", "network__location", "requester", "person", "team")
        .order_by("valid_from", "pk")
    )
    capacity = capacity_of(person, at)
    found = [(one, capacity.decides(one)) for one in rows]
    return [WaitingConsent(one, absent) for one, (may_decide, absent) in found if may_decide]


def consents_of(user: User) -> QuerySet[ScanApproval]:
    """Return the consents the user may see, newest first, with what a list shows of them."""
    return (
        approvals_visible_to(user)
        .select_related("network__zone", "requester", "person", "team", "decided_by")
        .order_by("-pk")
    )


def standings_of_consents(
    approvals: Sequence[ScanApproval], *, at: datetime
) -> list[tuple[ScanApproval, str]]:
    """Return each consent with where it stands at a moment."""
    hashes: dict[int, str] = {}
    for one in approvals:
        if one.network_id not in hashes:
            hashes[one.network_id] = policy_hash(one.network)
    return [(one, _standing(one, hashes[one.network_id], at)) for one in approvals]


def standing_of_consent(approval: ScanApproval, *, at: datetime) -> str:
    """Return where a consent stands: a stored state, or what time and edits made of it."""
    return _standing(approval, policy_hash(approval.network), at)


def _standing(approval: ScanApproval, current_hash: str, at: datetime) -> str:
    if approval.state not in {ApprovalState.REQUESTED, ApprovalState.APPROVED}:
        return approval.state
    if approval.expires_at <= at:
        return EXPIRED
    if approval.policy_hash != current_hash:
        return OUTDATED
    is_given = approval.state == ApprovalState.APPROVED
    return TO_COME if is_given and approval.valid_from > at else approval.state


def consent_view(user: User, approval: ScanApproval, *, at: datetime) -> ConsentView:
    """Return a consent with what this reader can do about it."""
    may, absent = capacity_of(user.person, at).decides(approval)
    standing = standing_of_consent(approval, at=at)
    is_open = approval.state == ApprovalState.REQUESTED
    is_given = approval.state == ApprovalState.APPROVED and standing != EXPIRED
    return ConsentView(
        approval=approval,
        standing=standing,
        may_decide=may and is_open,
        may_revoke=may and is_given,
        acting_for=absent,
    )


def party_key(approval: ScanApproval) -> str:
    """Return the key of the party a consent was asked from: a colour hangs on it."""
    if approval.person_id is not None:
        return f"person:{approval.person_id}"
    return f"team:{approval.team_id}"
