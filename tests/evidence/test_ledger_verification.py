"""Verification names what was done to the ledger: altered, missing, moved, cut."""

import json

import pytest
from django.core.management import call_command

from evidence.keys import known_certificates
from evidence.packs.shipped import Shipped, read_shipped, write_shipped
from evidence.queries.checkpoints import signed_checkpoints
from evidence.queries.verification import verify_ledger
from evidence.services.checkpoints import LedgerBrokenError, make_checkpoint
from tests.evidence.conftest import NOW, kinds


def findings(**options):
    return [one for verdict in verify_ledger(**options) for one in verdict.findings]


def test_an_untouched_ledger_holds(ledger, key):
    ledger(20)
    make_checkpoint(now=NOW)
    ledger(5)
    assert findings() == []


def test_an_empty_ledger_holds(db):
    assert findings() == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("comment", "'x'"),
        ("actor_label", "'Somebody else'"),
        ("at", "'2020-01-01 00:00:00+00'"),
        ("after", """'{"code":"A-9"}'"""),
        ("object_id", "99"),
        ("scope_path", "'2/'"),
        ("hash", f"'{'a' * 64}'"),
    ],
)
def test_an_altered_column_is_reported_with_its_entry(ledger, tamper, column, value):
    ledger(9)
    tamper(f"UPDATE evidence_ledgerentry SET {column} = {value} WHERE sequence = 5")  # noqa: S608
    found = findings()
    assert ("altered", 5) in {(one.kind, one.sequence) for one in found}


def test_a_removed_row_is_a_gap(ledger, tamper):
    ledger(9)
    tamper("DELETE FROM evidence_ledgerentry WHERE sequence IN (4, 5)")
    (found,) = findings()
    assert (found.kind, found.message) == ("missing", "Entries 4 to 5 are missing.")


def test_a_removed_tail_shows_against_the_head(ledger, tamper):
    ledger(9)
    tamper("DELETE FROM evidence_ledgerentry WHERE sequence > 6")
    assert kinds(verify_ledger()) == {"removed-tail"}


def test_a_removed_tail_with_a_forged_head_shows_against_the_checkpoint(ledger, tamper, key):
    ledger(9)
    make_checkpoint(now=NOW)
    cut_after_six(tamper)
    (found,) = findings()
    assert found.kind == "removed-tail"
    assert "covers entries 1 to 9; the ledger ends at 6" in found.message


def cut_after_six(tamper):
    tamper(
        "DELETE FROM evidence_ledgerentry WHERE sequence > 6",
        "UPDATE evidence_ledgerhead SET sequence = 6, "
        "hash = (SELECT hash FROM evidence_ledgerentry WHERE sequence = 6)",
    )


def test_a_cut_that_takes_the_checkpoints_along_shows_against_those_kept_elsewhere(
    ledger, tamper, key, tmp_path
):
    ledger(9)
    make_checkpoint(now=NOW)
    shipped = tmp_path / "away.json"
    write_shipped(shipped, Shipped(signed_checkpoints(), known_certificates()))
    cut_after_six(tamper)
    tamper("DELETE FROM evidence_checkpoint")
    assert findings() == []
    away = read_shipped(shipped).checkpoints
    assert kinds(verify_ledger(shipped=away)) == {"removed-tail"}


def test_swapped_entries_are_reported_as_moved(ledger, tamper):
    ledger(9)
    tamper(
        "UPDATE evidence_ledgerentry SET sequence = 100 WHERE sequence = 3",
        "UPDATE evidence_ledgerentry SET sequence = 3 WHERE sequence = 6",
        "UPDATE evidence_ledgerentry SET sequence = 6 WHERE sequence = 100",
    )
    moved = {one.sequence for one in findings() if one.kind == "reordered"}
    assert moved == {3, 6}


def test_a_rewritten_chain_shows_against_the_signed_root(ledger, tamper, key):
    ledger(4)
    make_checkpoint(now=NOW)
    tamper(
        "DELETE FROM evidence_ledgerentry",
        f"UPDATE evidence_ledgerhead SET sequence = 0, hash = '{'0' * 64}'",  # noqa: S608
    )
    ledger(4, path="9/")
    assert kinds(verify_ledger()) == {"checkpoint"}


def test_a_forged_checkpoint_is_reported(ledger, tamper, key):
    ledger(4)
    make_checkpoint(now=NOW)
    tamper("UPDATE evidence_checkpoint SET statement = replace(statement, '2026', '2025')")
    assert kinds(verify_ledger()) == {"checkpoint"}


def test_a_broken_ledger_is_not_signed(ledger, tamper, key):
    ledger(4)
    tamper("UPDATE evidence_ledgerentry SET comment = 'x' WHERE sequence = 2")
    with pytest.raises(LedgerBrokenError, match="Entry 2 was altered"):
        make_checkpoint(now=NOW)


def test_a_cut_ledger_is_not_signed_on(ledger, tamper, key):
    ledger(9)
    make_checkpoint(now=NOW)
    cut_after_six(tamper)
    with pytest.raises(LedgerBrokenError, match="a tail was removed"):
        make_checkpoint(now=NOW)


def test_the_command_exits_with_the_verdict(ledger, tamper, capsys):
    ledger(3)
    call_command("verify_ledger", "--json")
    assert json.loads(capsys.readouterr().out)["holds"] is True
    tamper("UPDATE evidence_ledgerentry SET comment = 'x' WHERE sequence = 2")
    with pytest.raises(SystemExit):
        call_command("verify_ledger")
    assert "altered: Entry 2 was altered" in capsys.readouterr().out
