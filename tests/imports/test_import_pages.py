"""The import pages and the API: preview first, then apply; files on the way out."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from guardian.shortcuts import assign_perm
from openpyxl import load_workbook

from assets.models import Asset
from common.errors import NotAllowedError
from common.jobs import JobRun
from common.models import Job
from evidence.models import LedgerEntry
from portal.tasks import import_file
from tests.factories.accounts import UserFactory
from tests.factories.assets import AssetFactory, ItemClassFactory, LocationFactory

TEXT = "code,name,item_class,location\nP1,Filler,plc,NF\n"


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def site(db):
    ItemClassFactory(slug="plc")
    return LocationFactory(code="NF", name="Northfield")


@pytest.fixture
def engineer(site):
    user = UserFactory(username="rosa")
    for right in ("view_items", "edit_items"):
        assign_perm(right, user, site)
    return user


@pytest.fixture
def send(client, engineer, django_capture_on_commit_callbacks):
    client.force_login(engineer)

    def post(url, *arguments, **options):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(url, *arguments, **options)

    return post


def test_the_form_shows_the_columns_of_the_kind(client, engineer):
    client.force_login(engineer)

    page = client.get("/import/?kind=zones").content.decode()

    assert "purdue_level" in page
    assert "one of 0, 1, 2, 3, 3.5, 4, 5" in page


def test_preview_then_apply_in_the_browser(client, send):
    answer = send("/import/", {"kind": "assets", "text": TEXT})
    assert not Asset.objects.exists()
    preview = client.get(answer["Location"]).content.decode()
    assert "What this file would change" in preview
    job = Job.objects.get()

    answer = send(reverse("portal:import-apply", args=[job.pk]))

    assert Asset.objects.get().name == "Filler"
    assert "Written" in client.get(answer["Location"]).content.decode()


def test_a_file_is_taken_as_well(client, send):
    file = SimpleUploadedFile("items.csv", TEXT.replace(",", ";").encode("cp1252"))

    answer = send("/import/", {"kind": "assets", "file": file})

    assert "Columns are separated by ;" in client.get(answer["Location"]).content.decode()


def test_errors_stand_on_the_page_with_row_and_column_and_nothing_can_be_applied(client, send):
    answer = send("/import/", {"kind": "assets", "text": TEXT + "P2,Capper,robot-x,NF\n"})
    page = client.get(answer["Location"]).content.decode()

    assert "robot-x" in page
    assert "Nothing was written" in page
    assert "/apply/" not in page
    assert send(reverse("portal:import-apply", args=[Job.objects.get().pk])).status_code == 409
    assert not Asset.objects.exists()


def test_what_was_typed_stays_when_neither_or_both_are_given(client, send):
    assert send("/import/", {"kind": "assets"}).status_code == 422


def test_an_unreadable_file_fails_the_job_with_a_sentence(client, send):
    answer = send("/import/", {"kind": "assets", "file": SimpleUploadedFile("x.csv", b"a\x00\x01")})

    assert "zero bytes" in client.get(answer["Location"]).content.decode()


def test_nobody_sees_the_import_of_another(client, send):
    send("/import/", {"kind": "assets", "text": TEXT})
    client.force_login(UserFactory())

    assert (
        client.get(reverse("portal:import-detail", args=[Job.objects.get().pk])).status_code == 404
    )
    assert client.get(f"/api/portal/imports/{Job.objects.get().pk}/").status_code == 404


def test_a_kind_without_the_right_is_refused(send):
    assert send("/import/", {"kind": "people", "text": "employee_number\nE1\n"}).status_code == 403


def test_export_is_filtered_recorded_and_imports_again(client, send, site):
    AssetFactory(code="P1", name="Filler", location=site)
    AssetFactory(code="P2", name="Capper", location=site, status="retired")
    AssetFactory(code="X9", name="Elsewhere")

    body = b"".join(client.get("/plant/export/assets/?status=retired").streaming_content)

    assert b"P2" in body
    assert b"P1" not in body
    assert b"X9" not in b"".join(client.get("/plant/export/assets/").streaming_content)
    entry = LedgerEntry.objects.filter(action="export").last()
    assert (entry.object_label, entry.after) == ("assets", {"filters": "status=retired"})
    send("/import/", {"kind": "assets", "text": body.decode("utf-8-sig")})
    assert Job.objects.get().result["counts"]["unchanged"] == 1


def test_export_as_a_workbook(client, engineer, site):
    AssetFactory(code="P1", description="=1+1", location=site)
    client.force_login(engineer)

    body = b"".join(client.get("/plant/export/assets/?format=xlsx").streaming_content)

    rows = list(load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True))
    assert rows[1][0] == "P1"
    assert "'=1+1" in rows[1]


def test_an_unknown_kind_cannot_be_exported(client, engineer):
    client.force_login(engineer)

    assert client.get("/plant/export/pumps/").status_code == 400


def test_the_same_over_the_api(client, send):
    rows = [{"code": "P1", "name": "Filler", "item_class": "plc", "location": "NF"}]
    answer = send(
        "/api/portal/imports/", {"kind": "assets", "rows": rows}, content_type="application/json"
    )
    assert answer.status_code == 202
    preview = client.get(answer.json()["url"]).json()
    assert (preview["state"], preview["report"]["counts"]["added"]) == ("succeeded", 1)
    assert not Asset.objects.exists()

    applied = send(preview["url"] + "apply/")

    assert client.get(applied.json()["url"]).json()["report"]["is_applied"]
    body = b"".join(client.get("/api/portal/exports/assets/?code=P1").streaming_content)
    assert b"Filler" in body


def test_apply_at_once_over_the_api_still_refuses_a_file_with_errors(client, send):
    answer = send(
        "/api/portal/imports/",
        {"kind": "assets", "text": TEXT + "P1,Twice,plc,NF\n", "apply": True},
        content_type="application/json",
    )

    report = client.get(answer.json()["url"]).json()["report"]
    assert (report["is_applied"], report["error_count"]) == (False, 1)
    assert not Asset.objects.exists()


def test_the_api_names_the_kinds_and_their_columns(client, engineer):
    client.force_login(engineer)

    kinds = {kind["name"]: kind for kind in client.get("/api/portal/import-kinds/").json()}

    assert [c["name"] for c in kinds["organisations"]["columns"]] == ["slug", "name", "kind"]


def test_the_api_asks_for_one_source_of_rows(send):
    answer = send(
        "/api/portal/imports/", json.dumps({"kind": "assets"}), content_type="application/json"
    )

    assert answer.status_code == 400


def test_without_login_there_is_nothing(client, db):
    assert client.get("/import/").status_code == 302
    assert client.get("/plant/export/assets/").status_code == 302
    assert client.post("/api/portal/imports/").status_code in {401, 403}


def test_a_user_who_left_before_the_job_ran_imports_nothing(client, engineer, send):
    send("/import/", {"kind": "assets", "text": TEXT})
    job = Job.objects.get()
    engineer.is_active = False
    engineer.save()

    with pytest.raises(NotAllowedError, match="may not log in any more"):
        import_file(JobRun(job.pk, engineer.as_actor(channel="web"), 1, "x"), **job.arguments)
