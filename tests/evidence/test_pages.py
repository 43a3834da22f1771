"""Pages and API of the ledger, of packs and of verification: who sees what, and what the jobs bring."""

from dataclasses import dataclass

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from guardian.shortcuts import assign_perm

from common.actor import Actor
from common.models import Job, JobState
from evidence import tasks
from evidence.models import EvidencePack, LedgerEntry
from evidence.services.packs import build_pack, pack_folder
from tests.evidence.conftest import NOW, ROSA, decision
from tests.factories.accounts import UserFactory
from tests.factories.assets import LocationFactory

pytestmark = pytest.mark.django_db
FUNCTIONS = {
    "evidence.audit_pack": tasks.audit_pack,
    "evidence.verify_ledger": tasks.verify_whole_ledger,
    "evidence.verify_pack": tasks.verify_uploaded_pack,
}


@pytest.fixture
def auditor():
    user = UserFactory(username="auditor")
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["read_ledger", "export_evidence", "view_all_items"])
    )
    return user


@pytest.fixture
def local(ledger):
    """Somebody with a grant on one site, and entries there and elsewhere."""
    here, elsewhere = LocationFactory(code="HERE"), LocationFactory(code="ELSE")
    user = UserFactory(username="local")
    assign_perm("assets.view_items", user, here)
    ledger(3, path=here.path)
    ledger(2, path=elsewhere.path)
    ledger(1, path="")
    return user


def numbers(client, **query):
    answer = client.get("/api/evidence/entries/", query)
    assert answer.status_code == 200, answer.content
    return [one["sequence"] for one in answer.json()["results"]]


def test_an_auditor_reads_the_whole_ledger(client, auditor, local):
    client.force_login(auditor)
    assert numbers(client) == [6, 5, 4, 3, 2, 1]
    page = client.get(reverse("evidence:entry-list"))
    assert page.status_code == 200
    assert b"Filler PLC 3" in page.content


def test_others_read_what_lies_in_their_scope(client, local):
    client.force_login(local)
    assert numbers(client) == [3, 2, 1]
    assert client.get(reverse("evidence:entry-detail", args=[2])).status_code == 200


def test_an_entry_out_of_scope_does_not_exist(client, local):
    client.force_login(local)
    assert client.get(reverse("evidence:entry-detail", args=[5])).status_code == 404
    assert client.get("/api/evidence/entries/5/").status_code == 404
    assert client.get("/api/evidence/entries/6/").status_code == 404


def test_nobody_reads_without_a_login(client, ledger):
    ledger(1)
    assert client.get(reverse("evidence:entry-list")).status_code == 302
    assert client.get("/api/evidence/entries/").status_code in {401, 403}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"actor": "Rosa Delgado"}, 6),
        ({"actor": "Nobody"}, 0),
        ({"channel": "web"}, 6),
        ({"object": "assets.configurationitem:3"}, 1),
        ({"request_id": "r1"}, 6),
        ({"sequence__lt": "3"}, 2),
        ({"at__gte": "2027-01-01T00:00:00Z"}, 0),
        ({"since": "2026-11-16", "until": "2026-11-16"}, 6),
        ({"until": "2026-11-15"}, 0),
        ({"q": "filler 2"}, 2),
    ],
)
def test_the_ledger_is_narrowed_by_who_what_when(client, auditor, local, query, found):
    client.force_login(auditor)
    assert len(numbers(client, **query)) == found


def test_an_unknown_filter_is_named(client, auditor):
    client.force_login(auditor)
    answer = client.get("/api/evidence/entries/", {"colour": "red"})
    assert answer.status_code == 400
    assert "colour" in answer.json()["detail"]


def test_pages_continue_by_number(client, auditor, ledger):
    ledger(120)
    client.force_login(auditor)
    first = client.get("/api/evidence/entries/").json()
    second = client.get(first["next"]).json()
    assert [one["sequence"] for one in second["results"]][:2] == [70, 69]
    page = client.get(reverse("evidence:entry-list")).content.decode()
    assert "sequence__lt=71" in page


def test_a_page_takes_as_many_queries_for_many_entries_as_for_few(
    client, auditor, ledger, django_assert_max_num_queries
):
    client.force_login(auditor)
    for count in (3, 60):
        ledger(count)
        with django_assert_max_num_queries(8):
            numbers(client)
        with django_assert_max_num_queries(14):
            client.get(reverse("evidence:entry-list"))


def test_an_entry_shows_before_after_and_what_went_with_it(client, auditor, ledger):
    ledger(2)
    client.force_login(auditor)
    page = client.get(reverse("evidence:entry-detail", args=[1])).content.decode()
    assert "V2.9" in page
    assert "Filler PLC 2" in page
    assert LedgerEntry.objects.get(pk=1).hash[:8] in page


def ask(client, site, **changes):
    values = {"scope": site.path, "since": "2026-11-01", "until": "2026-11-30"}
    return client.post(reverse("evidence:pack-create"), {**values, **changes})


def test_one_form_gives_one_verified_file(client, auditor, ledger, key):
    site = LocationFactory(name="Northfield")
    ledger(5, path=site.path)
    client.force_login(auditor)
    assert client.get(reverse("evidence:pack-create")).status_code == 200
    answer = ask(client, site, contents=["administration"])
    job = Job.objects.get(name="evidence.audit_pack")
    assert answer.status_code == 302, answer.content
    run_job(job)
    pack = EvidencePack.objects.get()
    assert (pack.entry_count, pack.kind) == (5, "audit")
    page = client.get(reverse("evidence:job-detail", args=[job.pk]))
    assert pack.get_absolute_url() in page.content.decode()
    assert client.get(pack.get_absolute_url()).status_code == 200
    file = client.get(reverse("evidence:pack-file", args=[pack.pk]))
    assert b"".join(file.streaming_content).startswith(b"%PDF-1.7")
    upload = SimpleUploadedFile("pack.pdf", (pack_folder() / pack.file_name).read_bytes())
    client.post(reverse("evidence:verification"), {"file": upload})
    check = Job.objects.get(name="evidence.verify_pack")
    run_job(check)
    assert check.result["holds"] is True


def run_job(job):
    """Do the job's work here: a test in a transaction never reaches the commit that sends it."""
    job.result = FUNCTIONS[job.name](Run(actor_for(job)), **job.arguments)
    job.state = JobState.SUCCEEDED
    job.save()


def actor_for(job):
    return Actor(label=job.requested_by_label, user_id=job.requested_by_id, channel="task")


@dataclass
class Run:
    """What a task sees of its run."""

    actor: Actor

    def progress(self, done: int, total: int = 0, message: str = "") -> None:
        assert done <= total


def test_who_may_not_export_is_refused(client, local):
    client.force_login(local)
    site = LocationFactory()
    assert ask(client, site).status_code in {403, 422}
    body = {"scope_path": site.path, "since": NOW.isoformat(), "until": "2027-01-01T00:00:00Z"}
    answer = client.post("/api/evidence/packs/", body, content_type="application/json")
    assert answer.status_code == 403
    assert not Job.objects.exists()


def test_a_scope_one_does_not_see_cannot_be_exported(client, local):
    local.user_permissions.add(Permission.objects.get(codename="export_evidence"))
    hidden = LocationFactory(code="HIDDEN")
    client.force_login(local)
    assert ask(client, hidden).status_code == 422
    assert not Job.objects.exists()


def test_a_period_that_ends_before_it_starts_is_refused(client, auditor):
    site = LocationFactory()
    client.force_login(auditor)
    answer = ask(client, site, since="2026-11-30", until="2026-11-01")
    assert answer.status_code == 400
    assert "before it starts" in answer.content.decode() or "on or after" in answer.content.decode()


def test_a_pack_belongs_to_who_asked_for_it(client, auditor, ledger, key):
    ledger(9)
    build_pack(content=decision(), actor=ROSA, now=NOW)
    pack = EvidencePack.objects.get()
    stranger = UserFactory()
    client.force_login(stranger)
    assert client.get(pack.get_absolute_url()).status_code == 404
    assert client.get(f"/api/evidence/packs/{pack.pk}/").status_code == 404
    client.force_login(auditor)
    assert client.get(f"/api/evidence/packs/{pack.pk}/").json()["identifier"] == pack.identifier


def test_the_ledger_is_verified_on_request(client, auditor, ledger, tamper):
    ledger(4)
    tamper("UPDATE evidence_ledgerentry SET comment = 'x' WHERE sequence = 2")
    client.force_login(auditor)
    assert client.get(reverse("evidence:verification")).status_code == 200
    client.post(reverse("evidence:verify-ledger"))
    job = Job.objects.get(name="evidence.verify_ledger")
    run_job(job)
    page = client.get(reverse("evidence:job-detail", args=[job.pk])).content.decode()
    assert "Entry 2 was altered" in page
    assert client.get(f"/api/evidence/jobs/{job.pk}/").json()["result"]["holds"] is False


def test_verifying_the_ledger_takes_the_right_to_read_it(client, local):
    client.force_login(local)
    assert client.post(reverse("evidence:verify-ledger")).status_code == 403
    assert client.post("/api/evidence/verify/").status_code == 403
    assert client.get("/api/evidence/verify/").json()["last_sequence"] == 6


def test_a_file_that_is_no_pdf_is_refused(client, auditor):
    client.force_login(auditor)
    upload = SimpleUploadedFile("pack.pdf", b"hello")
    answer = client.post(reverse("evidence:verification"), {"file": upload})
    assert answer.status_code == 400
    assert "a PDF of at most" in answer.content.decode()


def test_a_job_of_somebody_else_does_not_exist(client, auditor, local):
    client.force_login(auditor)
    client.post(reverse("evidence:verify-ledger"))
    client.force_login(local)
    job = Job.objects.get()
    assert client.get(reverse("evidence:job-detail", args=[job.pk])).status_code == 404
