"""Imports asked for by people: the file is kept, a job previews or applies it, the job's result is the report."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from accounts.models import User
from common.actor import Actor
from common.errors import ConflictError, DomainError, NotAllowedError
from common.files import FileNotWrittenError, remove_older, writing
from common.imports import ImportContext, ImportRefusedError, ImportReport, apply, preview
from common.imports.kinds import kind_named
from common.imports.running import Progress
from common.imports.tables import table_of_file
from common.jobs import enqueue, unfinished_jobs
from common.models import Job
from common.registries import words_of_right
from portal.access import IMPORT_TASK

FOLDER = "imports"
LARGEST = 200 * 1024 * 1024
KEPT = timedelta(days=1)


class FileTooLargeError(DomainError):
    """Nobody types that much."""

    status = 413
    code = "file_too_large"


class FileGoneError(DomainError):
    """The file of a preview is kept for a day."""

    status = 410
    code = "file_gone"


@dataclass(frozen=True)
class Order:
    """What is to be done with an uploaded file."""

    kind: str
    upload: str
    name: str
    is_dry_run: bool = True
    encoding: str = ""


def request_import(
    *, actor: Actor, user: User, kind: str, file: BinaryIO, name: str, now: datetime, encoding: str = "", is_dry_run: bool = True
) -> Job:  # fmt: skip
    """Keep the file and start a job for it: a preview, unless told otherwise."""
    _require_permission(kind, actor, user, now)
    order = Order(kind, _keep(user, file, name), name[:100], is_dry_run, encoding)
    return _start(actor, order)


def apply_previewed(*, actor: Actor, user: User, job: Job, now: datetime) -> Job:
    """Start the job that writes what a finished preview showed."""
    order = Order(**{**job.arguments, "is_dry_run": False})
    if not job.is_finished or not job.result.get("is_clean"):
        raise ConflictError(_("Only a finished preview without errors can be applied."))
    _require_permission(order.kind, actor, user, now)
    if not default_storage.exists(order.upload):
        raise FileGoneError(_("The file is not kept any more; send it again."))
    return _start(actor, order)


def _start(actor: Actor, order: Order) -> Job:
    title = _("Preview of %s") if order.is_dry_run else _("Import of %s")
    return enqueue(
        name=IMPORT_TASK,
        kwargs=dict(vars(order)),
        actor=actor,
        label=(title % f"{order.kind}: {order.name}")[:200],
    )


def _require_permission(kind: str, actor: Actor, user: User, now: datetime) -> None:
    found = kind_named(kind)
    if not found.is_permitted(ImportContext(actor=actor, user=user, now=now)):
        raise NotAllowedError(
            _("You may not import '%(kind)s'; it takes the right %(right)s.")
            % {"kind": kind, "right": words_of_right(found.permission)}
        )


def require_size(file: BinaryIO) -> None:
    """Refuse a file larger than anybody needs; leave it at its start. Raises FileTooLargeError."""
    size = file.seek(0, 2)
    file.seek(0)
    if size > LARGEST:
        raise FileTooLargeError(
            _("The file has %(size)s MB; at most %(most)s MB are taken.")
            % {"size": size >> 20, "most": LARGEST >> 20}
        )


def _keep(user: User, file: BinaryIO, name: str) -> str:
    require_size(file)
    suffix = PurePath(name).suffix[:8]
    kept = _folder(user) + secrets.token_urlsafe(16) + suffix
    try:
        with writing(Path(default_storage.path(kept)).with_name(PurePath(name).name or "rows.csv")):
            return default_storage.save(kept, File(file))
    except FileNotWrittenError:
        default_storage.delete(kept)
        raise


def _folder(user: User) -> str:
    return f"{FOLDER}/{user.pk}/"


def sweep_uploads(*, now: datetime) -> int:
    """Remove uploads of all people after a day; those a job still waits for stay."""
    waiting = unfinished_jobs(IMPORT_TASK).values_list("arguments", flat=True)
    spared = {Path(default_storage.path(arguments["upload"])) for arguments in waiting}
    return remove_older(Path(default_storage.path(FOLDER)), than=now - KEPT, spared=spared)


def run_import(
    *, order: Order, actor: Actor, user: User, now: datetime, progress: Progress | None = None
) -> ImportReport:
    """Do what the order says; a refusal is a report with its errors, not an exception."""
    if not order.upload.startswith(_folder(user)) or ".." in order.upload:
        raise NotAllowedError(_("The file belongs to somebody else."))
    kind = kind_named(order.kind)
    context = ImportContext(actor=actor, user=user, now=now, comment=f"import of {order.name}")
    if not default_storage.exists(order.upload):
        raise FileGoneError(_("The file is not kept any more; send it again."))
    with default_storage.open(order.upload, "rb") as file:
        table = table_of_file(file, encoding=order.encoding)  # type: ignore[arg-type]
        if order.is_dry_run:
            return preview(kind=kind, table=table, context=context, progress=progress)
        try:
            return apply(kind=kind, table=table, context=context, progress=progress)
        except ImportRefusedError as error:
            return error.report


def order_of(arguments: dict[str, Any]) -> Order:
    """Return the order a job was given."""
    return Order(**arguments)
