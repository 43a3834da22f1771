"""The doors to imports of what was seen elsewhere: page, API and command; rights and refusals."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from assets.models import Asset
from common.models import Job
from discovery.choices import ObservationVerdict, ScanSource, ScanState
from discovery.models import Scan
from discovery.services import seen_uploads
from discovery.tasks import import_seen
from tests.discovery.cast import cast_of, text_of
from tests.discovery.plants import cell
from tests.factories.assets import AssetFactory, ItemClassFactory, LocationFactory

pytestmark = pytest.mark.django_db

REPORT = Path(__file__).parent / "reports" / "line1.xml"
ARP = b"address,mac\n10.20.0.21,00:1b:1b:10:20:00\n10.99.0.1,00:1b:1b:10:20:01\n"


@pytest.fixture(autouse=True)
def folder(tmp_path):
    with override_settings(MEDIA_ROOT=tmp_path):
        yield


@pytest.fixture
def cast():
    for slug in ("network-device", "plc"):
        ItemClassFactory(slug=slug)
    return cast_of(cell(is_consented=False, allowed_blocks="10.20.0.0/24"))


def upload(content=ARP, name="arp.csv"):
    return SimpleUploadedFile(name, content)


def address_of(cast):
    return f"/discovery/networks/{cast.network.pk}/import/"


def sent(cast, client, run_jobs, content=ARP, name="arp.csv", **given):
    with run_jobs():
        return client.post(address_of(cast), {"file": upload(content, name), **given})


@pytest.fixture
def run_jobs(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_a_file_is_previewed_then_imported(cast, run_jobs):
    client = cast.client("runner")
    page = text_of(client.get(f"/discovery/networks/{cast.network.pk}/"))
    assert address_of(cast) in page
    assert "lladdr" in text_of(client.get(address_of(cast)))
    answer = sent(cast, client, run_jobs)
    assert answer.status_code == 302
    preview = text_of(client.get(answer.url))
    assert "Added" in preview
    assert "The address is not in the network&#x27;s allowed blocks." in preview
    assert not Asset.objects.exists()
    job = Job.objects.get()
    with run_jobs():
        started = client.post(f"/discovery/imports/{job.pk}/start/")
    scan = Scan.objects.get()
    assert started.url == f"/discovery/scans/{scan.pk}/"
    assert (scan.state, scan.source, scan.requester) == (
        ScanState.COMPLETED,
        ScanSource.TABLE,
        cast.runner.person,
    )
    assert Asset.objects.get().network_address == "10.20.0.21"
    assert "arp.csv, imported into" in text_of(client.get(started.url))
    listed = text_of(client.get("/discovery/scans/"))
    assert "ARP or MAC table" in listed


def test_the_ports_of_a_host_are_shown(cast, run_jobs):
    client = cast.client("runner")
    sent(cast, client, run_jobs, REPORT.read_bytes(), "line1.xml")
    with run_jobs():
        client.post(f"/discovery/imports/{Job.objects.get().pk}/start/")
    scan = Scan.objects.get()
    target = scan.addresses.get(address="10.20.0.13")
    page = text_of(client.get(f"/discovery/scans/{scan.pk}/addresses/{target.pk}/"))
    assert "OpenSSH" in page
    seen = text_of(client.get(f"/discovery/scans/{scan.pk}/seen/"))
    assert "Not identified" in seen


def test_errors_are_shown_with_their_lines_and_nothing_can_be_imported(cast, run_jobs):
    client = cast.client("runner")
    answer = sent(cast, client, run_jobs, b"address,mac\n10.20.0.300,zz\n")
    page = text_of(client.get(answer.url))
    assert "2 errors" in page
    assert "10.20.0.300" in page
    assert "/start/" not in page
    job = Job.objects.get()
    answer = client.post(f"/discovery/imports/{job.pk}/start/", follow=True)
    assert "Only a finished preview without errors can be imported." in text_of(answer)
    assert not Scan.objects.exists()


def test_a_hostile_file_fails_its_preview_with_the_reason(cast, run_jobs):
    client = cast.client("runner")
    bomb = b'<!DOCTYPE nmaprun [<!ENTITY a "b">]><nmaprun scanner="nmap">&a;</nmaprun>'
    answer = sent(cast, client, run_jobs, bomb, "bomb.xml")
    assert "nmap never does" in text_of(client.get(answer.url))


def test_a_file_that_is_too_large_is_refused_at_once(cast, monkeypatch):
    monkeypatch.setattr(seen_uploads, "MOST_BYTES", 10)
    answer = cast.client("runner").post(address_of(cast), {"file": upload()})
    assert "at most" in text_of(answer, 413)
    assert not Job.objects.exists()


def test_a_file_that_is_gone_is_said_to_be_gone(cast, run_jobs):
    client = cast.client("runner")
    sent(cast, client, run_jobs)
    job = Job.objects.get()
    default_storage.delete(job.arguments["upload"])
    answer = client.post(f"/discovery/imports/{job.pk}/start/", follow=True)
    assert "not kept any more" in text_of(answer)


@pytest.mark.parametrize(("name", "status"), [("reader", 403), ("stranger", 404)])
def test_who_does_not_run_discovery_there_imports_nothing(cast, name, status):
    client = cast.client(name)
    assert client.get(address_of(cast)).status_code == status
    assert client.post(address_of(cast), {"file": upload()}).status_code == status
    answer = client.post(
        "/api/discovery/seen-imports/", {"network": cast.network.pk, "file": upload()}
    )
    assert answer.status_code in {status, 400}
    assert not Job.objects.exists()


def test_a_preview_is_of_who_asked_for_it(cast, run_jobs):
    answer = sent(cast, cast.client("runner"), run_jobs)
    assert cast.client("reader").get(answer.url).status_code == 404
    job = Job.objects.get()
    assert cast.client("reader").post(f"/discovery/imports/{job.pk}/start/").status_code == 404
    assert cast.client("reader").get(f"/api/discovery/seen-imports/{job.pk}/").status_code == 404


def test_a_right_that_was_taken_back_ends_the_import(cast, run_jobs):
    client = cast.client("runner")
    sent(cast, client, run_jobs)
    job = Job.objects.get()
    client.post(f"/discovery/imports/{job.pk}/start/")
    cast.runner.is_active = False
    cast.runner.save()
    scan = Scan.objects.get()
    run = _Run(cast.runner.as_actor(channel="task", request_id=""))
    with pytest.raises(Exception, match="may not log in"):
        import_seen(run, scan_id=scan.pk, upload=job.arguments["upload"], switch="")
    assert not Asset.objects.exists()


class _Run:
    def __init__(self, actor):
        self.actor = actor

    def progress(self, *_given):
        """Report to nobody."""


def test_an_item_out_of_sight_is_no_switch(cast, run_jobs):
    AssetFactory(code="SW-9", location=LocationFactory(), network_address="10.20.0.2")
    client = cast.client("runner")
    answer = sent(cast, client, run_jobs, b"mac,port\n00:1b:1b:10:20:00,1\n", switch="SW-9")
    assert "no item at the network" in text_of(client.get(answer.url))


def test_the_api_previews_and_imports_as_the_pages_do(cast, run_jobs):
    client = cast.client("runner")
    with run_jobs():
        answer = client.post(
            "/api/discovery/seen-imports/", {"network": cast.network.code, "file": upload()}
        )
    assert answer.status_code == 202, answer.content
    found = client.get(answer.json()["url"]).json()
    assert found["state"] == "succeeded"
    assert found["report"]["counts"]["added"] == 1
    assert found["report"]["rows"][0]["address"] == "10.20.0.21"
    with run_jobs():
        applied = client.post(f"{found['url']}apply/")
    assert applied.status_code == 202
    scan = client.get(applied.json()["url"]).json()
    assert (scan["source"], scan["state"], scan["file_name"]) == ("table", "completed", "arp.csv")
    listed = client.get("/api/discovery/seen-imports/").json()
    assert [one["id"] for one in listed] == [found["id"]]


def test_the_command_foresees_and_imports(cast, tmp_path):
    path = tmp_path / "arp.csv"
    path.write_bytes(ARP)
    out = StringIO()
    call_command("import_seen", cast.network.code, str(path), "--dry-run", "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert found["counts"]["added"] == 1
    assert not Scan.objects.exists()
    out = StringIO()
    call_command("import_seen", cast.network.code, str(path), stdout=out)
    assert "added: 1" in out.getvalue()
    assert "left out: 1  The address is not in the network's allowed blocks." in out.getvalue()
    assert Scan.objects.get().observations.get().verdict == ObservationVerdict.ADDED
    out = StringIO()
    call_command("import_seen", cast.network.code, str(path), "--json", stdout=out)
    assert json.loads(out.getvalue())["verdicts"] == {"unchanged": 1}


def test_the_command_refuses_with_a_sentence(cast, tmp_path):
    path = tmp_path / "arp.csv"
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_seen", cast.network.code, str(path))
    path.write_bytes(b"address,mac\n10.20.0.300,zz\n")
    with pytest.raises(CommandError, match="2 errors"):
        call_command("import_seen", cast.network.code, str(path))
    with pytest.raises(CommandError, match="There is no network 'nowhere'"):
        call_command("import_seen", "nowhere", str(path))
    assert not Scan.objects.exists()


def test_uploads_are_swept_after_a_day_unless_a_job_waits(cast, run_jobs):
    client = cast.client("runner")
    client.post(address_of(cast), {"file": upload()})
    waiting = Job.objects.get()
    later = timezone.now() + seen_uploads.KEPT * 2
    assert seen_uploads.sweep(now=later) == 0
    Job.objects.filter(pk=waiting.pk).update(state="succeeded")
    assert seen_uploads.sweep(now=later) == 1
