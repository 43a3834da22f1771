"""What a person carries: the roles they hold and where."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import Person, User
from raci.access import holders_visible_to


def roles_of_person(user: User, person: Person, *, at: datetime) -> Sequence[Any]:
    """Return the holdings of a person that are in force, as far as the user may know of their places."""
    holdings = holders_visible_to(user).valid_on(timezone.localdate(at))  # type: ignore[attr-defined]
    return list(
        holdings.filter(person=person)
        .select_related("role", "location")
        .order_by("role__name", "location__path")
    )
