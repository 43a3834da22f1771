"""Rights on scope nodes: given and taken with a ledger entry. Rights stand on nodes, never on single assets."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from guardian.models import UserObjectPermission
from guardian.shortcuts import assign_perm, remove_perm

from accounts.models import User
from assets.models import ConfigurationItem, Location, Zone
from assets.models.scope import SCOPE_PERMISSIONS
from common.actor import Actor
from common.errors import DomainError
from evidence.services import record

Node = Location | Zone | ConfigurationItem
RIGHTS = tuple(codename for codename, _words in SCOPE_PERMISSIONS)


class GrantError(DomainError):
    """A right that cannot be given."""


def held_on(user: User, node: Node) -> list[str]:
    """Return the rights a user has of their own on a node, sorted."""
    kind = ContentType.objects.get_for_model(_stored(node))
    rows = UserObjectPermission.objects.filter(user=user, content_type=kind, object_pk=str(node.pk))
    return sorted(rows.values_list("permission__codename", flat=True))


def _stored(node: Node) -> type[models.Model]:
    return node._meta.concrete_model or type(node)


@transaction.atomic
def set_grants(
    *, actor: Actor, user: User, node: Node, rights: Sequence[str], now: datetime
) -> list[str]:
    """Make the user's own rights on a node exactly these (none takes them all away)."""
    if unknown := sorted(set(rights) - set(RIGHTS)):
        raise GrantError(f"'{unknown[0]}' is not a right; there is: {', '.join(RIGHTS)}.")
    if isinstance(node, ConfigurationItem) and node.kind != "system":
        raise GrantError(f"'{node}' is an asset; rights stand on locations, zones and systems.")
    before, after = held_on(user, node), sorted(set(rights))
    if before == after:
        return after
    target = _stored(node)._default_manager.get(pk=node.pk)
    for right in set(after) - set(before):
        assign_perm(f"assets.{right}", user, target)
    for right in set(before) - set(after):
        remove_perm(f"assets.{right}", user, target)
    record(
        actor=actor,
        action="grant",
        instance=node,
        now=now,
        before={"user": user.username, "rights": before},
        after={"user": user.username, "rights": after},
    )
    return after
