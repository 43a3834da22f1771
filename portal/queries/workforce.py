"""What the training lead sees first: roles nobody holds, roles that hang on one person, absences without a deputy."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from raci.access import absences_visible_to, holders_visible_to, roles_visible_to


@dataclass(frozen=True)
class RoleCover:
    """A role with who holds it now."""

    role: Any
    holders: list[Any]


@dataclass(frozen=True)
class Workforce:
    """Roles by how they are covered, and who is away."""

    vacant: list[RoleCover]
    single: list[RoleCover]
    roles: int
    away: list[Any]


def workforce_of(user: User, *, at: datetime) -> Workforce:
    """Return the cover of every role today, in three queries. A team's holding counts as one holder."""
    day = timezone.localdate(at)
    held: dict[int, list[Any]] = defaultdict(list)
    rows = holders_visible_to(user).valid_on(day)  # type: ignore[attr-defined]
    for holder in rows.select_related("person", "team", "location"):
        if holder.team_id or holder.person.is_active:
            held[holder.role_id].append(holder)
    covers = [RoleCover(role, held[role.pk]) for role in roles_visible_to(user)]
    vacant = [cover for cover in covers if not cover.holders]
    single = [cover for cover in covers if len(cover.holders) == 1 and cover.holders[0].person_id]
    return Workforce(vacant, single, len(covers), _away(user, at))


def _away(user: User, at: datetime) -> list[Any]:
    rows = absences_visible_to(user).filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at)
    return list(rows.select_related("person", "deputy").order_by("deputy", "person__name"))
