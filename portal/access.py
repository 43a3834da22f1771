"""The door to imports people asked for: everybody finds the own ones; a whole NetBox is for administrators."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.access import may_manage_people
from accounts.models import User
from assets.access import EDIT, may_edit_reference, scope_of
from common.actor import Actor
from common.errors import NotAllowedError
from common.jobs import jobs_visible_to
from common.models import Job

IMPORT_TASK = "portal.import_file"
NETBOX_TASK = "portal.import_netbox"


def import_jobs_visible_to(user: User) -> QuerySet[Job]:
    """Return the imports and previews a user started."""
    return jobs_visible_to(user).filter(name=IMPORT_TASK)


def import_job_for(user: User, pk: int) -> Job:
    """Return an import the user started; 404 otherwise."""
    return get_object_or_404(import_jobs_visible_to(user), pk=pk)


def user_of(actor: Actor) -> User:
    """Return the user behind an actor, for work done after the request; refuses one who may not log in."""
    user = User.objects.filter(pk=actor.user_id or 0, is_active=True).first()
    if user is None:
        raise NotAllowedError(_("'%s' may not log in any more.") % actor.label)
    return user


def may_import(user: User) -> bool:
    """Tell whether there is anything the user could import."""
    edit = scope_of(user, EDIT)
    somewhere = edit.everything or edit.paths or edit.zone_ids or edit.system_ids
    return bool(somewhere) or may_manage_people(user) or may_edit_reference(user)


def may_import_everything(user: User) -> bool:
    """Tell whether the user may write every kind everywhere, as an import of a whole NetBox does."""
    return (
        user.is_active
        and scope_of(user, EDIT).everything
        and may_manage_people(user)
        and may_edit_reference(user)
    )


def require_import_of_everything(user: User) -> None:
    """Refuse who may not import a whole NetBox, nor point this server to an address."""
    if not may_import_everything(user):
        raise NotAllowedError(
            _(
                "A whole NetBox is imported by administrators: it writes every kind of object, at every "
                "location."
            )
        )


def netbox_jobs_visible_to(user: User) -> QuerySet[Job]:
    """Return the NetBox imports and previews; nothing for who may not import one."""
    if not may_import_everything(user):
        return Job.objects.none()
    return jobs_visible_to(user).filter(name=NETBOX_TASK)


def netbox_job_for(user: User, pk: int) -> Job:
    """Return a NetBox import; 404 otherwise."""
    return get_object_or_404(netbox_jobs_visible_to(user), pk=pk)
