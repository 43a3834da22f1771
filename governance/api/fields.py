"""References of changes as API fields."""

from typing import Any

from accounts.access import people_visible_to, teams_visible_to
from assets.access import items_visible_to, locations_visible_to
from common.api.fields import ManyRefField, RefField


def person_ref(**options: Any) -> RefField:
    """Return a reference to a person by id or employee number."""
    return RefField(
        door=people_visible_to,
        natural="employee_number",
        path="/api/accounts/people/",
        **options,
    )


def team_ref(**options: Any) -> RefField:
    """Return a reference to a team by id or code."""
    return RefField(door=teams_visible_to, path="/api/accounts/teams/", **options)


def place_ref(**options: Any) -> RefField:
    """Return a reference to a location by id or code."""
    return RefField(door=locations_visible_to, path="/api/assets/locations/", **options)


def targets_ref(**options: Any) -> ManyRefField:
    """Return the targets of a change by id or code."""
    return ManyRefField(
        door=items_visible_to, through="targets", path="/api/assets/items/", **options
    )
