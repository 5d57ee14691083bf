"""Reads one workbook in a process of its own, with limits, and writes its rows as lines of JSON.

Each row is `[number, cells]`; a cell is text, or null where a formula has no stored value. The last
line says where each sheet's rows begin. Run as `python -m goldenthread.people.spreadsheets.child FILE`.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from defusedxml.ElementTree import fromstring, iterparse
from python_calamine import CalamineWorkbook

from goldenthread.people.spreadsheets.limits import limit_itself

A_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
CELL = re.compile(r"([A-Z]+)(\d+)")


def main(path: str) -> None:
    """Write every sheet's rows and then the index."""
    limit_itself()
    workbook = CalamineWorkbook.from_path(path)
    with zipfile.ZipFile(path) as archive:
        parts, epoch_1904 = _parts(archive)
        position, index = 0, []
        for name in workbook.sheet_names:
            uncached = _uncached(archive, parts.get(name, ""))
            index.append({"name": name, "start": position})
            for line in _lines(workbook.get_sheet_by_name(name), uncached):
                sys.stdout.write(line)
                position += len(line)
    sys.stdout.write(json.dumps({"sheets": index, "end": position, "epoch_1904": epoch_1904}))


def _lines(sheet: Any, uncached: set[tuple[int, int]]) -> Iterator[str]:
    """The sheet's rows that hold anything; ASCII alone, so that characters are bytes."""
    rows_with_faults = {row for row, _ in uncached}
    for number, row in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        cells: list[str | None] = [shown(cell) for cell in row]
        if number in rows_with_faults:
            for fault_row, column in uncached:
                if fault_row == number and column < len(cells):
                    cells[column] = None
        while cells and cells[-1] == "":
            cells.pop()
        if cells:
            yield json.dumps([number, cells]) + "\n"


def shown(cell: Any) -> str:
    """A cell as text: whole numbers without a point, dates in ISO order."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(timespec="seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def _parts(archive: zipfile.ZipFile) -> tuple[dict[str, str], bool]:
    """Which part of the archive holds which sheet, and whether its days count from 1904."""
    book = fromstring(archive.read("xl/workbook.xml"), forbid_dtd=True)
    links = fromstring(archive.read("xl/_rels/workbook.xml.rels"), forbid_dtd=True)
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    parts, epoch_1904 = {}, False
    for element in book.iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "workbookPr":
            epoch_1904 = element.get("date1904") in ("1", "true")
        elif tag == "sheet":
            link = next((value for key, value in element.items() if key.endswith("}id")), None)
            target = targets.get(link, "")
            parts[element.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return parts, epoch_1904


def _uncached(archive: zipfile.ZipFile, part: str) -> set[tuple[int, int]]:
    """Cells whose formula has no stored value, as (row from 1, column from 0)."""
    found: set[tuple[int, int]] = set()
    if part not in archive.namelist() or not _has_formula(archive, part):
        return found
    with archive.open(part) as file:
        for _, element in iterparse(file, forbid_dtd=True):
            tag = element.tag.rpartition("}")[2]
            if tag == "c":
                if _is_uncached(element):
                    found.add(_place(element.get("r", "")))
                element.clear()
            elif tag == "row":
                element.clear()
    return found


def _has_formula(archive: zipfile.ZipFile, part: str) -> bool:
    tail = b""
    with archive.open(part) as file:
        while block := file.read(1 << 20):
            if A_FORMULA.search(tail + block):
                return True
            tail = block[-16:]
    return False


def _is_uncached(cell: Any) -> bool:
    """A formula without a value; an empty text is a value, an empty number is none."""
    inside = {child.tag.rpartition("}")[2]: child for child in cell}
    if "f" not in inside:
        return False
    value = inside.get("v")
    return value is None or (not value.text and cell.get("t") != "str")


def _place(reference: str) -> tuple[int, int]:
    """Row and column of a reference such as B7."""
    match = CELL.fullmatch(reference)
    if match is None:
        return 0, 0
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column - 1


if __name__ == "__main__":
    main(sys.argv[1])
