"""What every step of a change shares: the row lock, the check of the state, the move to the next."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from common.actor import Actor
from common.errors import ConflictError, NotAllowedError, StaleVersionError
from evidence.services import lock_ledger, update_object
from governance.access import person_of
from governance.choices import ChangeState
from governance.models import ChangeRequest
from governance.rules.lifecycle import is_possible, leads_to, starts_from


class WrongStateError(ConflictError):
    """The change is in a state that does not allow this step."""


class NotYoursError(NotAllowedError):
    """Only the requester or the implementer takes this step."""


def lock(change: ChangeRequest, *, expected_version: int | None = None) -> ChangeRequest:
    """Return the current row, locked until the transaction ends; StaleVersionError when it moved on.

    The ledger's lock comes first: two writers can then never wait for each other.
    """
    lock_ledger()
    current = (
        ChangeRequest.objects.select_for_update(of=("self",))
        .select_related("requester", "implementer")
        .get(pk=change.pk)
    )
    if expected_version is not None and current.version != expected_version:
        raise StaleVersionError(
            _("%(change)s was changed meanwhile (version %(now)d, yours is %(yours)d). Reload it.")
            % {"change": current.number, "now": current.version, "yours": expected_version}
        )
    return current


def require_possible(change: ChangeRequest, action: str) -> None:
    """Refuse a step the change's state does not allow, naming the state and what would be."""
    if is_possible(action, change.state, is_emergency=change.is_emergency):
        return
    allowed = starts_from(action, is_emergency=change.is_emergency)
    words = [str(label) for value, label in ChangeState.choices if value in allowed]
    raise WrongStateError(
        _("%(change)s is in state '%(state)s'; this step is possible in: %(allowed)s.")
        % {
            "change": change.number,
            "state": change.get_state_display(),
            "allowed": ", ".join(words),
        }
    )


def require_owner(actor: Actor, change: ChangeRequest) -> None:
    """Refuse anybody but the requester and the implementer."""
    if person_of(actor).pk not in {change.requester_id, change.implementer_id}:
        raise NotYoursError(
            _("Only %(requester)s (requester) or %(implementer)s (implementer) may do this.")
            % {"requester": change.requester, "implementer": change.implementer}
        )


def require_requester(actor: Actor, change: ChangeRequest) -> None:
    """Refuse anybody but the requester."""
    if person_of(actor).pk != change.requester_id:
        raise NotYoursError(_("Only %s, who asks for the change, may do this.") % change.requester)


def move(
    *,
    actor: Actor,
    change: ChangeRequest,
    action: str,
    now: datetime,
    changes: Mapping[str, Any] | None = None,
    comment: str = "",
) -> ChangeRequest:
    """Take a step: check the state, set it and what comes with it, write the ledger."""
    require_possible(change, action)
    return update_object(
        actor=actor,
        instance=change,
        changes={**(changes or {}), "state": leads_to(action)},
        now=now,
        comment=comment,
        action=action,
    )
