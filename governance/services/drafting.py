"""Writes down what somebody wants to change; an edit of anything voted on lapses the votes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from assets.models import ConfigurationItem
from common.actor import Actor
from common.errors import DomainError
from evidence.services import (
    create_many,
    create_object,
    delete_object,
    lock_ledger,
    update_object,
)
from governance.access import person_of, require_request_rights
from governance.choices import ChangeState
from governance.models import ChangeRequest, ChangeTarget, NumberSeries
from governance.rules.lifecycle import leads_to
from governance.services.rounds import lapse_round
from governance.services.steps import lock, require_owner, require_possible


class ChangeValues(TypedDict, total=False):
    """What a person fills in; everything in it is part of what is voted on."""

    title: str
    change_model: str
    change_type: str
    reason: str
    implementer: Person
    window_start_at: datetime
    window_end_at: datetime
    duration_minutes: int
    plan: str
    back_out_plan: str
    is_back_out_tested: bool


class NoTargetError(DomainError):
    """A change is done to something."""


class UnknownValueError(DomainError):
    """A value that is not a person's to set."""


@transaction.atomic
def draft_change(
    *, actor: Actor, targets: Sequence[ConfigurationItem], values: ChangeValues, now: datetime
) -> ChangeRequest:
    """Write a change down as a draft of the acting person, under the next number of the year."""
    lock_ledger()
    requester = person_of(actor)
    _require_known(values)
    _require_targets(targets)
    require_request_rights(actor, targets)
    change = ChangeRequest(
        number=_next_number(now),
        requester=requester,
        scope_path=_common_path(targets),
        **{"implementer": requester, **values},
    )
    create_object(actor=actor, instance=change, now=now, action="draft")
    _add_targets(actor, change, targets, now)
    return change


@transaction.atomic
def edit_change(
    *,
    actor: Actor,
    change: ChangeRequest,
    values: ChangeValues,
    now: datetime,
    targets: Sequence[ConfigurationItem] | None = None,
    expected_version: int | None = None,
) -> ChangeRequest:
    """Set values and targets. Whatever had been decided about the old content lapses."""
    current = lock(change, expected_version=expected_version)
    require_owner(actor, current)
    require_possible(current, "edit")
    _require_known(values)
    changes: dict[str, Any] = {
        name: value for name, value in values.items() if getattr(current, name) != value
    }
    moved = _retarget(actor, current, targets, now) if targets is not None else False
    if not changes and not moved:
        return current
    if targets is not None:
        changes["scope_path"] = _common_path(targets)
    if current.state != ChangeState.DRAFT:
        lapse_round(actor=actor, change=current, now=now, reason=_("The change was edited."))
        changes |= {"state": leads_to("edit"), "content_hash": "", "impact_hash": ""}
    return update_object(actor=actor, instance=current, changes=changes, now=now, action="edit")


def _require_known(values: Mapping[str, Any]) -> None:
    if unknown := sorted(set(values) - set(ChangeValues.__annotations__)):
        raise UnknownValueError(
            _("'%(name)s' cannot be set; a change takes: %(known)s.")
            % {"name": unknown[0], "known": ", ".join(ChangeValues.__annotations__)},
            fields={name: [_("This cannot be set.")] for name in unknown},
        )


def _require_targets(targets: Sequence[ConfigurationItem]) -> None:
    if not targets:
        message = _("Name at least one asset or system that is to be changed.")
        raise NoTargetError(message, fields={"targets": [message]})


def _next_number(now: datetime) -> str:
    NumberSeries.objects.get_or_create(year=now.year)
    series = NumberSeries.objects.select_for_update().get(year=now.year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"CHG-{series.year}-{series.last:04}"


def _common_path(targets: Sequence[ConfigurationItem]) -> str:
    """Return the path of the smallest location that holds every target; empty when there is none."""
    steps = [
        (target.location.path if target.location else "").rstrip("/").split("/")
        for target in targets
    ]
    shared = [level[0] for level in zip(*steps, strict=False) if len(set(level)) == 1]
    return "/".join(shared) + "/" if shared and shared[0] else ""


def _add_targets(
    actor: Actor, change: ChangeRequest, items: Sequence[ConfigurationItem], now: datetime
) -> None:
    create_many(
        actor=actor,
        instances=[ChangeTarget(change=change, item=item) for item in items],
        now=now,
    )


def _retarget(
    actor: Actor, change: ChangeRequest, targets: Sequence[ConfigurationItem], now: datetime
) -> bool:
    """Make these the targets; tell whether that altered anything."""
    _require_targets(targets)
    require_request_rights(actor, targets)
    held = {row.item_id: row for row in change.change_targets.select_related("item", "change")}
    wanted = {item.pk: item for item in targets}
    for item_id in held.keys() - wanted.keys():
        delete_object(actor=actor, instance=held[item_id], now=now)
    added = [item for item_id, item in wanted.items() if item_id not in held]
    _add_targets(actor, change, added, now)
    return held.keys() != wanted.keys()
