"""Checkpoints join from the first entry on, and only cover what is new."""

import json

from django.core.management import call_command

from evidence.models import Checkpoint, LedgerEntry
from evidence.queries.verification import verify_ledger
from evidence.services import checkpoints
from evidence.services.checkpoints import make_checkpoint, rotate_key
from tests.evidence.conftest import NOW, ROSA


def test_each_covers_what_came_since_the_one_before(ledger, key):
    ledger(3)
    make_checkpoint(now=NOW)
    ledger(2)
    make_checkpoint(now=NOW)
    ranges = Checkpoint.objects.order_by("id").values_list("first_sequence", "last_sequence")
    assert list(ranges) == [(1, 3), (4, 5)]


def test_nothing_new_makes_none(ledger, key):
    ledger(3)
    make_checkpoint(now=NOW)
    assert make_checkpoint(now=NOW) == []


def test_an_empty_ledger_makes_none(db, key):
    assert make_checkpoint(now=NOW) == []


def test_a_long_stretch_is_split(ledger, key, monkeypatch):
    monkeypatch.setattr(checkpoints, "LARGEST", 4)
    ledger(10)
    made = make_checkpoint(now=NOW)
    assert [(one.first_sequence, one.last_sequence) for one in made] == [(1, 4), (5, 8), (9, 10)]
    assert all(verdict.holds for verdict in verify_ledger())


def test_a_new_key_keeps_old_checkpoints_verifiable(ledger, key):
    ledger(3)
    new = rotate_key(actor=ROSA, now=NOW)
    make_checkpoint(now=NOW)
    assert new.fingerprint != key.fingerprint
    assert all(verdict.holds for verdict in verify_ledger())
    entry = LedgerEntry.objects.get(action="rotate-key")
    assert entry.before == {"certificate": key.fingerprint}


def test_checkpoints_can_leave_the_machine(ledger, key, tmp_path):
    ledger(3)
    out = tmp_path / "away" / "checkpoints.json"
    call_command("checkpoint", "--out", str(out))
    shipped = json.loads(out.read_text())
    assert len(shipped["checkpoints"]) == 1
    assert list(shipped["certificates"]) == [key.fingerprint]
