"""A mark for each row of a sheet: the same only for rows that would be read into the same values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

from goldenthread.caseload import cleaning, fields, layout
from goldenthread.caseload.layout import Sheet
from goldenthread.people.spreadsheets import values
from goldenthread.people.spreadsheets.tables import Cell

BETWEEN = "\x1f"
LENGTH = 16  # bytes
READERS = (cleaning, fields, layout, values)


@cache
def _how_rows_are_read() -> bytes:
    """A digest of the code that reads rows: with another release's code no row is known."""
    code = hashlib.sha256()
    for module in READERS:
        code.update(Path(str(module.__file__)).read_bytes())
    return code.digest()


def marker(sheet: Sheet, order: str, secret: str) -> Callable[[list[Cell]], str]:
    """What gives the mark of a row of this sheet, or nothing for a row that must be read.

    It is keyed: a date of birth cannot be found from it by trying, without the installation's secret.
    """
    key = hashlib.blake2b(_as_read(sheet, order), key=hashlib.sha256(secret.encode()).digest()).digest()
    places = [column.place for column in sheet.columns]
    width, marks = max(places) + 1, len(places) - 1
    blake2b = hashlib.blake2b

    def mark(cells: list[Cell]) -> str:
        if len(cells) < width:
            cells = [*cells, *[""] * (width - len(cells))]
        try:
            text = BETWEEN.join([cells[place] for place in places])  # type: ignore[misc]
        except TypeError:  # a formula without a stored value
            return ""
        if text.count(BETWEEN) != marks:
            return ""
        return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=LENGTH, key=key).hexdigest()

    return mark


def _as_read(sheet: Sheet, order: str) -> bytes:
    """All that decides, beside its cells and the day, what a row of the sheet is read into."""
    one = sheet.list_of
    columns = [(column.place, column.header, column.field.name, column.field.use) for column in sheet.columns]
    told = [one.name, one.events, one.dated, columns, order, sheet.table.epoch_1904]
    return _how_rows_are_read() + json.dumps(told).encode()
