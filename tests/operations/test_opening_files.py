"""What is read of a file, and which files are not opened at all."""

import codecs
import io
import time
import zipfile
from datetime import date

import pytest
import xlsxwriter

from goldenthread.people.spreadsheets.guards import BLOCK
from goldenthread.people.spreadsheets.tables import opened
from goldenthread.rules.refusal import Refused
from tests.workbooks import Formula, make_csv, make_workbook

WORKBOOK = "xl/workbook.xml"


def rows_of(path):
    with opened(path, path.name) as tables:
        return {table.name: list(table.rows()) for table in tables}


def rezipped(path, **parts):
    """The workbook with parts added or replaced."""
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    held |= {name.replace("__", "/").replace("_dot_", "."): data for name, data in parts.items()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in held.items():
            archive.writestr(name, data)
    return path


def test_rows_keep_the_numbers_that_excel_shows(tmp_path):
    book = make_workbook(
        tmp_path / "a.xlsx", {"One": [[], ["Title"], [], [None, "Head"], [1, date(2026, 1, 31)]]}
    )

    assert rows_of(book) == {"One": [(2, ["Title"]), (4, ["", "Head"]), (5, ["1", "2026-01-31"])]}


def test_a_1904_workbook_gives_the_same_dates(tmp_path):
    book = make_workbook(tmp_path / "a.xlsx", {"One": [[date(2026, 1, 31)]]}, epoch_1904=True)

    with opened(book, book.name) as tables:
        assert list(tables[0].rows()) == [(1, ["2026-01-31"])]
        assert tables[0].epoch_1904


def test_a_formula_gives_its_stored_value_or_is_marked(tmp_path):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("One")
    sheet.write_formula("A1", "=1+1", None, 2)
    sheet.write_formula("B1", '="x"', None, "x")
    sheet.write_formula("C1", "=1+1", None, "")
    sheet.write_formula("D1", "=NA()", None, "#N/A")
    sheet.write("E1", "end")
    book.close()

    assert rows_of(path) == {"One": [(1, ["2", "x", None, "", "end"])]}


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [
        ("utf-8", ","),
        ("utf-8-sig", ";"),
        ("utf-16", "\t"),
        ("utf-16-le", ","),
        ("cp1252", "|"),
        ("utf-16-be", ","),
    ],
)
def test_a_text_file_is_read_in_any_usual_encoding(tmp_path, encoding, delimiter):
    path = make_csv(
        tmp_path / "a.csv", [["Case", "Worker"], ["1", "Zoë O’Neil"]], encoding=encoding, delimiter=delimiter
    )

    assert rows_of(path)["a"] == [(1, ["Case", "Worker"]), (2, ["1", "Zoë O’Neil"])]


def test_a_line_break_inside_quotes_is_part_of_the_cell(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b'Case,Note\r\n1,"two\r\nlines"\r\n\r\n2,x\0y\r\n')

    assert rows_of(path)["a"] == [(1, ["Case", "Note"]), (2, ["1", "two\r\nlines"]), (4, ["2", "xy"])]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.pdf", b"%PDF", "not “.pdf”"),
        ("a", b"x", "without an ending"),
        ("a.csv", b"", "empty"),
        ("a.csv", b"PK\x03\x04rest", "Name it .xlsx"),
        ("a.xlsx", b"Case,Worker\n", "not an Excel workbook"),
        ("a.xlsx", b"PK\x03\x04rubbish", "not an Excel workbook"),
        ("a.xlsx", codecs.BOM_UTF8, "not an Excel workbook"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1", "password"),
    ],
)
def test_a_file_of_the_wrong_kind_is_refused_in_a_sentence(tmp_path, name, content, says):
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(Refused, match=says):
        rows_of(path)


def test_a_workbook_that_is_cut_short_is_refused(tmp_path):
    book = make_workbook(tmp_path / "a.xlsx", {"One": [["x"] * 50] * 50})
    whole = book.read_bytes()

    for length in (10, len(whole) // 3, len(whole) - 30):
        book.write_bytes(whole[:length])
        with pytest.raises(Refused):
            rows_of(book)


def test_a_workbook_whose_sheet_is_rubbish_is_refused(tmp_path):
    book = make_workbook(tmp_path / "a.xlsx", {"One": [["x"]]})

    with pytest.raises(Refused, match="could not be read"):
        rows_of(rezipped(book, xl__workbook_dot_xml=b"<not xml"))


def test_a_bomb_is_refused_by_the_directory_at_once(tmp_path):
    book = make_workbook(tmp_path / "a.xlsx", {"One": [["x"]]})
    rezipped(book, xl__media__zeros_dot_bin=bytes(20 * 1024 * 1024))
    began = time.monotonic()

    with pytest.raises(Refused, match="expands to far more"):
        rows_of(book)
    assert time.monotonic() - began < 0.5


def test_a_bomb_whose_directory_lies_is_refused_while_it_is_unpacked(tmp_path):
    book = make_workbook(tmp_path / "a.xlsx", {"One": [["x"]]})
    rezipped(book, xl__media__zeros_dot_bin=bytes(20 * 1024 * 1024))
    with zipfile.ZipFile(book) as archive:
        entry = archive.getinfo("xl/media/zeros.bin")
    honest = entry.file_size.to_bytes(4, "little")
    book.write_bytes(book.read_bytes().replace(honest, (1000).to_bytes(4, "little")))

    with pytest.raises(Refused):
        rows_of(book)


def test_too_many_parts_are_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(WORKBOOK, "<workbook/>")
        for number in range(2_001):
            archive.writestr(f"xl/{number}.xml", "")

    with pytest.raises(Refused, match="2,000 parts"):
        rows_of(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_that_declares_entities_is_refused(tmp_path, encoding):
    book = make_workbook(tmp_path / "a.xlsx", {"One": [["x"]]})
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b"><!ENTITY c SYSTEM "file:///etc/passwd">]><a>&c;</a>'
    )

    with pytest.raises(Refused, match="declares its own entities"):
        rows_of(rezipped(book, xl__sharedStrings_dot_xml=bomb.encode(encoding)))


def test_a_declaration_that_lies_across_two_blocks_is_seen(tmp_path):
    book = make_workbook(tmp_path / "a.xlsx", {"One": [["x"]]})
    begun = '<?xml version="1.0"?>'.ljust(BLOCK - 4)
    bomb = f'{begun}<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>'

    with pytest.raises(Refused, match="declares its own entities"):
        rows_of(rezipped(book, xl__sharedStrings_dot_xml=bomb.encode()))


def test_a_sheet_that_claims_a_million_columns_does_no_harm(tmp_path):
    book = make_workbook(tmp_path / "a.xlsx", {"One": [["x"]]})
    with zipfile.ZipFile(book) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    far = sheet.replace("</row>", '</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')

    with pytest.raises(Refused):
        rows_of(rezipped(book, xl__worksheets__sheet1_dot_xml=far.encode()))


def test_a_text_file_with_too_many_columns_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(",".join(["x"] * 2_000))

    with pytest.raises(Refused, match="more than 1,000 columns"):
        rows_of(path)


def test_a_formula_in_a_text_file_stays_text(tmp_path):
    path = make_csv(tmp_path / "a.csv", [["=1+1", "@x"], [Formula("=2"), "+3"]])

    assert rows_of(path)["a"] == [(1, ["=1+1", "@x"]), (2, ["=2", "+3"])]


def test_the_upload_limit_holds(tmp_path, settings):
    settings.UPLOAD_LIMIT = 1024 * 1024
    path = tmp_path / "a.csv"
    path.write_bytes(io.BytesIO(b"x" * (1024 * 1024 + 1)).read())

    with pytest.raises(Refused, match="larger than 1 MB"):
        rows_of(path)
