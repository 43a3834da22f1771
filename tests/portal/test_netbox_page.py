"""A NetBox imported in the browser and over the API: preview, apply, report; the token is seen by nobody."""

import logging
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from guardian.shortcuts import assign_perm

from assets.models import Asset, ConfigurationItem, Location, Relation
from common.errors import NotAllowedError
from common.jobs import JobRun
from common.models import Job, JobState
from evidence.models import LedgerEntry
from portal.services import netbox
from portal.tasks import import_netbox
from tests.factories.accounts import UserFactory
from tests.factories.assets import LocationFactory
from tests.netbox.dumps import SECRET_OF_NETBOX, row, small_dump
from tests.netbox.server import TOKEN, FakeNetBox, answering, serving

PAGE, API = "/import/netbox/", "/api/portal/netbox/"
pytestmark = pytest.mark.usefixtures("kept")


def upload(content=None, name="netbox.json"):
    return {"file": SimpleUploadedFile(name, small_dump() if content is None else content)}


def page_of(client, answer) -> str:
    assert answer.status_code == 302, answer.content.decode()[:3_000]
    return client.get(answer["Location"]).content.decode()


def words(page: str) -> str:
    """Return what a person reads: the page without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def kept_names(folder) -> list[str]:
    return sorted(path.suffix for path in folder.iterdir()) if folder.exists() else []


def everything_stored() -> str:
    """Return all that the database holds of jobs and of the ledger."""
    rows = [*Job.objects.values(), *LedgerEntry.objects.values()]
    return repr(rows)


# --- The walk -------------------------------------------------------------------------------------


def test_the_import_page_leads_to_netbox(client, administrator):
    client.force_login(administrator)

    assert f'href="{PAGE}"' in client.get("/import/").content.decode()
    page = client.get(PAGE).content.decode()
    assert "No NetBox imported yet" in page
    assert 'type="password"' in page


def test_preview_apply_report_and_a_second_run_of_zero_changes(client, send, kept):
    preview = words(page_of(client, send(PAGE, upload())))
    assert "What this NetBox would change" in preview
    assert "2 Assets" in preview
    assert "is network planning, which has no counterpart here yet" in preview
    assert not ConfigurationItem.objects.exists()
    assert not LedgerEntry.objects.exists()

    report = words(
        page_of(client, send(reverse("portal:netbox-apply", args=[Job.objects.get().pk])))
    )
    assert "Written" in report
    assert Asset.objects.get(code="NB-DEV-1").tags.get().slug == "ot"
    assert Asset.objects.get(code="NB-DEV-1").provenance["name"]["source"] == "netbox"
    assert Relation.objects.get().note == "X1 - P1"
    entries = LedgerEntry.objects.count()

    second = words(page_of(client, send(PAGE, upload())))
    assert "Nothing to change" in second
    assert "/apply/" not in second
    assert Job.objects.first().result["changes"] == 0
    assert LedgerEntry.objects.count() == entries
    assert "Preview of NetBox: netbox.json" in client.get(PAGE).content.decode()


def test_the_dump_is_deleted_once_read_and_its_secrets_are_nowhere(send, kept):
    send(PAGE, upload())

    assert kept_names(kept) == [".rows"]
    assert kept.stat().st_mode & 0o777 == 0o700
    (rows,) = kept.iterdir()
    assert rows.stat().st_mode & 0o777 == 0o600
    assert SECRET_OF_NETBOX not in rows.read_text()
    assert SECRET_OF_NETBOX not in everything_stored()


def test_errors_of_all_kinds_stand_on_the_page_and_nothing_can_be_applied(client, send):
    bad = small_dump(
        row("dcim.site", 5, name="Mars", region=None, time_zone="Mars/Base"),
        row("ipam.ipaddress", 20, address="nonsense"),
        row("dcim.device", 7, name="odd", device_type=1, site=1, primary_ip4=20),
    )
    page = page_of(client, send(PAGE, upload(bad)))

    for part in ("2 errors", "NB-SITE-5", "Mars/Base", "NB-DEV-7", "nonsense"):
        assert part in page
    assert "/apply/" not in page
    apply = reverse("portal:netbox-apply", args=[Job.objects.get().pk])
    assert send(apply).status_code == 409
    assert not Location.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"not json", "not JSON, or was cut off"),
        (small_dump()[:-40], "not JSON, or was cut off"),
        (b'{"model": 1}', "not a dump"),
        (small_dump(row("dcim.device", 9, name="x")), "dcim.device 9 without a usable"),
    ],
)
def test_a_broken_file_is_a_sentence_and_is_not_kept(client, send, kept, content, sentence):
    assert sentence in page_of(client, send(PAGE, upload(content)))
    assert Job.objects.get().state == JobState.FAILED
    assert kept_names(kept) == []


def test_a_file_that_is_too_large_is_refused(send, kept, monkeypatch):
    monkeypatch.setattr("portal.services.imports.LARGEST", 10)

    assert send(PAGE, upload()).status_code == 413
    assert kept_names(kept) == []


def test_neither_or_both_is_refused_and_the_token_is_not_shown_again(send):
    for data in (
        {"token": TOKEN},
        {"url": "http://127.0.0.1", "token": TOKEN, **upload()},
        {"token": TOKEN, **upload()},
        {"url": "ftp://127.0.0.1", "token": TOKEN},
    ):
        answer = send(PAGE, data)
        assert answer.status_code in {400, 422}
        assert TOKEN not in answer.content.decode()
    assert not Job.objects.exists()


# --- A running NetBox -----------------------------------------------------------------------------


def test_a_live_netbox_is_read_once_and_applied_without_it(client, send, kept):
    with serving(FakeNetBox) as address:
        preview = page_of(client, send(PAGE, {"url": address, "token": TOKEN}))
    assert "What this NetBox would change" in preview
    assert kept_names(kept) == [".rows"]

    page_of(client, send(reverse("portal:netbox-apply", args=[Job.objects.get().pk])))

    assert Asset.objects.filter(code__startswith="NB-DEV-").count() == 8


def test_the_token_is_in_no_row_no_log_no_page_and_no_file(client, send, live, kept, caplog):
    seen = []
    with caplog.at_level(logging.DEBUG):
        for token in (TOKEN, "wrong-" + TOKEN):
            page = page_of(client, send(PAGE, {"url": live, "token": token}))
            seen += [page, client.get(PAGE).content.decode()]
        seen.append(client.get(API).content.decode())

    assert Job.objects.filter(state=JobState.FAILED).count() == 1
    assert "refuses /api/dcim/regions/ (403)" in Job.objects.first().error
    assert caplog.records
    assert all(TOKEN not in text for text in [*seen, caplog.text, everything_stored()])
    assert all(TOKEN not in path.read_text() for path in kept.iterdir())
    assert kept_names(kept) == [".rows"]


def test_while_the_job_waits_the_token_is_in_a_file_for_us_alone(administrator, live, kept):
    netbox.request_from_server(
        actor=administrator.as_actor(channel="web"),
        user=administrator,
        url=live,
        token=TOKEN,
        now=timezone.now(),
    )

    (path,) = kept.iterdir()
    assert path.read_text() == TOKEN
    assert path.stat().st_mode & 0o777 == 0o600
    assert TOKEN not in everything_stored()


@pytest.mark.parametrize(
    ("status", "sentence"),
    [(401, "the token may not read it"), (500, "answers 500"), (302, "not followed")],
)
def test_a_server_that_refuses_is_named_but_not_quoted(
    client, send, kept, monkeypatch, status, sentence
):
    monkeypatch.setattr("assets.imports.netbox.pages.ATTEMPTS", 1)
    with serving(answering(status, b"insides of the server")) as address:
        page = page_of(client, send(PAGE, {"url": address, "token": TOKEN}))

    assert sentence in page
    assert "insides" not in page + everything_stored()
    assert kept_names(kept) == []


# --- Rights ---------------------------------------------------------------------------------------


@pytest.fixture
def almost(db):
    """Somebody with every right but that over everything."""
    user = UserFactory(username="rosa")
    root = LocationFactory()
    for right in ("view_items", "edit_items"):
        assign_perm(right, user, root)
    for right in ("accounts.manage_people", "assets.change_itemclass", "assets.view_all_items"):
        assign_perm(right, user)
    return user


def test_who_may_not_import_everything_finds_nothing(client, send, almost, kept):
    send(PAGE, upload())
    pk = Job.objects.get().pk
    client.force_login(almost)

    assert PAGE not in client.get("/import/").content.decode()
    for answer in (
        client.get(PAGE),
        send(PAGE, upload()),
        send(PAGE, {"url": "http://127.0.0.1:9"}),
    ):
        assert answer.status_code == 403
        assert "netbox.json" not in answer.content.decode()
    assert client.get(f"{PAGE}{pk}/").status_code == 404
    assert send(f"{PAGE}{pk}/apply/").status_code == 404
    assert client.get(API).status_code == 403
    assert send(API, upload()).status_code == 403
    assert client.get(f"{API}{pk}/").status_code == 404
    assert send(f"{API}{pk}/apply/").status_code == 404
    assert Job.objects.count() == 1
    assert kept_names(kept) == [".rows"]


def test_without_login_there_is_nothing(client, db):
    assert client.get(PAGE).status_code == 302
    assert client.get(API).status_code in {401, 403}
    assert client.post(API).status_code in {401, 403}


def test_who_lost_the_right_before_the_job_ran_imports_nothing(administrator, live, kept):
    job = netbox.request_from_server(
        actor=administrator.as_actor(channel="web"),
        user=administrator,
        url=live,
        token=TOKEN,
        now=timezone.now(),
    )
    administrator.is_superuser = False
    administrator.save()

    with pytest.raises(NotAllowedError):
        import_netbox(
            JobRun(job.pk, administrator.as_actor(channel="web"), 1, "x"), **job.arguments
        )
    assert kept_names(kept) == []
