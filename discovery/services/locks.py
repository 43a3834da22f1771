"""Locks a value of an item against discovery, or lets discovery follow it again: its provenance says which."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from assets.models import ConfigurationItem
from common.actor import Actor
from common.errors import DomainError
from discovery.queries.comparison import field_title
from discovery.rules.values import FOLLOWING, is_locked
from evidence.services import lock_ledger, update_object


@transaction.atomic
def set_lock(
    *,
    actor: Actor,
    item: ConfigurationItem,
    field: str,
    lock: bool,
    now: datetime,
    expected_version: int | None = None,
) -> ConfigurationItem:
    """Lock or unlock one value. Who has set it stays known; the caller has checked the right to edit the item."""
    if field not in FOLLOWING:
        message = _("'%(given)s' cannot be locked; there is: %(known)s.") % {
            "given": field,
            "known": ", ".join(FOLLOWING),
        }
        raise DomainError(message, fields={"field": [message]})
    lock_ledger()
    row = ConfigurationItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    stamp = row.provenance.get(field, {})
    if is_locked(stamp) == lock:
        return row
    kept = {name: value for name, value in stamp.items() if name != "is_locked"}
    if is_locked(kept) != lock:
        kept["is_locked"] = lock
    return update_object(
        actor=actor,
        instance=row,
        changes={"provenance": {**row.provenance, field: kept}},
        now=now,
        expected_version=expected_version,
        action="lock value" if lock else "unlock value",
        comment=field_title(field),
    )
