"""What an import of a NetBox keeps for a while: the dump that was sent, the token that was given, the rows that were read.

A dump holds the passwords' hashes and tokens of a NetBox, so these files are for the site's own user alone (mode 0600
in a folder of mode 0700) and stand outside the uploads: no backup holds them. The rows hold only what is imported.
"""

import os
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex

from django.conf import settings

from common.files import write_file, writing

DUMP, TOKEN, ROWS = "dump", "token", "rows"
KEPT = timedelta(days=1)
UNCLAIMED = timedelta(minutes=10)


def new_key() -> str:
    """Return a name for the files of one import."""
    return token_hex(16)


def keep(key: str, what: str, content: bytes) -> None:
    """Write a file whole or not at all. Raises FileNotWrittenError."""
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    write_file(_path(key, what), content, mode=0o600)


def keep_pieces(key: str, what: str, pieces: Iterable[bytes]) -> None:
    """Write a large file piece by piece. Raises FileNotWrittenError, with nothing left behind."""
    path = _path(key, what)
    try:
        with writing(path):
            _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                for piece in pieces:
                    file.write(piece)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def holds(key: str, what: str) -> bool:
    """Tell whether a file is still kept."""
    return _path(key, what).exists()


def path_of(key: str, what: str) -> Path:
    """Return where a file is kept. Raises FileNotFoundError when it is not any more."""
    path = _path(key, what)
    if not path.exists():
        raise FileNotFoundError(path.name)
    return path


def forget(key: str, *whats: str) -> None:
    """Remove files that are no longer needed."""
    for what in whats:
        _path(key, what).unlink(missing_ok=True)


def sweep(*, claimed: Collection[str], now: datetime) -> int:
    """Remove what a killed worker left: all that is older than a day, tokens and dumps of no unfinished job at once.

    Younger ones than ten minutes may belong to a job that is being written just now.
    """
    removed = 0
    for path in _folder().glob("*") if _folder().is_dir() else ():
        if _is_stale(path, claimed, now):
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _is_stale(path: Path, claimed: Collection[str], now: datetime) -> bool:
    try:
        age = now - datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    except FileNotFoundError:
        return False
    key, _dot, what = path.name.partition(".")
    return age > KEPT or (what != ROWS and key not in claimed and age > UNCLAIMED)


def _folder() -> Path:
    return Path(settings.NETBOX_DIR)


def _path(key: str, what: str) -> Path:
    if len(key) != 32 or not key.isalnum():
        raise ValueError(f"not a key of an import: {key!r}")
    return _folder() / f"{key}.{what}"
