"""Workbooks: tables that open clean, print well, and hold text, numbers and dates but never a formula."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from goldenthread.rules.later import Later

xlsxwriter = Later("xlsxwriter")
Value = str | int | date | None

A4 = 9
NARROWEST, WIDEST = 8, 44
LONGEST = 32_000
"""Characters that a cell takes; one more than 32,767 would lose them all."""
LONGEST_NAME = 31
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
CONTROL = {code: None for code in range(32) if code not in (9, 10)} | {0xFFFE: None, 0xFFFF: None}
DAY_NOUGHT = date(1899, 12, 30).toordinal()
"""The day from which a workbook counts days."""
FIRST_SURE = date(1900, 3, 1)
"""The first day after the one that workbooks count and that never was, 29 February 1900."""
LEADS_A_FORMULA = ("=", "+", "-", "@", "\t")


@dataclass(frozen=True)
class Sheet:
    """One table: its name, its heading row and its rows; `note` says what is told if it has no rows."""

    name: str
    head: tuple[str, ...]
    rows: Sequence[tuple[Value, ...]]
    note: str = "Nothing to show."


@dataclass(frozen=True)
class Workbook:
    """A workbook: what it is, for whom and how made, in pairs on its first sheet; then its tables."""

    title: str
    about: Sequence[tuple[str, Value]]
    sheets: Sequence[Sheet]


def xlsx_of(workbook: Workbook, *, at: datetime) -> bytes:
    """The workbook as .xlsx; each table with its heading frozen, filtered and on each printed page."""
    out = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": workbook.title, "created": at.replace(tzinfo=None)})
    looks = _looks(book)
    names: set[str] = set()
    _about(book.add_worksheet(_name("About", names)), workbook, looks)
    for sheet in workbook.sheets:
        _table(book.add_worksheet(_name(sheet.name, names)), sheet, workbook.title, looks)
    book.close()
    return out.getvalue()


def _looks(book: Any) -> dict[str, Any]:
    """How cells look; text that would lead a formula is kept as text, also when somebody edits it."""
    cell = {"valign": "top", "text_wrap": True}
    return {
        "title": book.add_format({"bold": True, "font_size": 16}),
        "head": book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#DCE8EA"}
        ),
        "name": book.add_format({**cell, "bold": True}),
        "text": book.add_format(cell),
        "guarded": book.add_format({**cell, "quote_prefix": True}),
        "number": book.add_format({"valign": "top", "num_format": "0"}),
        "date": book.add_format({"valign": "top", "num_format": "d mmm yyyy", "align": "left"}),
    }


def _about(page: Any, workbook: Workbook, looks: dict[str, Any]) -> None:
    page.set_column(0, 0, 26)
    page.set_column(1, 1, 90)
    _printed(page, workbook.title)
    page.write_string(0, 0, _plain(workbook.title), looks["title"])
    for place, (name, value) in enumerate(workbook.about, start=2):
        page.write_string(place, 0, _plain(name), looks["name"])
        _write(page, place, 1, value, looks)


def _table(page: Any, sheet: Sheet, title: str, looks: dict[str, Any]) -> None:
    for place, text in enumerate(sheet.head):
        page.write_string(0, place, _plain(text), looks["head"])
        page.set_column(place, place, _width(text, [row[place] for row in sheet.rows]))
    for number, row in enumerate(sheet.rows, start=1):
        for place, value in enumerate(row):
            _write(page, number, place, value, looks)
    if not sheet.rows:
        page.write_string(1, 0, _plain(sheet.note))
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(1, len(sheet.rows)), len(sheet.head) - 1)
    page.repeat_rows(0)
    _printed(page, f"{title}: {sheet.name}")


def _printed(page: Any, title: str) -> None:
    """A4 on its side, one page wide, with its title above and the page's number below."""
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.set_header("&L" + _plain(title).replace("&", "&&")[:200])
    page.set_footer("&RPage &P of &N")


def _write(page: Any, row: int, place: int, value: Value, looks: dict[str, Any]) -> None:
    if value is None or value == "":
        page.write_blank(row, place, None, looks["text"])
    elif type(value) is date and value >= FIRST_SURE:
        page.write_number(row, place, value.toordinal() - DAY_NOUGHT, looks["date"])
    elif isinstance(value, date):
        page.write_datetime(row, place, value, looks["date"])
    elif isinstance(value, int):
        page.write_number(row, place, value, looks["number"])
    else:
        text = _plain(value)
        page.write_string(row, place, text, looks["guarded" if text.startswith(LEADS_A_FORMULA) else "text"])


def _width(head: str, column: Sequence[Value]) -> int:
    """Wide enough for most of what stands in it; longer texts go over several lines."""
    lengths = [11 if isinstance(value, date) else len(str(value)) for value in column if value is not None]
    longest_word = max((len(word) for word in head.split()), default=0) + 3
    return min(WIDEST, max([NARROWEST, longest_word, min(len(head) + 3, 14), *(one + 2 for one in lengths)]))


def _name(wanted: str, taken: set[str]) -> str:
    """A name that a sheet may have and no other sheet has, whatever the capitals."""
    plain = NOT_IN_A_NAME.sub(" ", wanted).strip(" '") or "Sheet"
    plain = "The history" if plain.casefold() == "history" else plain
    name, number = plain[:LONGEST_NAME].rstrip(" '"), 1
    while name.casefold() in taken:
        number += 1
        end = f" {number}"
        name = plain[: LONGEST_NAME - len(end)].rstrip(" '") + end
    taken.add(name.casefold())
    return name


def _plain(text: str) -> str:
    """Text without the characters that a workbook cannot hold, no longer than a cell takes."""
    if text.isascii() and text.isprintable() and len(text) <= LONGEST:
        return text
    return text.translate(CONTROL).encode("utf-8", "replace").decode()[:LONGEST]
