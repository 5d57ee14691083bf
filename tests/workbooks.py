"""Makes the workbooks and text files that the tests of imports load."""

import csv
from datetime import date, datetime, time

import xlsxwriter

from goldenthread.caseload.operations.extracts import import_caseload
from tests.make import moment

LIST_6 = [
    "Child Unique ID",
    "Gender",
    "Date of Birth",
    "CIN Start Date",
    "CIN Closure Date",
    "Case Status",
    "Allocated Team",
    "Allocated Worker",
    "Primary Need Code",
]
CASES = [
    "Case reference",
    "Person reference",
    "Opened",
    "Closed",
    "Team",
    "Worker",
    "Worker allocated on",
    "Risk",
]


class Formula(str):
    """A cell that is a formula without a stored value."""


def make_workbook(path, sheets, *, epoch_1904=False):
    """A workbook with these sheets: name to rows of cells."""
    book = xlsxwriter.Workbook(str(path), {"date_1904": epoch_1904})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                _write(sheet, number, place, cell, day)
    book.close()
    return path


def _write(sheet, number, place, cell, day):
    if isinstance(cell, Formula):
        sheet.write_formula(number, place, cell, None, "")
    elif isinstance(cell, date):
        sheet.write_datetime(number, place, datetime.combine(cell, time()), day)
    elif cell is not None:
        sheet.write(number, place, cell)


def make_csv(path, rows, *, encoding="utf-8", delimiter=","):
    """A text file of separated values."""
    with path.open("w", encoding=encoding, newline="", errors="strict") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def child(reference, **told):
    """A row of list 6."""
    row = {
        "Child Unique ID": reference,
        "Gender": "Female",
        "Date of Birth": date(2015, 6, 1),
        "CIN Start Date": date(2026, 3, 2),
        "Case Status": "Child in need",
        "Allocated Team": "North team",
        "Allocated Worker": "Anna Smith",
        "Primary Need Code": "N1",
    }
    return [{**row, **told}.get(header) for header in LIST_6]


def case(reference, **told):
    """A row of an open-cases list; names with underscores stand for headers with spaces."""
    row = {
        "Case reference": reference,
        "Person reference": f"P-{reference}",
        "Opened": "02/03/2026",
        "Team": "North team",
        "Worker": "Anna Smith",
        "Worker allocated on": "09/03/2026",
        "Risk": "low",
    }
    told = {name.replace("_", " ").capitalize(): value for name, value in told.items()}
    return [{**row, **told}.get(header, "") for header in CASES]


def load(path, *, preset="open_cases", at="2026-11-02T09:00", on=None, **options):
    """Import a file as the command does."""
    return import_caseload(
        path=path,
        file_name=path.name,
        preset=preset,
        extracted_on=on,
        by=None,
        at=moment(at),
        **options,
    )


def load_cases(folder, *rows, name="cases.csv", **options):
    """Import an open-cases list with these rows."""
    return load(make_csv(folder / name, [CASES, *rows]), **options)


def load_children(folder, *rows, name="annex.xlsx", **options):
    """Import an Annex A workbook whose list 6 has these rows."""
    book = make_workbook(folder / name, {"List 6": [LIST_6, *rows]})
    return load(book, preset="annex_a", **options)
