"""A file as rows of text, whatever people send."""

import datetime
import io
import zipfile

import pytest
from openpyxl import Workbook

from common.imports.encodings import UnreadableFileError
from common.imports.tables import table_of_file


def read(data: bytes, **options):
    table = table_of_file(io.BytesIO(data), **options)
    return table.header, [list(cells) for _number, cells in table.rows()], table.notes


def workbook(*rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_reads_the_encodings_people_have(encoding):
    text = "code,name\nNF-1,Abfüllung Straße\nNF-2,Kühlung \u2013 Süd\nNF-3,Prüfstand für Ventile\n"

    _header, rows, notes = read(text.encode(encoding))

    assert [row[1] for row in rows][:2] == ["Abfüllung Straße", "Kühlung \u2013 Süd"]
    assert (notes == ()) == encoding.startswith("utf-8")


def test_reports_the_encoding_it_chose():
    _header, _rows, notes = read("code,name\nA,Gärung\n".encode("cp1252"))

    assert notes == ("The file was read as cp1252.",)


def test_an_encoding_can_be_named():
    _header, rows, _notes = read("code,name\nA,Łódź\n".encode("cp1250"), encoding="cp1250")

    assert rows == [["A", "Łódź"]]


def test_refuses_a_broken_encoding_and_names_the_byte():
    with pytest.raises(UnreadableFileError, match=r"Byte 15 \(line 2\) is not valid utf-8-sig"):
        read(b"\xef\xbb\xbfcode,name\nA,\xff\n")


def test_refuses_bytes_that_are_no_text():
    with pytest.raises(UnreadableFileError, match="zero bytes"):
        read(b"code,name\nA,\x00\x01\n")


def test_refuses_an_empty_file():
    with pytest.raises(UnreadableFileError, match="empty"):
        read(b"")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_finds_the_delimiter(delimiter):
    header, rows, _notes = read(f"code{delimiter}name\nA{delimiter}Press".encode())

    assert header == ("code", "name")
    assert rows == [["A", "Press"]]


def test_keeps_quoted_line_breaks_and_skips_empty_rows():
    _header, rows, _notes = read(b'code,name\n"A","one\ntwo"\n,\nB,x\n')

    assert rows == [["A", "one\ntwo"], ["B", "x"]]


def test_reads_the_first_sheet_of_a_workbook():
    data = workbook(
        ["code", "count", "day", "is_safety"], ["A", 5.0, datetime.date(2026, 3, 1), True]
    )

    header, rows, _notes = read(data)

    assert header == ("code", "count", "day", "is_safety")
    assert rows == [["A", "5", "2026-03-01", "true"]]


def test_refuses_a_formula_in_a_workbook():
    with pytest.raises(UnreadableFileError, match=r"Row 2 holds a formula \(=1\+1\)"):
        read(workbook(["code"], ["=1+1"]))


def test_refuses_a_workbook_bomb_before_unpacking_it():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)

    with pytest.raises(UnreadableFileError, match="would unpack to 47 MiB"):
        read(file.getvalue())


def test_refuses_entities_that_multiply_in_a_workbook():
    source = workbook(["code"], ["A"])
    lol = "".join(
        f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "lol"}' + (f'{"&l" + str(n - 1) + ";"}' * 9 if n else "") + '">'
        for n in range(9)
    )  # fmt: skip
    bad = f'<?xml version="1.0"?><!DOCTYPE x [{lol}]><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="str"><v>&l8;</v></c></row></sheetData></worksheet>'
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, bad if name.endswith("sheet1.xml") else old.read(name))

    with pytest.raises(UnreadableFileError, match=r"could not read worksheets|broken"):
        read(file.getvalue())


def test_refuses_what_only_looks_like_a_workbook():
    with pytest.raises(UnreadableFileError, match="broken"):
        read(b"PK\x03\x04 and nothing more")


def test_a_far_away_cell_does_not_widen_every_row():
    book = Workbook()
    book.active["A1"] = "code"
    book.active["A2"] = "X"
    book.active["XFD3"] = "far"
    file = io.BytesIO()
    book.save(file)

    _header, rows, _notes = read(file.getvalue())

    assert max(len(row) for row in rows) <= 301
