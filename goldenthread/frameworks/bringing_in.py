"""Brings in a form from a file that somebody hands in, known by what it holds; writes one out again."""

from __future__ import annotations

import zipfile
from pathlib import Path

from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.frameworks.word_files import blocks_of, is_word
from goldenthread.people.spreadsheets.guards import check_file
from goldenthread.people.spreadsheets.tables import Table, opened
from goldenthread.rules.documents import write_document
from goldenthread.rules.form_formats.drafts import Draft, one_line, slug
from goldenthread.rules.form_formats.fhir import read_json, read_questionnaire
from goldenthread.rules.form_formats.fhir_out import write_questionnaire
from goldenthread.rules.form_formats.redcap import is_dictionary, read_dictionary
from goldenthread.rules.form_formats.tools import read_tool, rows_of_sheets
from goldenthread.rules.form_formats.workbook_rows import Cells
from goldenthread.rules.form_formats.xlsform import is_xlsform, read_xlsform
from goldenthread.rules.form_formats.xlsform_out import Exported, write_xlsform
from goldenthread.rules.refusal import Refused

ARCHIVE = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
LARGEST = 20_000_000
MOST_CELLS = 200_000
TYPES = (
    "an XLSForm (.xlsx), a FHIR Questionnaire (.json), a REDCap data dictionary (.csv), "
    "or an audit tool in Word or Excel"
)
FORMATS = {"xlsform": "xlsx", "fhir": "json"}
"""The formats that forms are written in, and how the names of their files end."""
NOT_A_FORM = f"This is no form that Golden Thread knows. It reads {TYPES}."


def read_form(path: Path, name: str) -> Draft:
    """The form in a file as a draft; `Refused` says what to do where there is none."""
    start = _start(path)
    title = one_line(Path(name).stem.replace("_", " ").strip()) or "Form"
    if start.startswith(OLD_OFFICE):
        raise Refused(
            "The file has a password or an old format. Save it as .xlsx or .docx without a password."
        )
    if start.startswith(ARCHIVE):
        return _read_word(path, title) if is_word(path) else _read_workbook(path, title)
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith((b"{", b"[")):
        return read_questionnaire(read_json(path.read_bytes().removeprefix(b"\xef\xbb\xbf")), title)
    if text.startswith(b"<"):
        raise Refused(f"XML and web pages are not read as forms. Golden Thread reads {TYPES}.")
    return _read_text(path, title)


def _start(path: Path) -> bytes:
    size = path.stat().st_size
    if size == 0:
        raise Refused("The file is empty.")
    if size > LARGEST:
        raise Refused(f"The file is larger than {LARGEST // 1_000_000} MB; a form is far smaller.")
    with path.open("rb") as file:
        return file.read(4096)


def _read_word(path: Path, title: str) -> Draft:
    return read_tool(blocks_of(path), title, "word")


def _read_workbook(path: Path, title: str) -> Draft:
    if not zipfile.is_zipfile(path):
        raise Refused("The archive is damaged. Open it in the program that wrote it, save it and try again.")
    with opened(path, "form.xlsx") as tables:
        sheets = {table.name: _rows(table) for table in tables}
    if is_xlsform(sheets):
        return read_xlsform(sheets, title)
    return read_tool(rows_of_sheets(sheets), title, "excel")


def _read_text(path: Path, title: str) -> Draft:
    check_file(path, "form.csv")
    with opened(path, "form.csv") as tables:
        rows = _rows(tables[0])
    if not is_dictionary(rows):
        raise Refused(NOT_A_FORM)
    return read_dictionary(rows, title)


def _rows(table: Table) -> list[tuple[int, Cells]]:
    """The rows of a table at once; a form has few."""
    rows: list[tuple[int, Cells]] = []
    cells = 0
    for number, row in table.rows():
        cells += len(row)
        if cells > MOST_CELLS:
            raise Refused(f"The sheet “{table.name}” holds far more than any form, so it was not read.")
        rows.append((number, row))
    return rows


def as_yaml(draft: Draft) -> str:
    """The form as it stands under `forms` of a pack; what is not applied stands above it as comments."""
    form = draft.form.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    lines = [f"A form brought in from {draft.format}, for the part “forms” of a framework. Check it first."]
    lines += [str(one) for one in draft.not_applied]
    said = "".join(f"# {_comment(line)}\n" for line in lines)
    return said + write_document({"forms": {draft.key: form}})


def _comment(text: str) -> str:
    """Text that stays on the line of its comment."""
    words = " ".join(text.split())
    return "".join(one if one.isprintable() else "?" for one in words)


def write_form(version: Version, name: str, format: str) -> Exported:
    """A form of a published version in another program's format."""
    form, key = pack_of(version).forms[name], slug(name)
    if format == "fhir":
        return write_questionnaire(form, key, canonical(version, name))
    return write_xlsform(form, key)


def canonical(version: Version, form: str) -> str:
    """What the form of a version is called for ever, for those who refer to it."""
    return f"urn:goldenthread:form:{version.framework.key}:{slug(form)}|{version.number}"
