"""Writes of networks and the kill switch."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.actor import Actor
from common.errors import ConflictError, DomainError
from discovery.models import Credential, Network, StopOrder
from discovery.queries.neighbours import overlaps_of
from discovery.queries.policies import mode_of
from discovery.rules.targets import BadTargetError
from discovery.services.presences import restate
from evidence.services import create_object, update_object


class CredentialNotForNetworkError(DomainError):
    """A credential is used only at the place it is for."""


class OverlapError(ConflictError):
    """The addresses stand in another network of the site, which allows more or less there."""


#: What a change of may let one network be a way around another.
WHERE_AND_HOW = {"allowed_blocks", "excluded_blocks", "mode", "zone", "location"}


def create_network(
    *, actor: Actor, values: Mapping[str, Any], now: datetime, comment: str = ""
) -> Network:
    """Add a network. The caller has checked the right over its place."""
    network = Network(**values)
    _require_scope(network.credential, network)
    _require_no_bypass(network)
    return create_object(actor=actor, instance=network, now=now, comment=comment)


@transaction.atomic
def change_network(
    *,
    actor: Actor,
    network: Network,
    values: Mapping[str, Any],
    now: datetime,
    expected_version: int | None = None,
    comment: str = "",
) -> Network:
    """Change a network; a consent given for what it was holds no longer (its hash differs)."""
    changed = update_object(
        actor=actor,
        instance=network,
        changes=values,
        now=now,
        expected_version=expected_version,
        comment=comment,
    )
    _require_scope(changed.credential, changed)
    if WHERE_AND_HOW & values.keys():
        _require_no_bypass(changed)
    if {"stale_looks", "stale_days"} & values.keys():
        restate(network=changed, now=now)
    return changed


def _require_scope(credential: Credential | None, network: Network) -> None:
    if credential is None or network.location.path.startswith(credential.location.path):
        return
    message = _("'%(credential)s' is for %(place)s and below; this network is elsewhere.") % {
        "credential": credential,
        "place": credential.location,
    }
    raise CredentialNotForNetworkError(message, fields={"credential": [message]})


def _require_no_bypass(network: Network) -> None:
    """Refuse addresses that another network of the site allows less for, or more: which of the two held would be luck."""
    try:
        found = [one for one in overlaps_of(network) if one.is_bypass]
    except (BadTargetError, ValueError):
        return  # what cannot be read is refused by its own check
    if not found:
        return
    one = found[0]
    message = _(
        "%(blocks)s is also in “%(other)s”, which treats it otherwise (%(mode)s). Leave it out here, or there."
    ) % {"blocks": one.words, "other": one.other.name, "mode": mode_of(one.other).value}
    raise OverlapError(message, fields={"allowed_blocks": [message]})


def order_stop(*, actor: Actor, network: Network | None, reason: str, now: datetime) -> StopOrder:
    """Pull the kill switch, for one network or all of them: running scans end within a second."""
    if not reason.strip():
        message = _("Say why discovery must stop.")
        raise DomainError(message, fields={"reason": [message]})
    order = StopOrder(network=network, reason=reason.strip())
    return create_object(actor=actor, instance=order, now=now, action="stop discovery")


def lift_stop(
    *,
    actor: Actor,
    order: StopOrder,
    now: datetime,
    comment: str = "",
    expected_version: int | None = None,
) -> StopOrder:
    """Lift a stop order; nothing starts by itself."""
    if order.lifted_at is not None:
        raise ConflictError(_("This order was lifted already."))
    return update_object(
        actor=actor,
        instance=order,
        changes={"lifted_at": now},
        now=now,
        action="lift stop",
        comment=comment,
        expected_version=expected_version,
    )
