"""What is exported imports again to zero changes, and runs in no spreadsheet."""

import csv
import io

import pytest
from openpyxl import load_workbook

from assets.models import Asset
from common.imports.tables import table_of_file
from common.imports.workbook_writing import write_workbook
from tests.factories.assets import AssetFactory, LocationFactory

NASTY = [
    '=HYPERLINK("http://x")',
    "+1-555",
    "-",
    "-5",
    "@SUM(A1)",
    "'quoted",
    "'=both",
    "two\nlines",
    "semi;colon, comma",
    "Ü ß 漢字",
]


@pytest.mark.parametrize("text", NASTY)
def test_any_text_survives_export_and_import(run, export, text):
    AssetFactory(code="P1", name="PLC", description=text, location=LocationFactory())

    report = run("assets", export("assets"))

    assert report.counts["unchanged"] == 1
    assert Asset.objects.get().description == text


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-cmd", "@x", "\tx", "\rx"])
def test_no_cell_starts_like_a_formula(export, text):
    AssetFactory(code="P1", description=text, location=LocationFactory())

    rows = list(csv.reader(io.StringIO(export("assets").decode("utf-8-sig"))))

    assert not [cell for row in rows[1:] for cell in row if cell[:1] in "=+-@\t\r" and cell]


def test_a_stored_value_comes_back_from_a_workbook(run):
    file = io.BytesIO()
    write_workbook(iter([["slug", "name"], ["abb", "'=ABB"]]), file)
    table = table_of_file(io.BytesIO(file.getvalue()))

    assert [list(cells)[:2] for _n, cells in table.rows()] == [["abb", "'=ABB"]]


def test_a_workbook_holds_every_text(run):
    file = io.BytesIO()
    texts = ["<b>&\"'", "two\nlines", " ends ", "Müller \U0001f3ed", "bell\x07", "", "last"]
    write_workbook(iter([texts, ["x"] * 30]), file)

    sheet = load_workbook(file)["Raceway"]

    read = [cell.value for cell in sheet[1]][: len(texts)]
    assert read == [*texts[:4], "bell\ufffd", None, "last"]
    assert sheet["AD2"].value == "x"


def test_attributes_without_a_schema_keep_their_type(run, export):
    AssetFactory(
        code="P1",
        location=LocationFactory(),
        attributes={"count": 5, "ratio": 0.5, "on": True, "list": ["a", "b"], "deep": {"a": 1}},
    )

    report = run("assets", export("assets"))

    assert report.counts["unchanged"] == 1
