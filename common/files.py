"""Writing a file whole or not at all: draft beside it, flushed to the disk, renamed into place."""

import errno
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from stat import S_ISDIR

from django.utils.translation import gettext as _

from common.errors import DomainError

FULL = {errno.ENOSPC, errno.EDQUOT}


class FileNotWrittenError(DomainError):
    """The file could not be written; nothing of it was left behind."""

    status = 507
    code = "file_not_written"


def write_file(path: Path, content: bytes, *, mode: int = 0o640) -> None:
    """Write `content` to `path`. Raises FileNotWrittenError, with no partial file anywhere."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        _write(draft, content, mode)
        draft.replace(path)
        _flush_folder(path.parent)
    except OSError as error:
        raise FileNotWrittenError(_sentence(path, error)) from error
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say which file it was when a block that writes it by other means fails. Raises FileNotWrittenError.

    What the block has left behind is its own to remove.
    """
    try:
        yield
    except OSError as error:
        raise FileNotWrittenError(_sentence(path, error)) from error


def remove_older(folder: Path, *, than: datetime, spared: Collection[Path] = ()) -> int:
    """Remove the files below a folder last written before that moment, but for those spared; return how many.

    Folders stay: somebody may be about to write into one.
    """
    removed = 0
    for path in folder.rglob("*") if folder.is_dir() else ():
        if path not in spared and _is_older(path, than):
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _is_older(path: Path, than: datetime) -> bool:
    """Tell whether it is a file, still there, and that old."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    return not S_ISDIR(found.st_mode) and found.st_mtime < than.timestamp()


def _write(draft: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sentence(path: Path, error: OSError) -> str:
    if error.errno in FULL:
        return _(
            "The disk is full: %(name)s was not written. Free some space in %(folder)s and try again."
        ) % {"name": path.name, "folder": path.parent}
    return _("%(path)s cannot be written: %(reason)s.") % {"path": path, "reason": error.strerror}
