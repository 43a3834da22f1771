"""Writes of logins: create, change, what they may do everywhere. A login is never deleted, only switched off."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from common.actor import Actor
from common.errors import DomainError
from common.registries import site_rights
from evidence.services import invalid, record

FIELDS = (
    "username",
    "first_name",
    "last_name",
    "email",
    "person_id",
    "audience",
    "is_active",
    "is_superuser",
)


class LastAdministratorError(DomainError):
    """Somebody has to be able to administer the site."""


def rights_of(user: User) -> dict[str, bool]:
    """Return which site-wide rights a login has of its own."""
    rows = user.user_permissions.values_list("content_type__app_label", "codename")
    held = {f"{app}.{codename}" for app, codename in rows}
    return {right.name: right.permission in held for right in site_rights}


def state_of(user: User) -> dict[str, Any]:
    """Return what the ledger keeps of a login; never the password."""
    fields = {name: getattr(user, name) for name in FIELDS}
    return {**fields, **rights_of(user)}


@transaction.atomic
def save_user(*, actor: Actor, user: User, values: Mapping[str, Any], now: datetime) -> User:
    """Create (an unsaved User) or change a login; an empty password leaves the present one.

    Rights over the site go by their names in `site_rights`; those not named in `values` stay.
    """
    before = {} if user.pk is None else state_of(User.objects.get(pk=user.pk))
    for name in ("username", "first_name", "last_name", "email", "person", "audience"):
        setattr(user, name, values[name])
    user.is_active, user.is_superuser = values["is_active"], values["is_superuser"]
    _keep_one_administrator(user)
    password = values.get("password")
    if password:
        user.set_password(password)
    elif user.pk is None:
        user.set_unusable_password()
    try:
        user.full_clean()
    except ValidationError as error:
        raise invalid(error) from error
    user.save()
    _set_rights(user, values)
    _record(actor, user, before, now, has_new_password=bool(password))
    return user


def _keep_one_administrator(user: User) -> None:
    if user.pk is None or (user.is_active and user.is_superuser):
        return
    others = User.objects.filter(is_active=True, is_superuser=True).exclude(pk=user.pk)
    was = User.objects.filter(pk=user.pk, is_active=True, is_superuser=True)
    if was.exists() and not others.exists():
        raise LastAdministratorError(
            f"'{user}' is the last administrator. Make somebody else one first."
        )


def _set_rights(user: User, values: Mapping[str, Any]) -> None:
    """Give the rights that are true, take those that are false, leave those that are not named."""
    for right in site_rights:
        if right.name not in values:
            continue
        app, _dot, codename = right.permission.partition(".")
        permission = Permission.objects.get(content_type__app_label=app, codename=codename)
        if values[right.name]:
            user.user_permissions.add(permission)
        else:
            user.user_permissions.remove(permission)


def _record(
    actor: Actor, user: User, before: dict[str, Any], now: datetime, *, has_new_password: bool
) -> None:
    after = state_of(user)
    changed = [name for name in after if before.get(name) != after[name]]
    if not changed and not has_new_password:
        return
    comment = "new password" if has_new_password else ""
    record(
        actor=actor,
        action="update" if before else "create",
        instance=user,
        now=now,
        before={name: before[name] for name in changed if name in before},
        after={name: after[name] for name in changed},
        comment=comment,
    )
