"""What was lately done in a user's part of the plant: one line per action of one person on one object."""

from django.db.models import QuerySet

from accounts.models import User
from evidence.access import entries_visible_to
from evidence.models import LedgerEntry

SHOWN = 10
#: What comes with an action on something else and says nothing of its own.
PARTS = (
    "governance.approval",
    "governance.approvalround",
    "governance.changetarget",
    "governance.impactsnapshot",
)


def lately_done(user: User, *, site_path: str = "") -> QuerySet[LedgerEntry]:
    """Return the newest visible entries about the plant, ownership and changes that a person made."""
    rows = entries_visible_to(user).exclude(actor_user_id=None).exclude(object_type__in=PARTS)
    if site_path:
        rows = rows.filter(scope_path__startswith=site_path)
    return rows.order_by("-sequence")[:SHOWN]
