"""Packs handed in for verification: kept until the job has read them."""

import uuid
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.files import remove_older, write_file
from common.jobs import unfinished_jobs

LARGEST = 64 * 1024 * 1024
KEPT = timedelta(days=1)
VERIFY_TASK = "evidence.verify_pack"


class NotAPdfError(DomainError):
    """What was handed in is no PDF, or too large."""


def keep_upload(content: bytes) -> str:
    """Store a file to be verified; return its name. Raises NotAPdfError."""
    if not content.startswith(b"%PDF-") or len(content) > LARGEST:
        raise NotAPdfError(
            _("Give an evidence pack: a PDF of at most %s MB.") % (LARGEST // 1024 // 1024)
        )
    name = f"{uuid.uuid4().hex}.pdf"
    write_file(_folder() / name, content)
    return name


def take_upload(name: str) -> bytes:
    """Return a stored file and remove it. Raises NotAPdfError when it is gone."""
    path = _folder() / name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NotAPdfError(_("The uploaded file is gone; hand it in again.")) from error
    path.unlink(missing_ok=True)
    return content


def sweep_uploads(*, now: datetime) -> int:
    """Remove what no job took in a day: its worker was killed. Those a job still waits for stay."""
    waiting = unfinished_jobs(VERIFY_TASK).values_list("arguments", flat=True)
    spared = {_folder() / Path(arguments["upload"]).name for arguments in waiting}
    return remove_older(_folder(), than=now - KEPT, spared=spared)


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "to-verify"
