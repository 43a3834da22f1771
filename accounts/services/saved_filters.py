"""Saved filters: a list's query string under a name, one's own or shared."""

from datetime import datetime

from django.db import transaction

from accounts.models import SavedFilter, User
from common.actor import Actor
from common.errors import NotAllowedError
from evidence.services import create_object, delete_object, update_object


@transaction.atomic
def save_filter(
    *,
    actor: Actor,
    owner: User,
    list_name: str,
    name: str,
    query: str,
    is_shared: bool,
    now: datetime,
) -> SavedFilter:
    """Keep a filter; the same name on the same list replaces the former."""
    found = SavedFilter.objects.filter(owner=owner, list_name=list_name, name=name).first()
    values = {"query": query, "is_shared": is_shared}
    if found:
        return update_object(actor=actor, instance=found, changes=values, now=now)
    draft = SavedFilter(owner=owner, list_name=list_name, name=name, **values)
    return create_object(actor=actor, instance=draft, now=now)


def delete_filter(*, actor: Actor, owner: User, saved: SavedFilter, now: datetime) -> None:
    """Delete one's own filter."""
    if saved.owner_id != owner.pk:
        raise NotAllowedError(f"'{saved}' was shared by {saved.owner}; only they can delete it.")
    delete_object(actor=actor, instance=saved, now=now)
