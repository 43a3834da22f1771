"""One file that holds a site: database, keys and uploaded files, with a manifest of hashes.

Written beside its final name and renamed when complete. It contains the site's keys, so its mode is 0600.
"""

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from common.errors import ConflictError, DomainError
from common.files import FULL, writing

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE_FILES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


class BackupError(DomainError):
    """The backup could not be written or read."""


class SiteNotEmptyError(ConflictError):
    """Restoring would overwrite what is there."""


# --- Writing -----------------------------------------------------------------------------------


def write_backup(*, path: Path, now: datetime) -> dict[str, Any]:
    """Write the site to `path` while it runs; return the manifest.

    Raises BackupError when the folder is not there, a program is missing, or there is no site in the database;
    FileNotWrittenError when there is no room. An existing file is replaced at the end.
    """
    if not path.parent.is_dir():
        raise BackupError(_("There is no folder %(folder)s.") % {"folder": path.parent})
    if not MigrationRecorder(connection).applied_migrations():
        raise BackupError(
            _("The database %(name)s is empty: there is no site to back up. Is DATABASE_URL right?")
            % {"name": connection.settings_dict["NAME"]}
        )
    with (
        writing(path),
        tempfile.TemporaryDirectory(prefix=".backup-", dir=path.parent) as name,
    ):
        folder = Path(name)
        dump_database(folder / DATABASE_FILES[connection.vendor])
        for source, title in ((settings.KEY_DIR, "keys"), (Path(settings.MEDIA_ROOT), "files")):
            copy_folder(source, folder / title)
        manifest = describe(folder, now)
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=2, sort_keys=True))
        pack(folder, path)
    return manifest


def dump_database(target: Path) -> None:
    """Copy the database as it stands at one moment; writers go on meanwhile."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        try:
            with closing(sqlite3.connect(target)) as copy:
                connection.connection.backup(copy)
        except sqlite3.OperationalError as error:
            raise BackupError(
                _("The database could not be copied into %(folder)s: %(reason)s.")
                % {"folder": target.parent.parent, "reason": error}
            ) from error
    else:
        run_client("pg_dump", "--format=custom", "--no-owner", f"--file={target}")


def copy_folder(source: Path, target: Path) -> None:
    """Copy the files of a running site: one that is removed meanwhile (an upload, say) is left out."""
    for file in sorted(source.rglob("*")):
        if not file.is_file():
            continue
        copy = target / file.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            shutil.copy2(file, copy)


def describe(folder: Path, now: datetime) -> dict[str, Any]:
    """Return the manifest: what is in the folder, from when, and for which version of the tables."""
    applied = MigrationRecorder(connection).applied_migrations()
    return {
        "format": FORMAT,
        "created_at": now.isoformat(),
        "database": connection.vendor,
        "migrations": sorted(f"{app}.{name}" for app, name in applied),
        "files": {
            str(file.relative_to(folder)): {"sha256": sha256(file), "size": file.stat().st_size}
            for file in sorted(folder.rglob("*"))
            if file.is_file()
        },
    }


def pack(folder: Path, path: Path) -> None:
    """Write the folder as a compressed archive that appears under its name only when complete."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as raw, tarfile.open(fileobj=raw, mode="w:gz") as archive:
            archive.add(folder / MANIFEST, arcname=MANIFEST)
            for file in sorted(folder.iterdir()):
                if file.name != MANIFEST:
                    archive.add(file, arcname=file.name)
            archive.close()
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def sha256(file: Path) -> str:
    """Return a file's SHA-256, read in pieces."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


# --- Reading -----------------------------------------------------------------------------------


def restore_backup(*, path: Path, now: datetime, is_forced: bool = False) -> dict[str, Any]:
    """Put the site in `path` in the place of this one; return the manifest.

    Everything is verified before anything is touched. What was there is moved aside, not deleted (on PostgreSQL the
    tables are replaced). Raises BackupError for a damaged or foreign file, SiteNotEmptyError unless forced.
    """
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with unpacked(path) as folder:
        manifest = verify(folder)
        if not is_forced and connection.introspection.table_names():
            raise SiteNotEmptyError(
                _("This database is not empty. To replace it all the same, repeat with --force.")
            )
        suffix = f"before-restore-{now:%Y%m%dT%H%M%S}"
        load_database(folder / DATABASE_FILES[connection.vendor], suffix)
        for target, title in ((settings.KEY_DIR, "keys"), (Path(settings.MEDIA_ROOT), "files")):
            if (folder / title).is_dir():
                swap_in(folder / title, target, suffix)
        os.chmod(settings.KEY_DIR, 0o700)
    return manifest


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """Unpack the archive beside its destination, refusing names that lead elsewhere."""
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.VAR_DIR) as name:
        try:
            with tarfile.open(path, "r:gz") as archive:
                for member in archive:
                    unpack_member(archive, member, Path(name))
        except FileNotFoundError as error:
            raise BackupError(_("There is no file %(file)s.") % {"file": path}) from error
        except (tarfile.TarError, OSError, EOFError) as error:
            if getattr(error, "errno", None) in FULL:
                raise BackupError(
                    _("There is no room in %(folder)s to unpack %(file)s. Nothing was changed.")
                    % {"folder": settings.VAR_DIR, "file": path}
                ) from error
            raise BackupError(
                _("%(file)s is not a backup of Raceway, or it is damaged (%(reason)s).")
                % {"file": path, "reason": error}
            ) from error
        yield Path(name)


def unpack_member(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Unpack one file or folder, for our eyes only. (tarfile's own filters are missing in Debian 12's Python.)"""
    target = folder / member.name
    if not target.resolve().is_relative_to(folder.resolve()):
        raise tarfile.TarError(f"{member.name} leads out of the archive")
    if member.isdir():
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
    elif (content := archive.extractfile(member) if member.isfile() else None) is not None:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with content, target.open("xb") as copy:
            shutil.copyfileobj(content, copy)
        target.chmod(0o600)
    else:
        raise tarfile.TarError(f"{member.name} is neither a file nor a folder")


def verify(folder: Path) -> dict[str, Any]:
    """Return the manifest when the folder holds exactly what it says and this site can take it."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError) as error:
        raise BackupError(_("The backup has no readable manifest.")) from error
    if manifest.get("format") != FORMAT:
        raise BackupError(_("The backup has a format this version of Raceway does not read."))
    verify_files(folder, manifest["files"])
    if manifest["database"] != connection.vendor:
        raise BackupError(
            _("The backup is of a %(theirs)s database, this site uses %(ours)s.")
            % {"theirs": manifest["database"], "ours": connection.vendor}
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or {}}
    if newer := sorted(set(manifest["migrations"]) - known):
        raise BackupError(
            _("The backup was written by a newer Raceway: this one does not know %(migration)s.")
            % {"migration": newer[0]}
        )
    return manifest


def verify_files(folder: Path, promised: dict[str, dict[str, Any]]) -> None:
    """Compare the unpacked files with the manifest, both ways."""
    found = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    if strays := sorted((found - {MANIFEST}) ^ set(promised)):
        raise BackupError(
            _("The backup's content does not match its manifest: %(file)s.") % {"file": strays[0]}
        )
    for name, facts in promised.items():
        if sha256(folder / name) != facts["sha256"]:
            raise BackupError(_("%(file)s in the backup is damaged.") % {"file": name})


def load_database(source: Path, suffix: str) -> None:
    """Make the dump this site's database."""
    connection.close()
    if connection.vendor == "sqlite":
        target = Path(str(connection.settings_dict["NAME"]))
        refuse_running_site(target)
        for leftover in (target, Path(f"{target}-wal"), Path(f"{target}-shm")):
            if leftover.exists():
                leftover.rename(f"{leftover}.{suffix}")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(source, target)
        os.chmod(target, 0o600)
    else:
        options = [
            "--clean",
            "--if-exists",
            "--no-owner",
            "--single-transaction",
            "--exit-on-error",
        ]
        name = str(connection.settings_dict["NAME"])
        run_client("pg_restore", *options, f"--dbname={name}", str(source))


def refuse_running_site(database: Path) -> None:
    """Only the last connection may leave write-ahead mode: so a failure means somebody is still connected."""
    if not database.exists():
        return
    with closing(sqlite3.connect(database, timeout=1)) as probe:
        try:
            probe.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError as error:
            raise SiteNotEmptyError(
                _("The site is still running on %(file)s. Stop it first.") % {"file": database}
            ) from error


def swap_in(source: Path, target: Path, suffix: str) -> None:
    """Move a folder to its place; what was there stays beside it."""
    if target.exists():
        target.rename(target.with_name(f"{target.name}.{suffix}"))
    shutil.move(source, target)


# --- PostgreSQL's own programs -----------------------------------------------------------------


def run_client(program: str, *options: str) -> None:
    """Run pg_dump or pg_restore against this site's database; the password travels in the environment."""
    found = shutil.which(program)
    if found is None:
        raise BackupError(
            _("%(program)s is not installed (Debian: apt-get install postgresql-client).")
            % {"program": program}
        )
    done = subprocess.run(  # noqa: S603 -- the program found above, with our own options
        [found, *options],
        env={**os.environ, **client_environment()},
        capture_output=True,
        check=False,
    )
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().splitlines()
        raise BackupError(
            _("%(program)s failed: %(reason)s")
            % {"program": program, "reason": reason[-1] if reason else done.returncode}
        )


def client_environment() -> dict[str, str]:
    """Return the variables libpq reads, from Django's settings."""
    database = connection.settings_dict
    names = {
        "PGDATABASE": "NAME",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGHOST": "HOST",
        "PGPORT": "PORT",
    }
    return {name: str(database[key]) for name, key in names.items() if database.get(key)}
