"""References to people, teams and organisations as API fields; each shows only what the user may see."""

from typing import Any

from accounts.access import organisations_visible_to, people_visible_to, teams_visible_to
from common.api.fields import RefField

ROOT = "/api/accounts/"


def person_ref(**options: Any) -> RefField:
    """Return a reference to a person by id or employee number."""
    return RefField(
        door=people_visible_to, natural="employee_number", path=f"{ROOT}people/", **options
    )


def team_ref(**options: Any) -> RefField:
    """Return a reference to a team by id or code."""
    return RefField(door=teams_visible_to, path=f"{ROOT}teams/", **options)


def organisation_ref(**options: Any) -> RefField:
    """Return a reference to an organisation by id or slug."""
    return RefField(
        door=organisations_visible_to, natural="slug", path=f"{ROOT}organisations/", **options
    )
