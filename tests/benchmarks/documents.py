"""Reports of audits as Word and PDF, and spreadsheets out and in, each against the least it can cost.

The limits of the same run: packing the very XML of the Word documents; typst alone on words made before;
the same cells by xlsxwriter without a look; calamine's own parse. Seconds are seconds of a processor,
helpers included.
"""

import resource
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import xlsxwriter
from django.conf import settings
from django.utils import timezone
from python_calamine import CalamineWorkbook

from goldenthread.audits.models import Audit
from goldenthread.people.spreadsheets import tables
from goldenthread.reporting.audit_documents import pdf_of, word_of
from goldenthread.reporting.audit_report import report_of
from goldenthread.reporting.workbooks import Sheet, Workbook, xlsx_of
from tests.benchmarks import figures
from tests.benchmarks.council import Shape, make_council
from tests.benchmarks.history import make_past, plan_cycles

COLUMNS = 10
HEAD = ("what", "how many", "CPU seconds", "limit", "CPU seconds", "ratio", "goal")


def run(size: float, rounds: int) -> str:
    """The table of 500 reports and spreadsheets of 100,000 rows, so many times over."""
    number, rows = max(4, round(500 * size)), max(200, round(100_000 * size))
    audits, now, today = _audits(number), timezone.now(), timezone.localdate()
    reports = [report_of(audit, on=today) for audit in audits]
    words, word = _taken(lambda: [word_of(report_of(audit, on=today)) for audit in audits])
    _, packing = _taken(lambda: [_packed(_unpacked(document)) for document in words])
    _, unpacking = _taken(lambda: [_unpacked(document) for document in words])
    _, pdf = _taken(lambda: [pdf_of(report_of(audit, on=today), at=now) for audit in audits])
    _, typst = _taken(lambda: [pdf_of(report, at=now) for report in reports])
    cells = [_cells(place, today) for place in range(rows)]
    out, written = _taken(lambda: _workbook(cells))
    _, bare = _taken(lambda: _bare(cells))
    path = Path(settings.DATA) / "cells.xlsx"
    path.write_bytes(out)
    _, read = _taken(lambda: _read(path))
    _, parsed = _taken(lambda: CalamineWorkbook.from_path(path).get_sheet_by_index(1).to_python())
    return figures.table(
        HEAD,
        [
            _line("Word reports (P13)", len(audits), word, "packing their XML", packing - unpacking, 4),
            _line("PDF/UA reports (P14)", len(audits), pdf, "typst, words given", typst, 3),
            _line("spreadsheet out (P15)", rows, written, "xlsxwriter, no look", bare, 1),
            _line("spreadsheet in (P11)", rows, read, "calamine's parse", parsed, 2.5),
        ],
    )


def _audits(number: int) -> list[Audit]:
    """So many filed audits, every one answered and graded."""
    shape = Shape.of(number / 500)
    council = make_council(shape)
    make_past(council, shape, plan_cycles(council))
    return list(Audit.objects.filter(state="filed").order_by("pk")[:number])


def _taken(do: Callable[[], object]) -> tuple[object, float]:
    """What came of it, and the seconds of a processor that it took here and in its helpers."""
    before = _seconds()
    made = do()
    return made, _seconds() - before


def _seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _line(what: str, number: int, taken: float, limit: str, least: float, goal: float):
    ratio = taken / max(least, 0.001)
    verdict = f"{goal:g} ({'met' if ratio <= goal else 'missed'})"
    return (what, f"{number:,}", f"{taken:.2f}", limit, f"{least:.3f}", f"{ratio:.1f}", verdict)


def _unpacked(document: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(BytesIO(document)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def _packed(parts: list[tuple[str, bytes]]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return out.getvalue()


def _cells(place: int, today: date) -> tuple[str | int | date, ...]:
    return (f"C-{place:06}", place, today, *(f"Text {place % 97} of column {n}" for n in range(COLUMNS - 3)))


def _workbook(cells: list[tuple]) -> bytes:
    head = tuple(f"Column {number}" for number in range(COLUMNS))
    return xlsx_of(Workbook("Cells", [("Made", "here")], [Sheet("Cells", head, cells)]), at=timezone.now())


def _bare(cells: list[tuple]) -> None:
    book = xlsxwriter.Workbook(BytesIO(), {"in_memory": True})
    page, day = book.add_worksheet(), book.add_format({"num_format": "d mmm yyyy"})
    for number, row in enumerate(cells):
        for place, value in enumerate(row):
            if isinstance(value, date):
                page.write_datetime(number, place, value, day)
            elif isinstance(value, int):
                page.write_number(number, place, value)
            else:
                page.write_string(number, place, value)
    book.close()


def _read(path: Path) -> int:
    """How many rows the reader of extracts finds."""
    with tables.opened(path, path.name) as found:
        return sum(1 for table in found for _ in table.rows())
