"""The database refuses to change or remove entries and checkpoints."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from evidence.models import Checkpoint, LedgerEntry, LedgerHead
from evidence.services import record_many
from evidence.services.checkpoints import make_checkpoint
from tests.evidence.conftest import NOW, ROSA, entries


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evidence_ledgerentry SET comment = 'x' WHERE sequence = 2",
        "DELETE FROM evidence_ledgerentry WHERE sequence = 3",
        "UPDATE evidence_checkpoint SET signature = 'x'",
        "DELETE FROM evidence_checkpoint",
        "DELETE FROM evidence_ledgerhead",
    ],
)
def test_sql_cannot_change_or_remove(ledger, key, statement):
    ledger(3)
    make_checkpoint(now=NOW)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert LedgerEntry.objects.count() == 3


def test_a_row_cannot_be_replaced(ledger):
    ledger(2)
    columns = ", ".join(column.column for column in LedgerEntry._meta.concrete_fields)
    verb = "INSERT INTO" if connection.vendor == "postgresql" else "INSERT OR REPLACE INTO"
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"{verb} evidence_ledgerentry ({columns}) "  # noqa: S608
            f"SELECT {columns} FROM evidence_ledgerentry WHERE sequence = 2"
        )


def test_the_table_cannot_be_truncated(ledger):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    ledger(1)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE evidence_ledgerentry")


def test_flush_is_refused_on_a_site(db, settings):
    settings.TESTING = False
    with pytest.raises(CommandError, match="nobody may"):
        call_command("flush", interactive=False)


@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_can_be_cleaned_up_after():
    record_many(actor=ROSA, entries=entries(2), now=NOW)
    call_command("flush", interactive=False, verbosity=0)
    assert not LedgerEntry.objects.exists()
    assert LedgerHead.objects.get().sequence == 0
    assert not Checkpoint.objects.exists()
    record_many(actor=ROSA, entries=entries(1), now=NOW)
    with pytest.raises(DatabaseError, match="append-only"):
        LedgerEntry.objects.all().delete()
