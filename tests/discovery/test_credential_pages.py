"""Credentials: the secret goes in and never comes out, on pages, over the API, in ledger, log and job."""

import logging

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from common.models import Job
from discovery.keys import CredentialKeyError, unseal
from discovery.models import Credential
from discovery.services import rotate_key, start_scan
from evidence.models import LedgerEntry
from tests.discovery.cast import cast_of, text_of
from tests.discovery.plants import office

pytestmark = pytest.mark.django_db
SECRET = "Zimtstern-4711"


@pytest.fixture(autouse=True)
def keys(tmp_path):
    with override_settings(KEY_DIR=tmp_path / "keys", CREDENTIAL_KEY=""):
        yield tmp_path / "keys"


@pytest.fixture
def cast(db):
    return cast_of()


def values(cast, **given):
    return {
        "name": "Switches",
        "location": cast.network.location_id,
        "kind": "snmp_v2c",
        "community": SECRET,
        **given,
    }


def test_a_secret_is_stored_and_never_shown_again(cast, caplog):
    caplog.set_level(logging.DEBUG)
    client = cast.client("runner")
    assert client.post("/discovery/credentials/add/", values(cast)).status_code == 302
    row = Credential.objects.get(name="Switches")
    assert unseal(row.sealed) == {"community": SECRET}
    address = f"/discovery/credentials/{row.pk}/"
    seen = [
        text_of(client.get("/discovery/credentials/")),
        text_of(client.get(address)),
        text_of(client.post(address, values(cast, name="")), 422),
        text_of(client.get(f"/api/discovery/credentials/{row.pk}/")),
        repr(row),
        str(list(Credential.objects.values())),
        str([(one.before, one.after, one.comment) for one in LedgerEntry.objects.all()]),
        str(list(Job.objects.values())),
        caplog.text,
    ]
    assert not [text for text in seen if SECRET in text]
    assert 'autocomplete="off"' in seen[1]
    assert LedgerEntry.objects.filter(object_label="Switches", action="create").exists()


def test_a_secret_left_empty_stays(cast):
    client = cast.client("runner")
    client.post("/discovery/credentials/add/", values(cast))
    row = Credential.objects.get(name="Switches")
    sent = values(cast, community="", name="All switches", version=row.version)
    assert client.post(f"/discovery/credentials/{row.pk}/", sent).status_code == 302
    row.refresh_from_db()
    assert (row.name, unseal(row.sealed)) == ("All switches", {"community": SECRET})


def test_a_user_without_a_key_is_refused_in_words_that_hold_no_secret(cast):
    sent = values(cast, kind="snmp_v3", username="", auth_protocol="sha256", auth_key=SECRET)
    page = text_of(cast.client("runner").post("/discovery/credentials/add/", sent), 400)
    assert "user name" in page
    assert SECRET not in page


def test_it_is_seen_by_who_runs_discovery_there_only(cast):
    cast.client("runner").post("/discovery/credentials/add/", values(cast))
    row = Credential.objects.get(name="Switches")
    for name in ("reader", "stranger"):
        client = cast.client(name)
        assert "Switches" not in text_of(client.get("/discovery/credentials/"))
        assert client.get(f"/discovery/credentials/{row.pk}/").status_code == 404
        assert client.get("/discovery/credentials/add/").status_code == 403


def test_it_is_not_put_where_one_runs_nothing(cast):
    elsewhere = office().location
    sent = values(cast, location=elsewhere.pk)
    assert cast.client("runner").post("/discovery/credentials/add/", sent).status_code == 422
    assert not Credential.objects.filter(name="Switches").exists()


def test_rotation_seals_everything_under_a_new_key_and_forgets_the_old(
    cast, keys, actor, django_capture_on_commit_callbacks
):
    cast.client("runner").post("/discovery/credentials/add/", values(cast))
    before = (keys / "credentials.key").read_text()
    with django_capture_on_commit_callbacks(execute=True):
        assert rotate_key(actor=actor, now=timezone.now()) == Credential.objects.count()
    after = (keys / "credentials.key").read_text()
    assert len(after.split()) == 1
    assert before.strip() not in after
    assert unseal(Credential.objects.get(name="Switches").sealed) == {"community": SECRET}
    assert (keys / "credentials.key").stat().st_mode & 0o777 == 0o600
    assert keys.stat().st_mode & 0o077 == 0


def test_a_key_of_the_environment_is_rotated_by_putting_a_new_one_in_front(cast, keys, capsys):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    with override_settings(CREDENTIAL_KEY=old):
        cast.network.credential = None
        cast.network.save()
        Credential.objects.all().delete()
        cast.client("runner").post("/discovery/credentials/add/", values(cast))
        with pytest.raises(CommandError, match="put a new one in front"):
            call_command("rotate_credential_key")
    with override_settings(CREDENTIAL_KEY=f"{new},{old}"):
        call_command("rotate_credential_key")
    with override_settings(CREDENTIAL_KEY=new):
        assert unseal(Credential.objects.get().sealed) == {"community": SECRET}
    assert old not in (keys / "credentials.key").read_text()


def test_under_another_key_a_scan_is_refused_with_503_and_the_secret_can_be_entered_again(
    cast, keys, actor
):
    network = office(location=cast.network.location, allowed_blocks="127.31.0.0/29")
    (keys / "credentials.key").write_text(Fernet.generate_key().decode())
    with pytest.raises(CredentialKeyError, match="cannot be opened") as caught:
        start_scan(actor=actor, network=network, requester=None, now=timezone.now())
    assert caught.value.status == 503
    client = cast.client("runner")
    answer = client.post("/api/discovery/scans/", {"network": network.pk}, "application/json")
    assert answer.status_code == 503
    assert "credential key" in answer.json()["detail"]
    row = network.credential
    sent = values(cast, name=row.name, version=row.version)
    assert client.post(f"/discovery/credentials/{row.pk}/", sent).status_code == 302
    row.refresh_from_db()
    assert unseal(row.sealed) == {"community": SECRET}
