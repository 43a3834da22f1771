"""Packs: signed PDF/A-3 with what they prove inside, whole or not at all."""

import errno
import os
from datetime import timedelta
from io import BytesIO

import orjson
import pikepdf
import pytest

from common.actor import Actor
from common.files import FileNotWrittenError
from evidence.models import EvidencePack, LedgerEntry
from evidence.packs import machinery
from evidence.packs.assembly import CONTENT, MANIFEST, assemble
from evidence.packs.sections import AuditScope
from evidence.packs.shipped import Shipped
from evidence.queries.audit import audit_content
from evidence.queries.checkpoints import signed_checkpoints
from evidence.queries.extracts import extract_of
from evidence.services.checkpoints import make_checkpoint
from evidence.services.packs import build_pack, export_pack, pack_folder, store_pack
from evidence.verification.pack import verify_pack
from tests.evidence.conftest import NOW, ROSA, decision


def opened(pdf):
    return pikepdf.open(BytesIO(pdf))


def test_it_says_it_is_pdf_a_3u(pack_pdf):
    with opened(pack_pdf) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "U")
        assert "/OutputIntents" in pdf.Root
        assert "/Encrypt" not in pdf.trailer


def test_all_fonts_are_embedded(pack_pdf):
    with opened(pack_pdf) as pdf:
        fonts = [
            one
            for one in pdf.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"
        ]
        assert fonts
        assert all("/FontFile2" in one or "/FontFile3" in one for one in fonts)


def test_its_files_are_attached_with_their_relationship(pack_pdf):
    with opened(pack_pdf) as pdf:
        kinds = {name: str(pdf.attachments[name].obj.AFRelationship) for name in pdf.attachments}
        assert kinds["content.json"] == "/Data"
        assert set(kinds) == {"content.json", "ledger.json", "checkpoints.json", "manifest.json"}
        types = {str(pdf.attachments[n].obj.EF.F.get("/Subtype")) for n in pdf.attachments}
        assert types == {"/application/json"}
        assert len(pdf.Root.AF) >= 4


def test_it_is_certified_against_any_change(pack_pdf):
    with opened(pack_pdf) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        assert field.V.SubFilter == "/ETSI.CAdES.detached"
        assert pdf.Root.Perms.DocMDP.objgen == field.V.objgen


def test_the_invisible_signature_keeps_pdf_a(pack_pdf):
    with opened(pack_pdf) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        assert [int(n) for n in field.Rect] == [0, 0, 0, 0]
        assert int(field.F) & 4
        assert not int(field.F) & 2


def assembled(actor=ROSA, now=NOW, *, key):
    extract = extract_of([2, 3, 7])
    shipped = Shipped(signed_checkpoints(), {key.fingerprint: key.certificate_pem})
    return assemble(
        content=decision(), extract=extract, shipped=shipped, actor=actor, now=now, key=key
    )


def test_the_same_inputs_give_the_same_bytes(ledger, key):
    ledger(9)
    make_checkpoint(now=NOW)
    assert assembled(key=key).files == assembled(key=key).files


def test_another_time_changes_the_manifest_but_not_the_content(ledger, key):
    ledger(9)
    make_checkpoint(now=NOW)
    one, other = assembled(key=key), assembled(key=key, now=NOW + timedelta(seconds=1))
    assert one.files[CONTENT] == other.files[CONTENT]
    assert one.identifier != other.identifier
    assert one.files[MANIFEST] != other.files[MANIFEST]


def test_every_export_is_an_entry(ledger, key):
    ledger(9)
    pdf = build_pack(content=decision(), actor=ROSA, now=NOW)
    entry = LedgerEntry.objects.get(action="export")
    pack = EvidencePack.objects.get()
    assert entry.object_label == str(pack)
    assert entry.after["sha256"] == pack.sha256
    assert pack.size == len(pdf)


def test_an_audit_pack_verifies_and_draws_its_sample_again(ledger, key):
    ledger(40)
    scope = AuditScope("1/4/", "Filling", NOW - timedelta(days=1), NOW + timedelta(days=1))
    content = audit_content(scope, sections=["administration"])
    pack = store_pack(content=content, actor=ROSA, now=NOW)
    report = verify_pack((pack_folder() / pack.file_name).read_bytes())
    assert report.holds
    assert report.verdicts[1].facts["sample"] == "25 of 40, drawn again"


def test_an_audit_pack_holds_only_its_scope_and_period(ledger, key):
    ledger(3, path="1/4/")
    ledger(2, path="1/5/")
    scope = AuditScope("1/4/", "Filling", NOW, NOW + timedelta(seconds=1))
    assert list(audit_content(scope, sections=[]).sequences) == [1, 2, 3]
    before = AuditScope("1/4/", "Filling", NOW - timedelta(days=2), NOW)
    assert list(audit_content(before, sections=[]).sequences) == []


def test_a_pack_may_hold_no_entries(ledger, key):
    assert verify_pack(build_pack(content=decision(sequences=()), actor=ROSA, now=NOW)).holds


def test_text_from_people_cannot_become_markup(ledger, key):
    ledger(9)
    content = decision(title="<script>x</script><img src='file:///etc/passwd'>")
    assert verify_pack(build_pack(content=content, actor=Actor(label="<b>Eve"), now=NOW)).holds


def test_a_full_disk_leaves_nothing_behind(ledger, key, monkeypatch, tmp_path):
    ledger(9)
    target = tmp_path / "out" / "pack.pdf"

    def full(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileNotWrittenError, match=r"The disk is full: pack\.pdf was not written"):
        export_pack(content=decision(), path=target, actor=ROSA, now=NOW, signer=key)
    assert list(target.parent.iterdir()) == []
    assert not EvidencePack.objects.exists()
    assert not LedgerEntry.objects.filter(action="export").exists()


def test_a_failed_write_keeps_the_file_that_was_there(ledger, key, monkeypatch, tmp_path):
    ledger(9)
    target = tmp_path / "pack.pdf"
    target.write_bytes(b"the old one")
    monkeypatch.setattr(
        os, "fsync", lambda *_: (_ for _ in ()).throw(OSError(errno.EDQUOT, "Quota"))
    )
    with pytest.raises(FileNotWrittenError):
        export_pack(content=decision(), path=target, actor=ROSA, now=NOW, signer=key)
    assert target.read_bytes() == b"the old one"


def test_a_missing_library_names_what_to_install(ledger, key, monkeypatch):
    def missing(_name):
        raise OSError("cannot load library 'libpango-1.0-0'")

    machinery.typesetting.cache_clear()
    monkeypatch.setattr(machinery, "import_module", missing)
    with pytest.raises(machinery.MissingLibraryError, match=r"apt-get install libpango-1\.0-0"):
        build_pack(content=decision(), actor=ROSA, now=NOW)
    assert not LedgerEntry.objects.exists()


def test_extracts_are_plain_json(ledger, key):
    ledger(4)
    make_checkpoint(now=NOW)
    extract = extract_of([1, 4])
    assert orjson.loads(orjson.dumps(extract)) == extract
    assert [one["content"]["sequence"] for one in extract["entries"]] == [1, 4]
