"""Backup and restore: a site comes back whole, and a damaged or foreign file changes nothing."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.db import connection
from pytest_django.fixtures import Settings

from common.backups import BackupError, SiteNotEmptyError, restore_backup, write_backup
from common.models import Job

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "postgres" in os.environ.get("DATABASE_URL", "") and shutil.which("pg_dump") is None,
        reason="pg_dump is not installed",
    ),
]


@pytest.fixture
def site(settings: Settings, tmp_path: Path) -> Path:
    """This process's database, with keys and an uploaded file in a folder of its own."""
    settings.VAR_DIR = tmp_path / "var"
    settings.KEY_DIR = settings.VAR_DIR / "keys"
    settings.MEDIA_ROOT = settings.VAR_DIR / "files"
    settings.KEY_DIR.mkdir(parents=True, mode=0o700)
    settings.MEDIA_ROOT.mkdir()
    (settings.KEY_DIR / "signing").write_text("secret")
    (settings.KEY_DIR / "signing").chmod(0o600)
    (settings.MEDIA_ROOT / "plan.csv").write_text("code,name")
    return tmp_path / "site.tar.gz"


@pytest.fixture
def job(now: datetime) -> Job:
    return Job.objects.create(name="tests.any", label="kept", created_at=now)


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of another site, without a database yet."""
    env = {**os.environ, "RACEWAY_VAR": str(tmp_path / "other")}
    if connection.vendor == "sqlite":
        yield env | {"DATABASE_URL": f"sqlite:///{tmp_path}/other/raceway.sqlite3"}
        return
    database = connection.settings_dict
    name = f"{database['NAME']}_restored"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    login = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}"
    yield env | {"DATABASE_URL": f"postgres://{login}:{database['PORT'] or 5432}/{name}"}
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _manage(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=site_settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def _repack(path: Path, change: Callable[[Path], Any]) -> None:
    """Unpack, change, pack again: what somebody tampering would do."""
    folder = path.with_suffix(".d")
    with tarfile.open(path) as archive:
        archive.extractall(folder)  # noqa: S202 -- our own archive
    change(folder)
    with tarfile.open(path, "w:gz") as archive:
        for file in folder.iterdir():
            archive.add(file, arcname=file.name)


def test_a_site_comes_back_whole_in_another_place(
    site: Path, job: Job, now: datetime, empty_site: dict[str, str]
) -> None:
    write_backup(path=site, now=now)
    assert site.stat().st_mode & 0o777 == 0o600

    done = _manage(empty_site, "restore", str(site))

    assert done.returncode == 0, done.stderr
    other = Path(empty_site["RACEWAY_VAR"])
    assert (other / "keys" / "signing").read_text() == "secret"
    assert (other / "keys" / "signing").stat().st_mode & 0o777 == 0o600
    assert (other / "keys").stat().st_mode & 0o777 == 0o700
    assert (other / "files" / "plan.csv").read_text() == "code,name"
    question = "from common.models import Job; print(*Job.objects.values_list('label', flat=True))"
    answer = _manage(empty_site, "shell", "--no-imports", "-c", question)
    assert answer.stdout.strip() == "kept", answer.stderr

    again = _manage(empty_site, "restore", str(site))
    assert again.returncode != 0
    assert "--force" in again.stderr
    forced = _manage(empty_site, "restore", str(site), "--force")
    assert forced.returncode == 0, forced.stderr


def test_refuses_to_overwrite_a_site_that_is_not_empty(site: Path, now: datetime) -> None:
    write_backup(path=site, now=now)
    with pytest.raises(SiteNotEmptyError, match="--force"):
        restore_backup(path=site, now=now)


def test_a_changed_byte_is_found_before_anything_is_touched(
    site: Path, now: datetime, settings: Settings
) -> None:
    write_backup(path=site, now=now)
    _repack(site, lambda folder: (folder / "files" / "plan.csv").write_text("code,nome"))
    (settings.MEDIA_ROOT / "plan.csv").write_text("newer")
    with pytest.raises(BackupError, match=r"files/plan\.csv in the backup is damaged"):
        restore_backup(path=site, now=now, is_forced=True)
    assert (settings.MEDIA_ROOT / "plan.csv").read_text() == "newer"


def test_a_smuggled_file_is_refused(site: Path, now: datetime) -> None:
    write_backup(path=site, now=now)
    _repack(site, lambda folder: (folder / "keys" / "extra").write_text("x"))
    with pytest.raises(BackupError, match="does not match its manifest: keys/extra"):
        restore_backup(path=site, now=now, is_forced=True)


def test_a_name_that_leads_out_of_the_archive_is_refused(site: Path, now: datetime) -> None:
    write_backup(path=site, now=now)
    with tarfile.open(site, "w:gz") as archive:
        archive.add(site.parent, arcname="../escaped", recursive=False)
    with pytest.raises(BackupError, match="leads out of the archive"):
        restore_backup(path=site, now=now, is_forced=True)


def test_a_link_in_the_archive_is_refused(site: Path, now: datetime) -> None:
    link = site.with_name("link")
    link.symlink_to("/etc/passwd")
    with tarfile.open(site, "w:gz") as archive:
        archive.add(link, arcname="keys/link")
    with pytest.raises(BackupError, match="neither a file nor a folder"):
        restore_backup(path=site, now=now, is_forced=True)


def test_a_cut_file_is_refused(site: Path, now: datetime) -> None:
    write_backup(path=site, now=now)
    site.write_bytes(site.read_bytes()[:-200])
    with pytest.raises(BackupError, match="damaged"):
        restore_backup(path=site, now=now, is_forced=True)


def test_a_backup_of_a_newer_version_is_refused(site: Path, now: datetime) -> None:
    def add_migration(folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_text())
        manifest["migrations"].append("assets.9999_from_the_future")
        (folder / "manifest.json").write_text(json.dumps(manifest))

    write_backup(path=site, now=now)
    _repack(site, add_migration)
    with pytest.raises(BackupError, match="newer Raceway"):
        restore_backup(path=site, now=now, is_forced=True)


def test_a_missing_file_and_a_missing_folder_are_named(site: Path, now: datetime) -> None:
    with pytest.raises(BackupError, match=r"no file .*nowhere\.tar\.gz"):
        restore_backup(path=site.with_name("nowhere.tar.gz"), now=now)
    with pytest.raises(BackupError, match=r"no folder .*nowhere"):
        write_backup(path=site.parent / "nowhere" / "x.tar.gz", now=now)


@pytest.mark.skipif(
    "postgres" in os.environ.get("DATABASE_URL", ""), reason="about the file of an SQLite database"
)
def test_refuses_to_replace_a_database_somebody_is_connected_to(
    site: Path, now: datetime, empty_site: dict[str, str]
) -> None:
    write_backup(path=site, now=now)
    assert _manage(empty_site, "restore", str(site)).returncode == 0
    database = Path(empty_site["RACEWAY_VAR"]) / "raceway.sqlite3"
    with sqlite3.connect(database) as somebody:
        somebody.execute("PRAGMA journal_mode=WAL")
        somebody.execute("SELECT count(*) FROM common_job").fetchone()
        refused = _manage(empty_site, "restore", str(site), "--force")
    somebody.close()
    assert refused.returncode != 0
    assert "Stop it first" in refused.stderr


def test_an_empty_database_is_no_site_to_back_up(
    empty_site: dict[str, str], tmp_path: Path
) -> None:
    done = _manage(empty_site, "backup", str(tmp_path / "nothing.tar.gz"))

    assert done.returncode != 0
    assert "there is no site to back up" in done.stderr
    assert not (tmp_path / "nothing.tar.gz").exists()
