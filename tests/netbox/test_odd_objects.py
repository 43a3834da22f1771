"""Objects no NetBox writes are refused by name; those one does may be kept and taken up again."""

import io
import json
from contextlib import suppress

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.imports.netbox import BrokenDumpError, map_records, mapped_of, records_of_dump
from assets.imports.netbox.loading import import_netbox
from assets.models import Asset, ConfigurationItem, Location
from common.imports import ImportContext
from tests.netbox.dumps import row, small_dump, small_rows

ODD = st.sampled_from(
    [None, True, False, 0, -1, 2**40, 0.5, "", "x", "\0", [], [1], [[]], {}, {"id": 1}]
)


def mapped(*more):
    return map_records(records_of_dump(io.BytesIO(small_dump(*more))))


@pytest.fixture
def context(db, actor, now):
    return ImportContext(actor=actor, now=now, is_console=True, source="netbox")


def test_everything_wrong_is_named_at_once():
    more = [
        row("dcim.device", 7, name="no type"),
        row("dcim.site", 8, name=""),
        row("dcim.devicetype", 9, manufacturer=99, model="X"),
    ]
    with pytest.raises(BrokenDumpError) as refusal:
        mapped(*more)

    sentence = str(refusal.value)
    assert "3 objects" in sentence
    for name in (
        "dcim.device 7 without a usable 'device_type'",
        "dcim.site 8 without a usable 'name'",
        "manufacturer 99 that is not there",
    ):
        assert name in sentence


def test_many_wrong_objects_are_counted():
    with pytest.raises(BrokenDumpError, match=r"50 objects.*; and 30 more"):
        mapped(*[row("dcim.device", n, name="x") for n in range(100, 150)])


@pytest.mark.parametrize("keep", [1, 10, 100, -1])
def test_a_file_that_was_cut_off_is_refused(keep):
    with pytest.raises(BrokenDumpError, match="cut off"):
        records_of_dump(io.BytesIO(small_dump()[:keep]))


@settings(suppress_health_check=list(HealthCheck))
@given(st.integers(0, len(small_rows()) - 1), st.data())
def test_any_value_in_any_field_is_mapped_or_refused_with_a_sentence(position, data):
    rows = small_rows()
    name = data.draw(st.sampled_from(sorted(rows[position]["fields"])))
    rows[position]["fields"][name] = data.draw(ODD)
    with suppress(BrokenDumpError):
        found = map_records(records_of_dump(io.BytesIO(json.dumps(rows).encode())))
        assert mapped_of(orjson.loads(orjson.dumps(found.as_dict()))) == found
        cells = [
            cell for kind in found.rows.by_kind.values() for line in kind for cell in line.values()
        ]
        assert all(isinstance(cell, str) for cell in cells)


def test_what_was_mapped_is_the_same_after_it_was_kept():
    found = mapped()

    again = mapped_of(orjson.loads(orjson.dumps(found.as_dict())))

    assert again == found
    assert again.account() == found.account()


def test_errors_of_all_kinds_are_named_by_object_and_nothing_stays(context):
    bad = mapped(
        row("dcim.site", 5, name="Mars", region=None, time_zone="Mars/Base"),
        row("dcim.device", 6, name="lost", device_type=1, site=5),
        row("ipam.ipaddress", 20, address="not an address"),
        row("dcim.device", 7, name="odd", device_type=1, site=1, primary_ip4=20),
    )

    report = import_netbox(mapped=bad, context=context, is_dry_run=False)

    assert not report.is_applied
    assert report.is_complete
    errors = {(error.kind, error.key, error.column) for error in report.errors}
    assert errors == {
        ("locations", "NB-SITE-5", "time_zone"),
        ("assets", "NB-DEV-6", "location"),
        ("assets", "NB-DEV-7", "network_address"),
    }
    counts = {kind.kind: kind.counts for kind in report.reports}
    assert (counts["assets"]["added"], counts["assets"]["failed"]) == (2, 2)
    assert not ConfigurationItem.objects.exists()
    assert not Location.objects.exists()


def test_progress_is_told_by_kind_and_ends_at_the_total(context):
    heard = []

    import_netbox(
        mapped=mapped(),
        context=context,
        is_dry_run=False,
        told=lambda done, total, kind: heard.append((done, total, kind)),
    )

    assert Asset.objects.count() == 2
    assert [done for done, _total, _kind in heard] == sorted(done for done, _t, _k in heard)
    assert heard[-1][0] == heard[-1][1]
    assert "Assets" in {kind for _done, _total, kind in heard}
