"""What the training lead sees first: roles nobody holds, roles that hang on one person, absences without a deputy."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from raci.access import absences_visible_to, holders_visible_to, roles_visible_to

LONGEST = 8


@dataclass(frozen=True)
class RoleCover:
    """A role with who holds it now."""

    role: Any
    holders: list[Any]


@dataclass(frozen=True)
class Load:
    """A person with the roles they hold; the share is that of who holds most, 0 to 100."""

    person: Any
    roles: list[Any]
    percent: float


@dataclass(frozen=True)
class Workforce:
    """Roles by how they are covered, who carries most of them, and who is away."""

    vacant: list[RoleCover]
    single: list[RoleCover]
    roles: int
    loads: list[Load]
    away: list[Any]


def workforce_of(user: User, *, at: datetime) -> Workforce:
    """Return the cover of every role today, in three queries. A team's holding counts as one holder."""
    day = timezone.localdate(at)
    held: dict[int, list[Any]] = defaultdict(list)
    rows = holders_visible_to(user).valid_on(day)  # type: ignore[attr-defined]
    for holder in rows.select_related("role", "person", "team", "location"):
        if holder.team_id or holder.person.is_active:
            held[holder.role_id].append(holder)
    covers = [RoleCover(role, held[role.pk]) for role in roles_visible_to(user)]
    vacant = [cover for cover in covers if not cover.holders]
    single = [cover for cover in covers if len(cover.holders) == 1 and cover.holders[0].person_id]
    return Workforce(vacant, single, len(covers), _loads(held), _away(user, at))


def _loads(held: Mapping[int, list[Any]]) -> list[Load]:
    """Return who holds most roles, the most first; who holds the same role at two places holds it twice."""
    by_person: dict[int, list[Any]] = defaultdict(list)
    for holders in held.values():
        for holder in holders:
            if holder.person_id:
                by_person[holder.person_id].append(holder)
    most = max(map(len, by_person.values()), default=1)
    loads = [
        Load(mine[0].person, [holder.role for holder in mine], 100 * len(mine) / most)
        for mine in by_person.values()
    ]
    return sorted(loads, key=lambda load: (-len(load.roles), load.person.name))[:LONGEST]


def _away(user: User, at: datetime) -> list[Any]:
    """Return who is away; first those nobody stands in for."""
    rows = absences_visible_to(user).filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at)
    order = (F("deputy__name").asc(nulls_first=True), "person__name")
    return list(rows.select_related("person", "deputy").order_by(*order))
