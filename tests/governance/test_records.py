"""Decision records: what they hold, who gets how much, and that they verify."""

import json

import pytest
from django.core.management import CommandError, call_command
from guardian.shortcuts import assign_perm

from accounts.models import User
from evidence.packs.content import total_of
from governance.evidence.decision import decision_content, ledger_sequences
from tests.factories.assets import LocationFactory, RelationFactory, SystemFactory


@pytest.fixture(autouse=True)
def own_state(settings, tmp_path):
    """Keys and files of this test only."""
    settings.KEY_DIR = tmp_path / "keys"
    settings.MEDIA_ROOT = tmp_path / "files"


def with_hidden_system(plant):
    elsewhere = LocationFactory(code="SB", name="Southbay")
    secret = SystemFactory(code="SEC-1", name="Secret press", location=elsewhere)
    RelationFactory(source=secret, target=plant.switch)
    plant.accountable(secret, plant.person("dora"))
    assign_perm("view_items", plant.user("dora"), elsewhere)
    return plant.submitted(is_back_out_tested=False)


def as_text(change, user: User | None) -> str:
    return json.dumps(decision_content(change, user=user).data, default=str)


def test_a_record_holds_the_votes_and_their_arithmetic(plant):
    change = plant.submitted(is_back_out_tested=False)
    plant.votes(change, "marta")
    plant.votes(change, "bea", "recuse")
    content = decision_content(change, user=None)
    assert [vote["choice"] for vote in content.data["votes"]] == ["approve", "recuse"]
    board = content.data["rounds"][0]["board_votes"]
    assert (board["seats"], board["electorate"], board["pending"]) == (3, 2, 2)
    totals = {total.name: total_of(vars(total), content.data) for total in content.totals}
    assert totals["Approve in round 1"] == 1
    assert totals["Items down"] == 4


def test_a_record_names_why_each_party_had_to_decide(plant):
    content = decision_content(plant.submitted(), user=None)
    hari = next(seat for seat in content.data["seats"] if seat["party"] == "Hari")
    assert hari["because"][0]["code"] == "HIST"
    assert hari["because"][0]["trace"]


def test_the_ledger_extract_is_every_entry_of_the_change_and_no_other(plant):
    other = plant.drafted()
    change = plant.approved()
    assert ledger_sequences(change)
    assert not set(ledger_sequences(change)) & set(ledger_sequences(other))


def test_what_the_reader_may_not_see_is_counted_not_named(plant):
    change = with_hidden_system(plant)
    assert "Secret press" in as_text(change, None)
    assert "Secret press" not in as_text(change, plant.user("marta"))
    content = decision_content(change, user=plant.user("marta"))
    assert content.data["hidden_items"] == 1
    assert any("counted, not named" in limit for limit in content.limits)


def test_the_ledger_itself_names_no_hidden_system(plant):
    change = with_hidden_system(plant)
    rows = change.rounds.model._meta.apps.get_model("evidence", "LedgerEntry").objects.values_list(
        "object_label", "before", "after", "comment"
    )
    assert "Secret press" not in json.dumps(list(rows), default=str)
    assert "SEC-1" not in json.dumps(list(rows), default=str)


def test_the_command_writes_a_record_that_verifies(plant, tmp_path):
    change = plant.approved()
    path = tmp_path / "decision.pdf"
    call_command("export_decision", change.number, out=path)
    assert path.read_bytes().startswith(b"%PDF")
    call_command("verify_evidence", str(path))


def test_the_command_names_a_change_that_is_not_there(plant, tmp_path):
    with pytest.raises(CommandError, match="no change 'CHG-1999-0001'"):
        call_command("export_decision", "CHG-1999-0001", out=tmp_path / "x.pdf")


def test_the_button_writes_the_pdf_as_a_job(plant, signed_in, django_capture_on_commit_callbacks):
    change = plant.approved()
    client = signed_in(plant.user("rita"))
    with django_capture_on_commit_callbacks(execute=True):
        asked = client.post(f"/changes/{change.pk}/record/")
    page = client.get(asked["Location"])
    assert "Download PDF" in page.content.decode()
    file = client.get(f"{asked['Location']}file/")
    assert file["Content-Type"] == "application/pdf"
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    assert signed_in(plant.user("marta")).get(asked["Location"]).status_code == 404
