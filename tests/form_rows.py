"""Makes forms of other programs, and reads their workbooks as tables of text."""

import io

from python_calamine import CalamineWorkbook

from goldenthread.people.spreadsheets.child import shown
from goldenthread.rules.form_formats.xlsform import read_xlsform

SURVEY = ["type", "name", "label", "hint", "required", "relevant", "constraint", "appearance"]


def sheet(*rows):
    """Rows as they come from a workbook: numbered, without empty cells at their ends."""
    return [
        (number, ["" if cell is None else str(cell) for cell in row]) for number, row in enumerate(rows, 1)
    ]


def survey(*rows, choices=(), settings=None, heads=SURVEY):
    """The sheets of an XLSForm with these rows."""
    sheets = {"survey": sheet(heads, *rows), "choices": sheet(["list_name", "name", "label"], *choices)}
    if settings:
        sheets["settings"] = sheet(list(settings), list(settings.values()))
    return sheets


def brought_in(*rows, **more):
    """What an XLSForm with these rows becomes."""
    return read_xlsform(survey(*rows, **more), "A form")


def sheets_of(content):
    """The sheets of a workbook's bytes as rows of text."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    found = {}
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        found[name] = [(number, [shown(cell) for cell in row]) for number, row in enumerate(rows, 1)]
    return found


def reasons(draft):
    """What is not applied, as text."""
    return "\n".join(str(one) for one in draft.not_applied)
