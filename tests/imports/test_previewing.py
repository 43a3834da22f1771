"""A preview shows every difference and every error at once, and writes nothing."""

import pytest

from accounts.models import Organisation
from assets.models import Location
from common.imports import ImportRefusedError
from common.imports.kinds import UnknownKindError, kind_named
from evidence.models import LedgerEntry
from tests.factories.accounts import OrganisationFactory
from tests.factories.assets import AssetFactory, ItemClassFactory, LocationFactory


def test_shows_added_changed_and_unchanged_rows(run):
    OrganisationFactory(slug="siemens", name="Siemens", kind="manufacturer")
    OrganisationFactory(slug="abb", name="Abb", kind="manufacturer")

    report = run(
        "organisations", "slug,name,kind\nsiemens,Siemens,manufacturer\nabb,ABB,\nsick,SICK,vendor\n", write=False
    )  # fmt: skip

    assert dict(report.counts) == {"added": 1, "changed": 1, "unchanged": 1, "failed": 0}
    changed = next(row for row in report.rows if row.outcome == "changed")
    assert (changed.row, changed.key) == (3, "abb")
    assert [(c.column, c.before, c.after) for c in changed.changes] == [("name", "Abb", "ABB")]


def test_writes_nothing(run):
    run("organisations", "slug,name\nsick,SICK\n", write=False)

    assert not Organisation.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_reports_all_errors_at_once_with_row_column_and_value(run):
    report = run(
        "zones",
        "code,name,site,purdue_level,is_safety,sl_target\n"
        "Z1,One,NOWHERE,9,maybe,1\n"
        "Z2,,NOWHERE,2,true,\n",
        write=False,
    )

    found = {(error.row, error.column, error.value) for error in report.errors}
    assert {
        (2, "purdue_level", "9"),
        (2, "is_safety", "maybe"),
        (2, "sl_target", "1"),
        (2, "site", "NOWHERE"),
        (3, "site", "NOWHERE"),
    } <= found
    assert "one of: 0, 1, 2, 3, 3.5, 4, 5" in next(
        error.message for error in report.errors if error.column == "purdue_level"
    )
    assert report.counts["failed"] == 2


def test_refuses_an_unknown_column_and_suggests_the_right_one(run):
    report = run("locations", "code,name,levle\nA,A,site\n", write=False)

    assert str(report.errors[0]).startswith(
        "row 1, column levle: there is no such column; did you mean 'level'?"
    )


def test_refuses_a_file_without_the_key_column(run):
    report = run("locations", "name,level\nA,site\n", write=False)

    assert [(error.column, error.message) for error in report.errors] == [
        ("code", "is missing; rows are recognised by it")
    ]


def test_refuses_a_column_that_stands_twice(run):
    report = run("locations", "code,name,name\nA,A,B\n", write=False)

    assert "more than once" in report.errors[0].message


def test_names_both_rows_of_a_duplicate_key(run):
    report = run("organisations", "slug,name\nabb,ABB\nsick,SICK\nabb,ABB again\n", write=False)

    (error,) = report.errors
    assert error.row == 4
    assert "stands in row 2 as well" in error.message


def test_names_cells_beyond_the_header(run):
    report = run("organisations", "slug,name\nabb,ABB,what is this\n", write=False)

    assert report.errors[0].value == "what is this"


def test_asks_for_what_a_new_row_needs(run):
    report = run("locations", "code,name\nA,Plant\n", write=False)

    assert "a new row needs the column 'level'" in report.errors[0].message


def test_a_report_stays_small_however_many_errors(run):
    rows = "".join(f"a b {n},x\n" for n in range(1_500))

    report = run("organisations", "slug,name\n" + rows, write=False)

    assert report.error_count == 1_500
    assert len(report.errors) == 1_000


def test_apply_of_a_file_with_one_error_writes_no_row(run):
    with pytest.raises(ImportRefusedError) as refusal:
        run("organisations", "slug,name\nabb,ABB\nnot a slug,x\n")

    assert refusal.value.report.errors[0].value == "not a slug"
    assert not Organisation.objects.exists()


def test_an_unknown_kind_names_those_there_are():
    with pytest.raises(UnknownKindError, match=r"no import kind 'pumps'; there is: organisations"):
        kind_named("pumps")


def test_a_clean_preview_asks_the_same_number_of_queries_for_ten_and_for_a_thousand_rows(
    run, django_assert_max_num_queries
):
    ItemClassFactory(slug="plc")
    site = LocationFactory(code="NF")
    AssetFactory(code="OLD", location=site)
    head = "code,name,item_class,location\n"
    for size in (10, 900):
        rows = "".join(f"A-{n},Pump,plc,NF\n" for n in range(size))
        with django_assert_max_num_queries(8):
            run("assets", head + "OLD,Old,plc,NF\n" + rows, write=False)

    assert Location.objects.count() == 1
