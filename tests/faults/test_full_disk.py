"""No byte is left on the disk: who asked learns what was not written, no half file stays, and it can be repeated."""

import os
import tempfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from assets.queries.live_graph import current_graph, save_snapshot
from common.backups import BackupError, restore_backup, write_backup
from common.errors import DomainError
from common.files import FileNotWrittenError
from common.models import Job, JobState
from evidence.keys import known_certificates, rotate, signing_key
from tests.factories.assets import AssetFactory, LocationFactory
from tests.faults.disks import mount_tiny_disk, unmount

pytestmark = pytest.mark.django_db
ROWS = b"code,name,item_class\n" + b"".join(b"P-%d,Pump %d,plc\n" % (n, n) for n in range(500))


@pytest.fixture
def disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    disk = mount_tiny_disk(folder)
    yield disk
    unmount(disk)


@pytest.fixture
def site(disk, settings):
    """All state of this site is on the small disk."""
    settings.VAR_DIR = disk.folder
    settings.MEDIA_ROOT = disk.folder / "files"
    settings.KEY_DIR = disk.folder / "keys"
    settings.GRAPH_SNAPSHOT_DIR = disk.folder / "graph"
    return disk


@pytest.fixture
def temporary(disk, monkeypatch):
    """Temporary files go to the small disk."""
    monkeypatch.setattr(tempfile, "tempdir", str(disk.folder))
    return disk


@pytest.fixture
def browser(client, administrator):
    client.force_login(administrator)
    return client


def upload(browser, content=ROWS):
    file = SimpleUploadedFile("pumps.csv", content)
    return browser.post("/api/portal/imports/", {"kind": "assets", "file": file})


def test_an_upload_that_finds_no_room_is_refused_by_name_and_can_be_sent_again(browser, site):
    site.fill(leave=4096)
    answer = upload(browser)
    assert answer.status_code == 507, answer.content
    problem = answer.json()
    assert "The disk is full: pumps.csv was not written" in problem["detail"]
    assert site.files() == []
    assert not Job.objects.exists()

    site.free()
    assert upload(browser).status_code == 202


def test_a_large_upload_that_finds_no_room_on_its_way_in_is_refused(browser, temporary, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1024
    temporary.fill(leave=4096)
    answer = upload(browser)
    assert answer.status_code == 507, answer.content
    assert "disk of this site is full" in answer.json()["detail"]
    assert not Job.objects.exists()

    page = browser.post("/import/", {"kind": "assets", "file": SimpleUploadedFile("p.csv", ROWS)})
    assert page.status_code == 507
    assert "There is no room left" in page.content.decode()


@pytest.fixture
def pumps(db):
    site = LocationFactory(code="FIL")
    return [AssetFactory(code=f"P-{n}", location=site) for n in range(3)]


def test_a_workbook_that_finds_no_room_is_an_error_not_half_a_file(browser, temporary, pumps):
    temporary.fill()
    answer = browser.get("/api/portal/exports/assets/?as=xlsx")
    assert answer.status_code == 507
    assert "assets.xlsx was not written" in answer.json()["detail"]
    assert temporary.files() == []

    temporary.free()
    again = browser.get("/api/portal/exports/assets/?as=xlsx")
    assert b"".join(again.streaming_content).startswith(b"PK")
    again.close()
    assert temporary.files() == []


def test_a_csv_export_needs_no_disk(browser, temporary, pumps):
    temporary.fill()
    answer = browser.get("/api/portal/exports/assets/?as=csv")
    assert b"P-2" in b"".join(answer.streaming_content)


def test_an_evidence_pack_fails_clean_and_can_be_repeated(
    browser, site, pumps, now, django_capture_on_commit_callbacks
):
    signing_key(now=now)
    before = site.files()
    site.fill()
    asked = {"scope_path": "", "since": "2026-01-01T00:00Z", "until": "2027-01-01T00:00Z"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post("/api/evidence/packs/", asked, content_type="application/json")
    assert answer.status_code in {201, 202}, answer.content
    job = Job.objects.get()
    assert job.state == JobState.FAILED
    assert "The disk is full" in job.error
    assert ".pdf was not written" in job.error
    assert site.files() == before

    site.free()
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/api/evidence/packs/", asked, content_type="application/json")
    assert Job.objects.first().state == JobState.SUCCEEDED


@pytest.mark.django_db(transaction=True)
def test_a_backup_that_finds_no_room_leaves_the_one_before(site, now, tmp_path):
    signing_key(now=now)
    backups = site.folder / "backups"
    backups.mkdir()
    (backups / "site.tar.gz").write_bytes(b"yesterday")
    before = site.files()
    site.fill()
    with pytest.raises(DomainError) as caught:
        write_backup(path=backups / "site.tar.gz", now=now)
    assert str(backups) in str(caught.value) or "No space left" in str(caught.value)
    assert site.files() == before
    assert (backups / "site.tar.gz").read_bytes() == b"yesterday"


@pytest.mark.django_db(transaction=True)
def test_a_restore_that_finds_no_room_changes_nothing(site, now, tmp_path, settings):
    (settings.MEDIA_ROOT).mkdir()
    (settings.MEDIA_ROOT / "plan.csv").write_bytes(os.urandom(300_000))
    write_backup(path=tmp_path / "site.tar.gz", now=now)
    before = site.files()
    site.fill(leave=8192)
    with pytest.raises(BackupError, match=r"no room in .* Nothing was changed"):
        restore_backup(path=tmp_path / "site.tar.gz", now=now, is_forced=True)
    assert site.files() == before


def test_a_graph_snapshot_keeps_the_file_and_the_log_it_cannot_replace(site, pumps, settings):
    path = save_snapshot()
    content = path.read_bytes()
    site.fill()
    with pytest.raises(FileNotWrittenError, match=r"The disk is full: graph-.*snapshot"):
        save_snapshot()
    assert path.read_bytes() == content
    assert site.files() == [str(path.relative_to(site.folder))]
    assert len(current_graph()) == len(pumps)

    site.free()
    assert save_snapshot() == path


def test_checkpoints_are_shipped_whole_or_not_at_all(
    site, pumps, now, actor, tmp_path, monkeypatch
):
    signing_key(now=now)
    elsewhere = site.folder / "checkpoints.json"
    call_command("checkpoint", out=elsewhere)
    shipped = elsewhere.read_bytes()
    before = site.files()
    site.fill()
    with pytest.raises(FileNotWrittenError, match=r"checkpoints\.json was not written"):
        call_command("checkpoint", out=elsewhere)
    assert elsewhere.read_bytes() == shipped
    assert site.files() == before


def test_a_key_that_cannot_be_replaced_stays_in_force(site, now):
    key = signing_key(now=now)
    site.fill()
    with pytest.raises(FileNotWrittenError):
        rotate(now=now)
    assert signing_key(now=now).fingerprint == key.fingerprint
    assert list(known_certificates()) == [key.fingerprint]

    site.free()
    _, new = rotate(now=now)
    assert set(known_certificates()) == {key.fingerprint, new.fingerprint}
