"""Opens a workbook or a text file as tables of text cells that can be read more than once."""

from __future__ import annotations

import codecs
import csv
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from goldenthread.people.spreadsheets.guards import check_file
from goldenthread.rules.refusal import Refused

Cell = str | None  # None: a formula without a stored value
Row = tuple[int, list[Cell]]
MAX_COLUMNS = 1_000
MAX_SECONDS = 180
DELIMITERS = ",;\t|"
LONGEST_CELL = 1_000_000
UNREADABLE = "The workbook could not be read. Open it in Excel, save it as .xlsx and try again."
UNREADABLE_XML = (
    "The XML file could not be read. Export it again, without leaving anything out, and try again."
)
WORKBOOK_READER = "goldenthread.people.spreadsheets.child"


@dataclass
class Table:
    """One sheet, or one text file; `rows()` starts again at each call and skips empty rows."""

    name: str
    source: _Spool | _Text
    start: int = 0
    end: int = 0
    epoch_1904: bool = False

    def rows(self) -> Iterator[Row]:
        yield from self.source.rows(self)

    def head(self, count: int = 25) -> list[Row]:
        """The first rows that hold anything."""
        return [row for row, _ in zip(self.rows(), range(count), strict=False)]


@dataclass
class _Spool:
    """What the child process wrote."""

    file: IO[bytes]

    def rows(self, table: Table) -> Iterator[Row]:
        position = table.start
        while position < table.end:
            self.file.seek(position)
            lines = self.file.readlines(1 << 20)
            for line in lines:
                if position >= table.end:
                    return
                position += len(line)
                number, cells = json.loads(line)
                yield number, _within_width(cells)


@dataclass
class _Text:
    """A text file of separated values."""

    path: Path
    encoding: str
    delimiter: str = field(default=",")

    def lines(self) -> Iterator[str]:
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as file:
            for line in file:
                yield line.replace("\0", "")

    def rows(self, table: Table) -> Iterator[Row]:
        csv.field_size_limit(LONGEST_CELL)
        number = 0
        try:
            for number, cells in enumerate(csv.reader(self.lines(), delimiter=self.delimiter), start=1):
                if any(cell.strip() for cell in cells):
                    yield number, _within_width(list(cells))
        except csv.Error as fault:
            raise Refused(f"Row {number + 1} of the file cannot be read as separated values.") from fault


def _within_width(cells: list[Cell]) -> list[Cell]:
    if len(cells) > MAX_COLUMNS:
        raise Refused(f"The file has more than {MAX_COLUMNS:,} columns. Leave out those that are not needed.")
    return cells


@contextmanager
def opened(path: Path, name: str, *, xml_reader: str = "") -> Iterator[list[Table]]:
    """The tables of a file; what was unpacked on the way is gone afterwards.

    XML is read where there is a module that turns it into tables, which runs in a process of its own.
    """
    kind = check_file(path, name, xml=bool(xml_reader))
    if kind == "text":
        yield [_text_table(path, name)]
        return
    with tempfile.TemporaryFile() as spool:
        if kind == "xml":
            yield _tables_of_child(xml_reader, path, spool, UNREADABLE_XML)
        else:
            yield _tables_of_child(WORKBOOK_READER, path, spool, UNREADABLE)


def _tables_of_child(module: str, path: Path, spool: IO[bytes], unreadable: str) -> list[Table]:
    """What a module says a file holds, or why it cannot be read; stopped if it takes too long or too much."""
    command = [sys.executable, "-m", module, str(path)]
    try:
        done = subprocess.run(  # noqa: S603
            command, stdout=spool, stderr=subprocess.DEVNULL, timeout=MAX_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as fault:
        raise Refused(unreadable) from fault
    if done.returncode != 0:
        raise Refused(unreadable)
    index = json.loads(_last_line(spool))
    if "refused" in index:
        raise Refused(index["refused"])
    ends = [sheet["start"] for sheet in index["sheets"][1:]] + [index["end"]]
    source = _Spool(spool)
    return [
        Table(sheet["name"], source, sheet["start"], end, index["epoch_1904"])
        for sheet, end in zip(index["sheets"], ends, strict=True)
    ]


def _last_line(spool: IO[bytes]) -> bytes:
    size = spool.seek(0, io.SEEK_END)
    spool.seek(max(0, size - (1 << 20)))
    return spool.read().rpartition(b"\n")[2]


def _text_table(path: Path, name: str) -> Table:
    encoding = encoding_of(path)
    source = _Text(path, encoding)
    source.delimiter = _delimiter(source.lines())
    return Table(Path(name).stem, source)


def encoding_of(path: Path) -> str:
    """By the mark at its start, else UTF-8 if all of it is, else what Windows writes in Britain."""
    with path.open("rb") as file:
        start = file.read(4096)
        if start.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if start[1::2].count(0) > len(start) // 4:
            return "utf-16-le"
        if start[0::2].count(0) > len(start) // 4:
            return "utf-16-be"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while block := file.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _delimiter(lines: Iterable[str]) -> str:
    """The separator that gives the first rows the most columns."""
    first = [line for line, _ in zip(lines, range(20), strict=False)]
    widths = {
        mark: sorted((len(row) for row in csv.reader(first, delimiter=mark)), reverse=True)[:5]
        for mark in DELIMITERS
    }
    return max(DELIMITERS, key=lambda mark: sum(widths[mark]))
