"""manage.py import_csv and load_demo."""

import io
import json
import stat

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Organisation, User
from assets.models import Asset, ItemClass, Relation
from evidence.models import LedgerEntry
from raci.models import Matrix


def command(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "organisations.csv"
    path.write_text("slug,name\nabb,ABB\n")
    return path


def test_imports_a_file(db, file):
    assert "1 added, 0 changed" in command("import_csv", "organisations", str(file))
    assert Organisation.objects.get().name == "ABB"


def test_a_dry_run_writes_nothing(db, file):
    assert "row 2 added: abb" in command("import_csv", "organisations", str(file), "--dry-run")
    assert not Organisation.objects.exists()


def test_prints_json(db, file):
    report = json.loads(command("import_csv", "organisations", str(file), "--json"))

    assert (report["kind"], report["is_applied"], report["counts"]["added"]) == (
        "organisations",
        True,
        1,
    )


def test_errors_are_printed_and_end_in_a_failure(db, file):
    file.write_text("slug,name\na b,ABB\n")
    out = io.StringIO()

    with pytest.raises(CommandError, match="Nothing was imported: 1 error"):
        call_command("import_csv", "organisations", str(file), stdout=out)
    assert "row 2, column slug: 'a b' must consist of" in out.getvalue()


def test_a_dry_run_with_errors_fails_as_well(db, file):
    file.write_text("slug,name\na b,ABB\n")

    with pytest.raises(CommandError, match=r"1 error\(s\); nothing was written"):
        command("import_csv", "organisations", str(file), "--dry-run")


def test_a_missing_file_and_an_unknown_kind_are_said(db, file):
    with pytest.raises(CommandError, match="No such file"):
        command("import_csv", "organisations", "nowhere.csv")
    with pytest.raises(CommandError, match="There is no import kind"):
        command("import_csv", "pumps", str(file))


def test_the_shipped_classes_are_added_once_and_left_alone_afterwards(db):
    command("load_catalogue")
    ItemClass.objects.filter(slug="plc").update(name="Our name for it")

    command("load_catalogue")

    assert ItemClass.objects.get(slug="plc").name == "Our name for it"
    assert ItemClass.objects.filter(kind="system").count() > 20


@pytest.fixture
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path


def test_the_demonstration_loads_through_the_importer_and_again_changes_nothing(db, var):
    command("load_demo", "--users")
    entries = LedgerEntry.objects.count()

    again = command("load_demo", "--users")

    assert Asset.objects.count() >= 800
    assert Relation.objects.count() >= 2_500
    assert set(Matrix.objects.values_list("status", flat=True)) == {"published"}
    assert LedgerEntry.objects.count() == entries
    assert "0 added, 0 changed" in again

    secrets = var / "demo-passwords.json"
    passwords = json.loads(secrets.read_text())
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    assert len(set(passwords.values())) == len(passwords) >= 6
    assert all(password in again for password in passwords.values())
    _check_logins(passwords)


def _check_logins(passwords):
    users = {user.username: user for user in User.objects.select_related("person")}
    assert {users[name].person.employee_number for name in ("board", "engineer")} == {
        "E1001",
        "E1005",
    }
    assert all(users[name].check_password(passwords[name]) for name in ("board", "auditor"))
    assert users["auditor"].has_perm("evidence.read_ledger")
    assert users["auditor"].has_perm("assets.view_all_items")
    assert not users["leader"].has_perm("assets.view_all_items")
    assert [user.username for user in users.values() if user.is_superuser] == ["administrator"]


def test_outside_a_demo_no_login_is_made_unless_asked_for(db, var, settings):
    settings.DEMO = False

    command("load_demo")

    assert not User.objects.exists()
    assert not (var / "demo-passwords.json").exists()
