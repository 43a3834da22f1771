"""Writes of people, teams, memberships and organisations."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from accounts.models import Membership, Organisation, Person, Team
from common.actor import Actor
from evidence.services import create_object, delete_object, update_object

Party = TypeVar("Party", Organisation, Team, Person, Membership)


def create_party(
    *, actor: Actor, model: type[Party], values: Mapping[str, Any], now: datetime
) -> Party:
    """Create a person, team, membership or organisation."""
    return create_object(actor=actor, instance=model(**values), now=now)


def change_party(
    *,
    actor: Actor,
    party: Party,
    values: Mapping[str, Any],
    now: datetime,
    expected_version: int | None = None,
) -> Party:
    """Change a person, team, membership or organisation."""
    return update_object(
        actor=actor, instance=party, changes=values, now=now, expected_version=expected_version
    )


def delete_party(*, actor: Actor, party: Party, now: datetime) -> None:
    """Delete a party that nothing refers to."""
    delete_object(actor=actor, instance=party, now=now)
