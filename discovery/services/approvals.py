"""Consent to active discovery of a zone: asked of whoever the resolver names, given or refused by them."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from common.actor import Actor
from common.errors import ConflictError, DomainError, NotAllowedError
from discovery.access import capacity_of
from discovery.choices import ApprovalState
from discovery.models import Network, ScanApproval
from discovery.queries.policies import policy_hash
from evidence.services import create_object, update_object
from raci.queries import Answer, PartyRef, Resolution, resolve_location, resolve_zone

#: Probing a zone is a change to it: who answers for changes there consents.
ACTIVITY = "change"
LONGEST = timedelta(days=92)


class OwnConsentError(ConflictError):
    """Who asks is the one who would have to consent."""


class NobodyConsentsError(ConflictError):
    """Nobody is accountable for the zone, so nobody can consent; a gap to be closed in the operating model."""


@transaction.atomic
def request_approval(
    *,
    actor: Actor,
    requester: Person,
    network: Network,
    valid_from: datetime,
    expires_at: datetime,
    reason: str,
    now: datetime,
) -> ScanApproval:
    """Ask the accountable party of the network's zone for consent.

    Raises NobodyConsentsError when the operating model names none, or several.
    """
    _require_period(valid_from, expires_at, now)
    party, answer = _party(network, now)
    if party.kind == "person" and party.id == requester.pk:
        raise OwnConsentError(
            _(
                "You are accountable for %s yourself, and nobody consents to what they ask for: let who is to "
                "run the scan ask you."
            )
            % (network.zone or network.location)
        )
    approval = ScanApproval(
        network=network,
        requester=requester,
        reason=reason.strip(),
        person_id=party.id if party.kind == "person" else None,
        team_id=party.id if party.kind == "team" else None,
        trace=list(answer.steps),
        valid_from=valid_from,
        expires_at=expires_at,
        policy_hash=policy_hash(network),
    )
    return create_object(actor=actor, instance=approval, now=now, action="ask for consent")


def _require_period(valid_from: datetime, expires_at: datetime, now: datetime) -> None:
    if expires_at <= valid_from or expires_at <= now:
        message = _("A consent ends after it begins, and not in the past.")
    elif expires_at - valid_from > LONGEST:
        message = _("A consent holds for %d days at most; ask again after that.") % LONGEST.days
    else:
        return
    raise DomainError(message, fields={"expires_at": [message]})


def _party(network: Network, now: datetime) -> tuple[PartyRef, Answer]:
    """Return who is asked: the accountable party, even while a deputy acts for them."""
    answer = _accountable(network, now)
    party = answer.holder if answer.trace.by == "deputy" else answer.acting
    if party is None or party.kind not in {"person", "team"}:
        raise _nobody(network)
    return party, answer


def _accountable(network: Network, now: datetime) -> Answer:
    if network.zone is not None:
        resolution: Resolution | None = resolve_zone(network.zone, activity_code=ACTIVITY, at=now)
    else:
        found = resolve_location(network.location, at=now)
        resolution = next((one for one in found if one.activity_code == ACTIVITY), None)
    if resolution is None or resolution.accountable is None:
        raise _nobody(network)
    return resolution.accountable


def _nobody(network: Network) -> NobodyConsentsError:
    return NobodyConsentsError(
        _("Nobody is accountable for changes in %s, so nobody can consent. Assign somebody first.")
        % (network.zone or network.location)
    )


@transaction.atomic
def decide_approval(
    *,
    actor: Actor,
    person: Person | None,
    approval: ScanApproval,
    is_granted: bool,
    note: str,
    now: datetime,
    expected_version: int | None = None,
) -> ScanApproval:
    """Give or refuse consent, as the party it was asked from or their deputy; never to one's own request."""
    current = ScanApproval.objects.select_for_update(of=("self",)).get(pk=approval.pk)
    acting = _acting(actor, person, current, now)
    if is_granted:
        _require_decidable(current, now)
    _require_open(current)
    if not is_granted and not note.strip():
        message = _("Say why not.")
        raise DomainError(message, fields={"note": [message]})
    return update_object(
        actor=acting,
        instance=current,
        changes={
            "state": ApprovalState.APPROVED if is_granted else ApprovalState.REJECTED,
            "decided_by": person,
            "decided_at": now,
            "decision_note": note.strip(),
        },
        now=now,
        action="consent" if is_granted else "refuse consent",
        comment=note,
        expected_version=expected_version,
    )


def _acting(actor: Actor, person: Person | None, approval: ScanApproval, now: datetime) -> Actor:
    may_decide, absent = capacity_of(person, now).decides(approval)
    if not may_decide:
        raise NotAllowedError(
            _(
                "Only %s or their recorded deputy may decide this, and nobody decides what they asked for "
                "themselves."
            )
            % (approval.person or approval.team)
        )
    return actor.on_behalf_of(absent.name) if absent else actor


def _require_open(approval: ScanApproval) -> None:
    if approval.state != ApprovalState.REQUESTED:
        raise ConflictError(
            _("This request is decided: %s.") % approval.get_state_display().lower()
        )


def _require_decidable(approval: ScanApproval, now: datetime) -> None:
    _require_open(approval)
    if approval.expires_at <= now:
        raise ConflictError(_("The time this consent was asked for is over."))
    if approval.policy_hash != policy_hash(approval.network):
        raise ConflictError(
            _("%s was changed since this was asked for. Ask again for what it is now.")
            % approval.network
        )


@transaction.atomic
def revoke_approval(
    *,
    actor: Actor,
    person: Person | None,
    approval: ScanApproval,
    note: str,
    now: datetime,
    expected_version: int | None = None,
) -> ScanApproval:
    """Take a consent back; a scan that runs by it ends."""
    current = ScanApproval.objects.select_for_update(of=("self",)).get(pk=approval.pk)
    acting = _acting(actor, person, current, now)
    if current.state != ApprovalState.APPROVED:
        raise ConflictError(_("There is no consent to take back."))
    return update_object(
        actor=acting,
        instance=current,
        changes={"state": ApprovalState.REVOKED, "decision_note": note.strip()},
        now=now,
        action="revoke consent",
        comment=note,
        expected_version=expected_version,
    )
