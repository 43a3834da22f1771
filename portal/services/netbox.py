"""Imports of a NetBox asked for by people: a job reads it, previews or applies it, and its result is the report.

The rows a preview showed are kept, so that applying writes just these and needs neither the dump nor the token again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

import orjson
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from accounts.models import User
from assets.imports.netbox import (
    Mapped,
    Records,
    base_of,
    map_records,
    mapped_of,
    records_of_dump,
    records_of_server,
    require_token,
)
from assets.imports.netbox.loading import import_netbox
from assets.imports.netbox.reporting import NetBoxReport
from common.actor import Actor
from common.errors import ConflictError
from common.imports import ImportContext
from common.jobs import enqueue, unfinished_jobs
from common.models import Job
from portal.access import NETBOX_TASK, require_import_of_everything, user_of
from portal.services import netbox_files as files
from portal.services.imports import FileGoneError, require_size

PIECE = 1 << 20
SAMPLE = 50
Progress = Callable[[int, int, str], None]
DATABASE_GONE = (OperationalError, InterfaceError)


@dataclass(frozen=True)
class NetBoxOrder:
    """What is to be done; `name` is the address of a live NetBox, else the name of the file."""

    key: str
    name: str
    is_live: bool
    is_dry_run: bool = True


def request_from_file(
    *, actor: Actor, user: User, file: BinaryIO, name: str, now: datetime, is_dry_run: bool = True
) -> Job:
    """Keep a dump and start a job for it: a preview, unless told otherwise."""
    require_import_of_everything(user)
    require_size(file)
    sweep_kept(now=now)
    order = NetBoxOrder(files.new_key(), name[:100], is_live=False, is_dry_run=is_dry_run)
    files.keep_pieces(order.key, files.DUMP, iter(lambda: file.read(PIECE), b""))
    return _start(actor, order)


def request_from_server(
    *, actor: Actor, user: User, url: str, token: str, now: datetime, is_dry_run: bool = True
) -> Job:
    """Start a job that reads a live NetBox. The token stands in a file only until it has been read."""
    require_import_of_everything(user)
    base = base_of(url)
    require_token(token)
    sweep_kept(now=now)
    order = NetBoxOrder(files.new_key(), base, is_live=True, is_dry_run=is_dry_run)
    files.keep(order.key, files.TOKEN, token.encode())
    return _start(actor, order)


def apply_netbox_preview(*, actor: Actor, user: User, job: Job, now: datetime) -> Job:
    """Start the job that writes what a finished preview showed."""
    require_import_of_everything(user)
    sweep_kept(now=now)
    order = order_of(job.arguments)
    if not order.is_dry_run or not job.is_finished or not job.result.get("is_clean"):
        raise ConflictError(_("Only a finished preview without errors can be applied."))
    if not files.holds(order.key, files.ROWS):
        raise FileGoneError(_("What the preview read is not kept any more; preview it again."))
    return _start(actor, NetBoxOrder(order.key, order.name, order.is_live, is_dry_run=False))


def _start(actor: Actor, order: NetBoxOrder) -> Job:
    title = _("Preview of NetBox: %s") if order.is_dry_run else _("Import of NetBox: %s")
    try:
        return enqueue(
            name=NETBOX_TASK,
            kwargs=dict(vars(order)),
            actor=actor,
            label=(title % order.name)[:200],
        )
    except BaseException:
        files.forget(order.key, files.DUMP, files.TOKEN)
        raise


def order_of(arguments: dict[str, Any]) -> NetBoxOrder:
    """Return the order a job was given."""
    return NetBoxOrder(**arguments)


def run_netbox(
    *, order: NetBoxOrder, actor: Actor, now: datetime, progress: Progress
) -> NetBoxReport:
    """Do what the order says; errors in rows are a report with all of them, not an exception.

    Token and dump are gone afterwards, unless the database went away: then the job runs again and needs them.
    """
    try:
        user = user_of(actor)
        require_import_of_everything(user)
        mapped = _mapped(order, progress)
        context = ImportContext(
            actor=actor,
            user=user,
            now=now,
            source="netbox",
            comment=_("import from NetBox: %s") % order.name,
        )
        report = import_netbox(
            mapped=mapped, context=context, is_dry_run=order.is_dry_run, told=progress
        )
    except DATABASE_GONE:
        raise
    except BaseException:
        files.forget(order.key, files.DUMP, files.TOKEN)
        raise
    return report


def _mapped(order: NetBoxOrder, progress: Progress) -> Mapped:
    """Return the rows that were kept, else read and keep them; token and dump end with the reading."""
    if files.holds(order.key, files.ROWS):
        return mapped_of(orjson.loads(files.path_of(order.key, files.ROWS).read_bytes()))
    try:
        mapped = map_records(_records(order, progress))
        files.keep(order.key, files.ROWS, orjson.dumps(mapped.as_dict()))
    except FileNotFoundError:
        raise FileGoneError(
            _("The token is not kept any more; give it again.")
            if order.is_live
            else _("The file is not kept any more; send it again.")
        ) from None
    finally:
        files.forget(order.key, files.DUMP, files.TOKEN)
    return mapped


def _records(order: NetBoxOrder, progress: Progress) -> Records:
    if not order.is_live:
        with files.path_of(order.key, files.DUMP).open("rb") as file:
            return records_of_dump(file)

    def told(path: str, taken: int) -> None:
        words = {"path": path, "count": f"{taken:,}"}
        progress(0, 0, _("Reading %(path)s: %(count)s objects so far") % words)

    token = files.path_of(order.key, files.TOKEN).read_text()
    return records_of_server(order.name, token=token, told=told)


def sweep_kept(*, now: datetime) -> int:
    """Remove files whose job is over or never came; return how many."""
    unfinished = unfinished_jobs(NETBOX_TASK).values_list("arguments", flat=True)
    claimed = {arguments["key"] for arguments in unfinished}
    return files.sweep(claimed=claimed, now=now)
