"""Files of what was seen elsewhere, kept for a day between preview and import."""

import secrets
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import BinaryIO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.files import FileNotWrittenError, remove_older, writing
from common.jobs import unfinished_jobs
from discovery.access import IMPORT_TASK, PREVIEW_TASK
from discovery.collectors.nmap_report import MOST_BYTES

FOLDER = "seen"
KEPT = timedelta(days=1)


class SeenFileTooLargeError(DomainError):
    """More than a report or a table of one network holds."""

    status = 413
    code = "file_too_large"


class SeenFileGoneError(DomainError):
    """The file of a preview is kept for a day."""

    status = 410
    code = "file_gone"


def keep(file: BinaryIO, name: str) -> str:
    """Keep a file and return what it is kept under. Raises SeenFileTooLargeError, FileNotWrittenError."""
    size = file.seek(0, 2)
    file.seek(0)
    if size > MOST_BYTES:
        raise SeenFileTooLargeError(
            _("The file has %(size)s MB; at most %(most)s MB are taken.")
            % {"size": size >> 20, "most": MOST_BYTES >> 20}
        )
    kept = f"{FOLDER}/{secrets.token_hex(16)}{PurePath(name).suffix[:8]}"
    try:
        with writing(Path(default_storage.path(kept)).with_name(PurePath(name).name or "file")):
            return default_storage.save(kept, File(file))
    except FileNotWrittenError:
        default_storage.delete(kept)
        raise


def opened(kept: str) -> BinaryIO:
    """Return a file that was kept, opened. Raises SeenFileGoneError."""
    if PurePath(kept).parts[:1] != (FOLDER,) or ".." in kept or not default_storage.exists(kept):
        raise SeenFileGoneError(_("The file is not kept any more; send it again."))
    return default_storage.open(kept, "rb")  # type: ignore[return-value]


def sweep(*, now: datetime) -> int:
    """Remove files after a day; those a job still waits for stay."""
    spared = {
        Path(default_storage.path(arguments["upload"]))
        for task in (PREVIEW_TASK, IMPORT_TASK)
        for arguments in unfinished_jobs(task).values_list("arguments", flat=True)
    }
    return remove_older(Path(default_storage.path(FOLDER)), than=now - KEPT, spared=spared)
