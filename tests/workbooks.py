"""Makes the workbooks and text files that the tests of imports load."""

import csv
from datetime import date, datetime, time

import xlsxwriter

from goldenthread.caseload.operations.extracts import import_caseload
from goldenthread.caseload.operations.files import File
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


def load(*paths, preset="open_cases", at="2026-11-02T09:00", on=None, **options):
    """Import files as the command does."""
    return import_caseload(
        files=[File(path, path.name) for path in paths],
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


EVENTS = [
    "LA Person Unique Identifier",
    "Event Type",
    "Event Reference",
    "Event Start Date",
    "Event End Date",
    "Primary Support Reason",
    "Service Type",
    "Service Component",
    "Date of Birth",
    "NHS Number",
    "Postcode",
    "Unit Cost (£)",
    "Team",
    "Worker",
]


def event(person, kind="Service", reference="", **told):
    """A row of adult social care's client level data; names with underscores stand for headers."""
    row = {
        "LA Person Unique Identifier": person,
        "Event Type": kind,
        "Event Reference": reference or f"{kind[:1]}-{person}",
        "Event Start Date": "02/03/2026",
        "Primary Support Reason": "Physical support: personal care",
        "Date of Birth": "09/07/1941",
        "NHS Number": "9434765919",
        "Postcode": "ZE1 9QX",
        "Unit Cost (£)": "1234.56",
        "Team": "South locality",
        "Worker": "Anna Smith",
    }
    told = {name.replace("_", " ").title(): value for name, value in told.items()}
    return [{**row, **told}.get(header, "") for header in EVENTS]


def make_return(folder, **files):
    """The text files of a return, by name, each a head of headers in one text and its rows."""
    return [
        make_csv(folder / f"{name}.csv", [head.split(","), *(row.split(",") for row in rows)])
        for name, (head, *rows) in files.items()
    ]


LOOKED_AFTER = {
    "header": (
        "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB",
        "1,1,12/03/2012,WBRI,A123456789123,,",
        "4,2,01/01/2020,,,,",
    ),
    "episodes": (
        "CHILD,DECOM,RNE,LS,CIN,PLACE,DEC,REC,HOME_POST",
        "1,21/07/2016,S,C2,N2,U1,24/04/2017,X1,ZE1 9QX",
        "1,24/04/2017,P,C2,N2,U2,,,ZE1 9QX",
        "2,11/09/2017,S,L2,N5,K1,03/10/2018,E4A,ZE1 9QX",
        "3,01/02/2018,S,V2,N1,U1,,,ZE1 9QX",
        "3,01/03/2018,S,V2,N1,U1,,,ZE1 9QX",
    ),
    "reviews": ("CHILD,DOB,REVIEW,REVIEW_CODE", "1,12/03/2012,30/08/2017,PN6", "1,12/03/2012,04/02/2018,PN6"),
    "sw_episodes": (
        "CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON",
        "1,12/03/2012,SW100,21/07/2016,01/05/2018,CHANGE",
        "1,12/03/2012,SW300,02/05/2018,,",
        "1,12/03/2012,SW200,01/05/2018,,",
        "3,12/03/2012,SW100,01/02/2018,01/03/2018,LEFT",
        "5,12/03/2012,SW100,01/02/2018,,",
    ),
}


def census_child(reference, *episodes, born="2015-03-27", sex="Sex"):
    """A child of a children in need census; each episode is the XML within its `CINdetails`."""
    details = "".join(f"<CINdetails>{episode}</CINdetails>" for episode in episodes)
    return (
        f"<Child><ChildIdentifiers><LAchildID>{reference}</LAchildID><UPN>A123456789123</UPN>"
        f"<PersonBirthDate>{born}</PersonBirthDate><{sex}>2</{sex}></ChildIdentifiers>"
        f"<ChildCharacteristics><Ethnicity>WBRI</Ethnicity></ChildCharacteristics>{details}</Child>"
    )


def referral(opened="2026-03-02", closed="", more=""):
    """An episode of a children in need census."""
    end = (
        f"<CINclosureDate>{closed}</CINclosureDate><ReasonForClosure>RC1</ReasonForClosure>" if closed else ""
    )
    return (
        f"<CINreferralDate>{opened}</CINreferralDate><ReferralSource>1A</ReferralSource>"
        f"<PrimaryNeedCode>N4</PrimaryNeedCode>{end}{more}"
    )


def make_census(path, *children, encoding="utf-8", declared="utf-8", before=""):
    """A children in need census."""
    head = f'<?xml version="1.0" encoding="{declared}"?>{before}'
    text = f"{head}<Message><Header><Collection>CIN</Collection></Header><Children>{{}}</Children></Message>"
    path.write_bytes(text.format("".join(children)).encode(encoding))
    return path
