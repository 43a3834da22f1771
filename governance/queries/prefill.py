"""What the form of a change starts with: derived from its targets, to be corrected by a person."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Person, User
from assets.models import ConfigurationItem
from common.errors import DomainError
from governance.choices import ChangeModel, ChangeType
from governance.queries.sources import ACTIVITY
from raci.queries import resolve_many

DEFAULT_MINUTES = {
    ChangeType.POWER_OFF: 60,
    ChangeType.REBOOT: 15,
    ChangeType.FIRMWARE: 60,
    ChangeType.CONFIGURATION: 30,
    ChangeType.OPEN_PORT: 15,
    ChangeType.SCHEMA: 60,
}


def initial_change(
    user: User,
    targets: Sequence[ConfigurationItem],
    *,
    change_type: str,
    now: datetime,
    duration_minutes: int | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> dict[str, Any]:
    """Return the first values of the form for these targets."""
    kind = ChangeType(change_type) if change_type in ChangeType.values else ChangeType.FIRMWARE
    minutes = duration_minutes or DEFAULT_MINUTES[kind]
    starts = starts_at or _next_half_hour(now)
    return {
        "title": _title(kind, targets),
        "change_type": kind,
        "change_model": ChangeModel.NORMAL,
        "implementer": _responsible(targets, at=now) or user.person,
        "window_start_at": starts,
        "window_end_at": ends_at or starts + timedelta(minutes=max(2 * minutes, 120)),
        "duration_minutes": minutes,
        "plan": _plan(kind),
        "back_out_plan": _back_out(kind),
    }


def _title(kind: ChangeType, targets: Sequence[ConfigurationItem]) -> str:
    if not targets:
        return ""
    names = targets[0].name
    if len(targets) > 1:
        names = _("%(first)s and %(count)d more") % {"first": names, "count": len(targets) - 1}
    return f"{kind.label}: {names}"[:150]


def _next_half_hour(now: datetime) -> datetime:
    start = now.replace(second=0, microsecond=0)
    return start + timedelta(minutes=30 - start.minute % 30)


def _responsible(targets: Sequence[ConfigurationItem], *, at: datetime) -> Person | None:
    """Return the person responsible for changes to the first target, when there is exactly such a one."""
    if not targets:
        return None
    try:
        resolved = resolve_many(targets[:1], activity_code=ACTIVITY, at=at)
    except DomainError:
        return None
    answers = resolved[targets[0].pk].responsible if targets[0].pk in resolved else ()
    people = [one.acting.id for one in answers if one.acting and one.acting.kind == "person"]
    return Person.objects.filter(pk__in=people[:1], is_active=True).first()


def _plan(kind: ChangeType) -> str:
    steps = {
        ChangeType.POWER_OFF: _(
            "1. Tell the shift.\n2. Stop and switch off.\n3. Do the work.\n4. Switch on and check."
        ),
        ChangeType.REBOOT: _(
            "1. Tell the shift.\n2. Save the state.\n3. Restart.\n4. Check the heartbeat and the data flow."
        ),
        ChangeType.FIRMWARE: _(
            "1. Back up program and settings.\n2. Load the release.\n3. Restart.\n4. Check function and data flow."
        ),
        ChangeType.CONFIGURATION: _(
            "1. Save the present configuration.\n2. Apply the change.\n3. Check."
        ),
        ChangeType.OPEN_PORT: _(
            "1. Save the rule set.\n2. Add the rule: source, target, port, reason.\n3. Test, and test that nothing else opened."
        ),
        ChangeType.SCHEMA: _(
            "1. Save the present schema.\n2. Deploy the new one.\n3. Check every consumer."
        ),
    }
    return steps[kind]


def _back_out(kind: ChangeType) -> str:
    ways = {
        ChangeType.POWER_OFF: _("Switch on again at once."),
        ChangeType.REBOOT: _("Start from the saved state."),
        ChangeType.FIRMWARE: _("Load the release before, restore program and settings."),
        ChangeType.CONFIGURATION: _("Load the saved configuration."),
        ChangeType.OPEN_PORT: _("Load the saved rule set."),
        ChangeType.SCHEMA: _("Deploy the schema before."),
    }
    return ways[kind]
