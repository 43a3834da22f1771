"""NetBox's public demonstration data set, as a dump: everything accounted for, a second run changes nothing."""

import io
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from assets.imports.netbox import Records, map_records, records_of_dump
from assets.imports.netbox.dump import BrokenDumpError
from assets.imports.netbox.tracing import Tracer
from assets.models import Asset, ConfigurationItem, Location, Relation, System
from evidence.models import LedgerEntry

DUMP = Path(settings.BASE_DIR).parent / "shared/imports/netbox/netbox-demo-v3.6.json"
needs_dump = pytest.mark.skipif(not DUMP.exists(), reason="the NetBox demo data set is not at hand")


def run(*options: str) -> dict:
    out = io.StringIO()
    call_command("import_netbox", str(DUMP), "--json", *options, stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture(scope="module")
def records() -> Records:
    with DUMP.open("rb") as file:
        return records_of_dump(file)


@needs_dump
def test_accounts_for_every_object_by_kind_and_count(records):
    lines = {line["model"]: line for line in map_records(records).account()}

    assert lines["dcim.device"]["became"] == {"assets": 72}
    assert lines["virtualization.virtualmachine"]["became"] == {"assets": 180}
    assert lines["dcim.site"]["became"] == {"locations": 24}
    assert lines["dcim.region"]["became"] == {"locations": 67}
    assert lines["dcim.cable"]["found"] == lines["dcim.cable"]["mapped"] == 108
    for line in lines.values():
        assert line["found"] == line["mapped"] + sum(line["not_mapped"].values()), line


@needs_dump
def test_reaches_the_far_ends_that_netbox_itself_computed(records):
    """NetBox stores each interface's path; its last node is the far end: [type:id] of an interface."""
    ours = {}
    for path in Tracer(records).paths():
        if path.start[0] == "dcim.interface":
            ours[path.start[1]] = path.end and path.end[1]
            if path.end:
                ours[path.end[1]] = path.start[1]
    theirs = {}
    for pk, interface in records.all("dcim.interface"):
        path = records.get("dcim.cablepath", interface.get("_path"))
        if path.get("is_complete"):
            (first,), (last,) = path["path"][0], path["path"][-1]
            if first.split(":")[0] == last.split(":")[0]:
                theirs[pk] = int(last.split(":")[1])

    assert len(theirs) > 60
    assert {pk: ours.get(pk) for pk in theirs} == theirs


@needs_dump
@pytest.mark.django_db
def test_imports_once_and_a_second_run_reports_zero_changes(export, run_rows):
    first = run()
    entries = LedgerEntry.objects.count()
    second = run()

    assert first["changes"] > 900
    assert second["changes"] == 0
    assert LedgerEntry.objects.count() == entries
    assert Asset.objects.filter(code__startswith="NB-DEV-").count() == 72
    assert Asset.objects.filter(code__startswith="NB-VM-").count() == 180
    assert Location.objects.filter(level="site").count() == 24
    assert System.objects.count() == 36
    assert Relation.objects.filter(provenance_source="netbox").count() == Relation.objects.count()
    for kind in ("organisations", "teams", "people", "products", "locations", "systems", "assets", "relations"):  # fmt: skip
        report = run_rows(kind, export(kind))
        assert (report.writes, report.error_count) == (0, 0), kind


@needs_dump
@pytest.mark.django_db
def test_a_dry_run_says_the_same_and_writes_nothing():
    report = run("--dry-run")

    assert report["changes"] > 900
    assert not ConfigurationItem.objects.exists()
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize("text", ["{", "[1]", '{"model": 1}', '[{"model": "dcim.site", "pk": 1}]'])
def test_refuses_a_file_that_is_no_dump(text):
    with pytest.raises(BrokenDumpError):
        records_of_dump(io.BytesIO(text.encode()))


@pytest.mark.django_db
def test_the_command_says_what_is_wrong_with_the_file(tmp_path):
    file = tmp_path / "dump.json"
    file.write_text("not json")

    with pytest.raises(CommandError, match="not JSON"):
        call_command("import_netbox", str(file))
