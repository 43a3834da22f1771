"""A cell of the grid as a small write: the letter typed in it is set, or cleared when it stands there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from common.actor import Actor
from common.errors import DomainError
from common.ids import id_of
from raci.access import (
    activity_for,
    assignments_visible_to,
    require_assignment,
    require_known_scope,
)
from raci.models import Assignment, Matrix
from raci.services import add_assignment, remove_assignment

SCOPE_IDS = ("location", "zone", "item", "item_class")


def scope_values(key: str) -> dict[str, Any]:
    """Return the assignment fields of a scope key such as "location:4".

    >>> scope_values("location:4")
    {'scope_kind': 'location', 'location_id': 4}
    >>> scope_values("")
    {'scope_kind': 'enterprise'}
    """
    kind, _, text = key.partition(":")
    if kind in SCOPE_IDS and (pk := id_of(text)) is not None:
        return {"scope_kind": kind, f"{kind}_id": pk}
    return {"scope_kind": "enterprise"}


def party_values(key: str) -> dict[str, Any]:
    """Return the assignment field of a party key such as "role:7".

    >>> party_values("role:7")
    {'role_id': 7}
    """
    kind, _, text = key.partition(":")
    pk = id_of(text)
    return {f"{kind}_id": pk} if kind in {"role", "person", "team"} and pk is not None else {}


def toggle_cell(
    *, user: User, actor: Actor, matrix: Matrix, sent: Mapping[str, Any], now: datetime
) -> str:
    """Set or clear a letter; returns the refusal as a sentence, "" when it was done."""
    activity_id = sent.get("activity", "")
    activity = activity_for(user, id_of(activity_id) or 0)
    cell = {
        "activity_id": activity.pk,
        "letter": sent.get("letter", ""),
        **scope_values(sent.get("scope", "")),
        **party_values(sent.get("party", "")),
    }
    kind = cell["scope_kind"]
    require_known_scope(user, kind, cell.get(f"{kind}_id", 0))
    intended = Assignment(matrix=matrix, **cell)
    plain = {"selector_class": None, "selector_purdue": "", "selector_criticality": None}
    standing = assignments_visible_to(user).filter(
        matrix=matrix, effect="add", selector_tag=None, **plain, **cell
    )
    try:
        require_assignment(user, intended)
        if found := standing.first():
            remove_assignment(actor=actor, assignment=found, now=now)
        else:
            values = {**cell, "valid_from": timezone.localtime(now).date()}
            add_assignment(actor=actor, matrix=matrix, values=values, now=now)
    except DomainError as error:
        return str(error)
    return ""
