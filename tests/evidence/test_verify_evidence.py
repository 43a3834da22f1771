"""Offline verification names what was done to a pack, and needs no database."""

import hashlib
import json
import os
import subprocess
import sys
from io import BytesIO

import orjson
import pikepdf
import pytest
from pyhanko.pdf_utils.generic import NameObject, TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from evidence.keys import known_certificates, signing_key
from evidence.packs.certifying import certify
from evidence.packs.shipped import Shipped, shipped_from
from evidence.queries.checkpoints import signed_checkpoints
from evidence.rules.canonical import canonical_bytes
from evidence.rules.chain import entry_hash
from evidence.services.checkpoints import make_checkpoint
from evidence.verification.pack import verify_pack
from tests.evidence.conftest import NOW

QUESTIONS = ("signature", "content", "chain", "sequence")


def verdicts(pdf, **options):
    """Return the kinds found per question."""
    report = verify_pack(pdf, **options)
    return {one.name: {finding.kind for finding in one.findings} for one in report.verdicts}


def test_an_untouched_pack_holds_in_every_respect(pack_pdf):
    assert verdicts(pack_pdf) == {key: set() for key in QUESTIONS}


def test_one_appended_byte_is_reported(pack_pdf):
    found = verdicts(pack_pdf + b"\n")
    assert found["signature"] == {"appended"}
    assert found["content"] == found["chain"] == found["sequence"] == set()


def test_an_incremental_update_is_reported(pack_pdf):
    update = (
        b"\n7 0 obj\n<< /Type /Annot >>\nendobj\nxref\n0 0\ntrailer\n<< >>\nstartxref\n0\n%%EOF\n"
    )
    assert "appended" in verdicts(pack_pdf + update)["signature"]


def test_a_real_incremental_update_that_changes_a_page_is_reported(pack_pdf):
    writer = IncrementalPdfFileWriter(BytesIO(pack_pdf))
    page = writer.find_page_for_modification(0)[0].get_object()
    page[NameObject("/Note")] = TextStringObject("forged")
    writer.update_container(page)
    out = BytesIO()
    writer.write(out)
    assert "appended" in verdicts(out.getvalue())["signature"]


@pytest.mark.parametrize("part", [0.02, 0.2, 0.4, 0.6, 0.8, 0.9])
def test_one_changed_byte_anywhere_is_reported(pack_pdf, part):
    place = int(len(pack_pdf) * part)
    forged = bytearray(pack_pdf)
    forged[place] ^= 1
    assert verdicts(bytes(forged))["signature"]


def test_a_changed_byte_in_the_signature_itself_is_reported(pack_pdf):
    place = pack_pdf.index(b"/Contents <") + 600
    forged = bytearray(pack_pdf)
    forged[place] = ord("1") if forged[place] != ord("1") else ord("2")
    assert verdicts(bytes(forged))["signature"]


def test_a_cut_file_is_reported(pack_pdf):
    assert verdicts(pack_pdf[:-200])["signature"]


def test_a_file_that_is_no_pack_fails_in_every_respect():
    found = verdicts(b"%PDF-1.7\nnothing")
    assert all(found[question] for question in ("signature", "content", "chain"))


def forged(pdf, changes, *, bind=False):
    """Return the pack with embedded files changed and signed again, with a key of the forger's own."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        files = {
            name: opened.attachments[name].get_file().read_bytes() for name in opened.attachments
        }
        files = {**files, **changes(files)}
        if bind:
            files["manifest.json"] = rebound(files)
        del opened.Root["/AcroForm"], opened.Root["/Perms"]
        for page in opened.pages:
            if "/Annots" in page:
                del page["/Annots"]
        for name, content in files.items():
            opened.attachments[name] = content
        out = BytesIO()
        opened.save(out)
    return certify(pdf=out.getvalue(), key=signing_key(now=NOW), reason="forged")


def rebound(files):
    manifest = orjson.loads(files["manifest.json"])
    for name in manifest["files"]:
        manifest["files"][name] = hashlib.sha256(files[name]).hexdigest()
    return canonical_bytes(manifest)


def changed(name, edit):
    def change(files):
        data = orjson.loads(files[name])
        edit(data)
        return {name: canonical_bytes(data)}

    return change


def test_a_swapped_attachment_is_reported(pack_pdf):
    edit = changed("content.json", lambda data: data["votes"].clear())
    assert "swapped" in verdicts(forged(pack_pdf, edit))["content"]


def test_a_swapped_attachment_bound_anew_breaks_totals_and_document_id(pack_pdf):
    edit = changed("content.json", lambda data: data["votes"].clear())
    found = verdicts(forged(pack_pdf, edit, bind=True))
    assert found["content"] == {"total", "identifier"}


def test_a_forged_ledger_entry_is_altered(pack_pdf):
    def edit(data):
        data["entries"][1]["content"]["actor_label"] = "Eve"

    found = verdicts(forged(pack_pdf, changed("ledger.json", edit), bind=True))
    assert found["chain"] == {"altered"}


def test_a_forged_entry_with_a_hash_to_match_is_not_in_the_ledger(pack_pdf):
    def edit(data):
        entry = data["entries"][2]
        entry["content"]["actor_label"] = "Eve"
        content = canonical_bytes(entry["content"])
        entry["hash"] = entry_hash(previous_hash=entry["previous_hash"], content=content)

    found = verdicts(forged(pack_pdf, changed("ledger.json", edit), bind=True))
    assert found["chain"] == {"not-in-ledger"}


def test_an_entry_taken_out_of_the_extract_is_missing(pack_pdf):
    found = verdicts(
        forged(pack_pdf, changed("ledger.json", lambda d: d["entries"].pop(0)), bind=True)
    )
    assert found["sequence"] == {"missing"}
    assert found["chain"] == {"not-in-ledger"}


def test_a_tail_cut_off_the_extract_is_a_removed_tail(pack_pdf):
    found = verdicts(
        forged(pack_pdf, changed("ledger.json", lambda d: d["entries"].pop()), bind=True)
    )
    assert found["sequence"] == {"removed-tail"}


def test_a_checkpoint_taken_out_is_reported(pack_pdf):
    edit = changed("checkpoints.json", lambda data: data["checkpoints"].clear())
    found = verdicts(forged(pack_pdf, edit, bind=True))
    assert "unproven" in found["chain"]
    assert found["sequence"] == {"unsigned-tail"}


def test_a_foreign_file_is_reported(pack_pdf):
    found = verdicts(forged(pack_pdf, lambda _files: {"extra.txt": b"hello"}))
    assert found["content"] == {"foreign-file"}


def test_a_pack_signed_by_another_key_fails_when_the_key_is_pinned(pack_pdf):
    with pikepdf.open(BytesIO(pack_pdf)) as opened:
        checkpoints = opened.attachments["checkpoints.json"].get_file().read_bytes()
    trusted = frozenset(shipped_from(checkpoints).certificates)
    assert verdicts(pack_pdf, trusted=trusted)["signature"] == set()
    again = forged(pack_pdf, lambda _files: {})
    assert verdicts(again)["signature"] == set()
    assert verdicts(again, trusted=trusted)["signature"] == {"untrusted"}
    assert frozenset(known_certificates()) != trusted


def test_a_checkpoint_kept_elsewhere_shows_a_rewritten_history(pack_pdf, ledger, key):
    ledger(12)
    make_checkpoint(now=NOW)
    away = Shipped(signed_checkpoints(), known_certificates())
    assert verdicts(pack_pdf, shipped=away)["sequence"] == {"removed-tail"}


def run(path, *options, database="postgres://nobody@127.0.0.1:1/nothing"):
    environment = {**os.environ, "DATABASE_URL": database}
    command = [sys.executable, "manage.py", "verify_evidence", str(path), *options]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_command_works_without_the_database(pack_pdf, tmp_path):
    path = tmp_path / "pack.pdf"
    path.write_bytes(pack_pdf)
    done = run(path, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["holds"] is True
    assert [one["name"] for one in report["verdicts"]] == list(QUESTIONS)
    path.write_bytes(pack_pdf + b" ")
    done = run(path)
    assert done.returncode == 1
    assert "1 bytes were appended" in done.stdout


def test_the_command_says_when_it_cannot_read_the_file(tmp_path):
    done = run(tmp_path / "nothing.pdf")
    assert done.returncode == 1
    assert "cannot be read: No such file" in done.stderr
