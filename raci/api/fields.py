"""References to the operating model's objects as API fields."""

from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from common.api.fields import RefField
from raci.access import activities_visible_to, matrices_visible_to, roles_visible_to
from raci.choices import MatrixStatus
from raci.models import Matrix

ROOT = "/api/raci/"


def drafts_visible_to(user: User) -> QuerySet[Matrix]:
    """Return the drafts: the only revisions one may write to, so a code names one of them."""
    return matrices_visible_to(user).filter(status=MatrixStatus.DRAFT)


def activity_ref(**options: Any) -> RefField:
    """Return a reference to an activity by id or code."""
    return RefField(door=activities_visible_to, path=f"{ROOT}activities/", **options)


def role_ref(**options: Any) -> RefField:
    """Return a reference to a role by id or code."""
    return RefField(door=roles_visible_to, path=f"{ROOT}roles/", **options)


def draft_ref(**options: Any) -> RefField:
    """Return a reference to a matrix; written as the id or code of a draft."""
    return RefField(door=drafts_visible_to, path=f"{ROOT}matrices/", **options)
