"""Decision records: asked for as a job, written once, found again by who may see the change."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from accounts.models import User
from common.actor import Actor
from common.errors import DomainError, NotAllowedError
from common.jobs import enqueue
from common.models import Job
from evidence.models import EvidencePack
from evidence.services.packs import export_pack, pack_folder, store_pack
from governance.access import changes_visible_to
from governance.evidence.decision import decision_content
from governance.models import ChangeRequest

TASK = "governance.write_record"


class RecordMissingError(DomainError):
    """There is no such record, or its file is gone."""

    status = 404


def request_record(*, actor: Actor, change: ChangeRequest) -> Job:
    """Ask for the decision record; the job's result names the file."""
    label = _("Decision record of %s") % change.number
    return enqueue(name=TASK, kwargs={"change_id": change.pk}, actor=actor, label=label)


def store_record(
    *,
    actor: Actor,
    change_id: int,
    now: datetime,
    progress: Callable[[int, int, str], None] | None = None,
) -> EvidencePack:
    """Write the record of a change, as far as the actor may see it, into the site's files."""
    user = User.objects.filter(pk=actor.user_id or 0, is_active=True).first()
    change = changes_visible_to(user).filter(pk=change_id).first() if user else None
    if change is None:
        raise NotAllowedError(_("This change is not yours to see."))
    content = decision_content(change, user=user)
    return store_pack(content=content, actor=actor, now=now, progress=progress)


def export_record(
    *, actor: Actor, change: ChangeRequest, path: Path, now: datetime
) -> EvidencePack:
    """Write the whole record to a file; for who runs the site, nothing hidden."""
    content = decision_content(change, user=None)
    return export_pack(content=content, path=path, actor=actor, now=now)


def record_file(change: ChangeRequest, job: Job) -> Path:
    """Return the file a finished job wrote about this change; RecordMissingError when there is none."""
    name = str(job.result.get("file_name", ""))
    path = pack_folder() / Path(name).name
    if job.name != TASK or job.arguments.get("change_id") != change.pk or not name:
        raise RecordMissingError(_("This job wrote no record of %s.") % change.number)
    if not path.is_file():
        raise RecordMissingError(_("The file of this record is gone; ask for a new one."))
    return path
