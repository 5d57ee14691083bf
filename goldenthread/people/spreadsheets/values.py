"""Cleans what cells hold: text, names, dates; nothing here knows what a column is for."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import Literal

DateOrder = Literal["day first", "month first"]
EXCEL_ERRORS = frozenset(
    [
        "#n/a",
        "#ref!",
        "#value!",
        "#name?",
        "#div/0!",
        "#null!",
        "#num!",
        "#spill!",
        "#calc!",
        "#getting_data",
        "#blocked!",
        "#unknown!",
    ]
)
NOTHING = frozenset(
    ("", "null", "none", "nil", "n/a", "na", "-", "--", "–", "—", "nan", "(null)", "<null>", "not known")
)
NOBODY = frozenset(
    [
        "unallocated",
        "not allocated",
        "unassigned",
        "not assigned",
        "no worker",
        "no allocated worker",
        "awaiting allocation",
        "to be allocated",
        "tbc",
        "tba",
        "vacant",
        "vacancy",
        "unknown",
        "0",  # what a lookup makes of an empty cell
    ]
)
NULL_DAYS = frozenset(
    (date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1), date(1904, 1, 1), date(1, 1, 1))
)
FIRST_YEAR, LAST_YEAR = 1900, 2200
MOST_SEEN = 10_000  # texts of days that are remembered: some 27 years
INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\x00-\x08\x0b-\x1f\x7f]")
QUOTES = str.maketrans({"‘": "'", "’": "'", "‛": "'", "`": "'", "“": '"', "”": '"', "‐": "-", "‑": "-"})
CODED = re.compile(r"\(?(?:[a-z]{1,2}|\d{1,2})(?:\)\s*|\.\s+)(?=[^\W\d])", re.IGNORECASE)
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+\S.*)?\Z")
COMPACT = re.compile(r"((?:19|20|21)\d{2})(\d{2})(\d{2})\Z")
NUMERIC = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[T ]+\S.*)?\Z")
NAMED = re.compile(
    r"(?:[a-z]+,?\s+)?(\d{1,2})(?:st|nd|rd|th)?[-/. ]+([a-z]{3,9})\.?,?[-/. ]+(\d{4}|\d{2})(?:[T ,]+\S.*)?\Z",
    re.I,
)
SERIAL = re.compile(r"(\d{5})(?:\.\d+)?\Z")
ALL_ZERO = re.compile(r"[0/. :-]+\Z")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class NotADate(ValueError):
    """The text cannot be read as a day that exists."""


def plain(cell: str | None) -> str:
    """One line of text: odd spaces made plain, invisible characters and Excel's errors gone."""
    if cell and cell.isascii() and cell.isprintable() and "#" not in cell:
        return " ".join(cell.split())
    text = " ".join(INVISIBLE.sub("", unicodedata.normalize("NFC", cell or "")).split())
    return "" if text.casefold() in EXCEL_ERRORS else text


def known(cell: str | None) -> str:
    """The text, or nothing where a word stands for nothing."""
    text = plain(cell)
    return "" if text.casefold() in NOTHING else text


def named(cell: str | None) -> str:
    """A person's or a team's name; nothing where the text says that there is nobody."""
    text = known(cell).translate(QUOTES)
    return "" if text.casefold() in NOBODY else text


def fold(text: str) -> str:
    """What two spellings of one name share."""
    return plain(text).translate(QUOTES).casefold()


def name_keys(name: str) -> list[str]:
    """The name as written, and with “Surname, First” turned round."""
    key = fold(name)
    surname, comma, first = key.partition(",")
    turned = f"{first.strip()} {surname.strip()}"
    return [key, turned] if comma and first.strip() and "," not in first else [key]


def header_key(cell: str | None) -> str:
    """Letters and digits alone, case-folded: how headers are matched."""
    text = unicodedata.normalize("NFKC", cell or "").casefold()
    return "".join(mark for mark in text if mark.isalnum())


def label(cell: str | None) -> str:
    """The label of a coded value: “b) Female” and “Female” are one."""
    text = known(cell)
    return CODED.sub("", text, count=1) if CODED.match(text) else text


def day(cell: str | None, order: DateOrder = "day first", *, epoch_1904: bool = False) -> date | None:
    """The day that a cell tells, None where it tells none; refuses what is no day."""
    text = known(cell)
    if not text or ALL_ZERO.match(text):
        return None
    found = _day(text, order, epoch_1904)
    if found in NULL_DAYS:
        return None
    if not FIRST_YEAR <= found.year < LAST_YEAR:
        raise NotADate("out of range")
    return found


def _day(text: str, order: DateOrder, epoch_1904: bool) -> date:
    if match := ISO.match(text) or COMPACT.match(text):
        return _made(int(match[1]), int(match[2]), int(match[3]))
    if match := NUMERIC.match(text):
        first, second = int(match[1]), int(match[2])
        month, number = (second, first) if order == "day first" else (first, second)
        return _made(_year(match[3]), month, number)
    if match := NAMED.match(text):
        return _made(_year(match[3]), _month(match[2]), int(match[1]))
    if match := SERIAL.match(text):
        return (date(1904, 1, 1) if epoch_1904 else date(1899, 12, 30)) + timedelta(days=int(match[1]))
    raise NotADate("no known way of writing a day")


def _made(year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError as fault:
        raise NotADate("no such day") from fault


def _month(name: str) -> int:
    try:
        return MONTHS.index(name[:3].casefold()) + 1
    except ValueError as fault:
        raise NotADate("no such month") from fault


def _year(text: str) -> int:
    """Two digits mean the century in which the year is no more than a few years ahead."""
    year = int(text)
    if len(text) == 4:
        return year
    return 2000 + year if year < 40 else 1900 + year


class OrderOfDates:
    """Whether days or months come first in a file: days, as in Britain, unless the file proves otherwise."""

    def __init__(self) -> None:
        self.day_first = False
        self.month_first = False
        self.seen: set[str | None] = set()

    def see(self, cell: str | None) -> None:
        """Take what a cell proves; files repeat their days, and a day proves nothing the second time."""
        if cell in self.seen:
            return
        if len(self.seen) < MOST_SEEN:
            self.seen.add(cell)
        if match := NUMERIC.match(plain(cell)):
            self.day_first |= int(match[1]) > 12
            self.month_first |= int(match[2]) > 12 and int(match[1]) <= 12

    @property
    def order(self) -> DateOrder:
        return "month first" if self.month_first and not self.day_first else "day first"

    def stated(self) -> str:
        """How dates such as 03/04/2026 were read, and why."""
        if self.order == "month first":
            return "Dates with slashes were read as month/day/year: some have a second number above 12."
        if self.month_first:
            return "Dates with slashes were read as day/month/year, although some fit only month/day/year."
        return "Dates with slashes were read as day/month/year."
