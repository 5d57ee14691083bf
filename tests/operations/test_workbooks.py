"""The cells of a workbook: a day is the day that it was, as the library itself would write it."""

from datetime import date, datetime
from io import BytesIO

import xlsxwriter
from openpyxl import load_workbook

from goldenthread.reporting.workbooks import LONGEST, Sheet, Workbook, xlsx_of

AT = datetime(2026, 11, 28, 12)
DAYS = [date(1900, 1, 1), date(1900, 2, 28), date(1900, 3, 1), date(1999, 12, 31), date(2026, 2, 28)]


def test_days_are_the_numbers_that_the_library_makes_of_them():
    ours = xlsx_of(Workbook("Days", [], [Sheet("Days", ("Day",), [(day,) for day in DAYS])]), at=AT)
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page, look = book.add_worksheet(), book.add_format({"num_format": "d mmm yyyy"})
    for row, day in enumerate(DAYS):
        page.write_datetime(row, 0, day, look)
    book.close()

    read = load_workbook(BytesIO(ours))["Days"]
    theirs = load_workbook(out).worksheets[0]

    assert [read.cell(row + 2, 1).value for row in range(len(DAYS))] == [
        theirs.cell(row + 1, 1).value for row in range(len(DAYS))
    ]
    assert read.cell(6, 1).value == datetime(2026, 2, 28)


def test_text_loses_only_what_a_workbook_cannot_hold():
    texts = ["plain", "two\nlines", "a\ttab", "bell\x07", "বাংলা", "x" * (LONGEST + 5), "=1+1"]

    made = xlsx_of(Workbook("Texts", [], [Sheet("Texts", ("Text",), [(one,) for one in texts])]), at=AT)

    read = [row[0].value for row in load_workbook(BytesIO(made))["Texts"].iter_rows(min_row=2)]
    assert read == ["plain", "two\nlines", "a\ttab", "bell", "বাংলা", "x" * LONGEST, "=1+1"]
