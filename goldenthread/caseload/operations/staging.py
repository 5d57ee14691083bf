"""Reads an extract's file into staged rows and compares them with what is stored; changes nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When

from goldenthread.caseload.beside import Beside, BesideReader
from goldenthread.caseload.cleaning import Cleaner, Notes, RowRejected, order_of_dates
from goldenthread.caseload.layout import Layout, Sheet, layout_of
from goldenthread.caseload.marks import marker
from goldenthread.caseload.models import Episode, EpisodeQuerySet, Extract, Rejection, StagedRow, Subject
from goldenthread.caseload.operations.changes import chunks
from goldenthread.caseload.operations.files import File, tables_of
from goldenthread.caseload.operations.inserting import Values, insert, refresh_statistics
from goldenthread.caseload.operations.known import Known
from goldenthread.caseload.operations.repeats import settle_repeats
from goldenthread.caseload.operations.staged import rejected, rejection, used
from goldenthread.caseload.presets import PRESETS
from goldenthread.people.spreadsheets.tables import Cell
from goldenthread.people.spreadsheets.values import DateOrder

BATCH = 2_000
COUNTS = ("read", "created", "changed", "unchanged", "missing", "rejected", "open", "unallocated")
Progress = Callable[[int], None]


class Shaken(Exception):
    """A row that was read changes what known rows say."""


@dataclass
class Stage:
    """One reading of an extract's tables into staged rows.

    `likely` is what most rows will prove to be when they are compared, so that only the others are rewritten.
    """

    extract: Extract
    layout: Layout
    order: DateOrder
    progress: Progress
    known: Known
    notes: Notes = field(default_factory=Notes)
    likely: str = StagedRow.Action.NEW.value
    people: set[str] = field(default_factory=set)
    staged: list[Values] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)

    def read(self) -> None:
        """Read what stands beside the cases, and then the cases."""
        self.extract.rows_read = 0
        beside = Beside()
        for sheet in self.layout.beside:
            self._read_beside(sheet, beside)
        for sheet in self.layout.sheets:
            self._read_cases(sheet, beside)
        self._write()
        if self.known.is_shaken():
            raise Shaken
        if wanted := self.known.take_back():
            for sheet in self.layout.sheets:
                self._read_wanted(sheet, wanted[sheet.list_of.name])
            self._write()
        self.extract.rows_read += self.known.rows()
        self.extract.people = len(self.people - {""})

    def _read_beside(self, sheet: Sheet, beside: Beside) -> None:
        reader = BesideReader(sheet, self.order, self.extract.extracted_on, self.notes)
        for number, cells in sheet.table.rows():
            if number > sheet.header_row and not reader.is_blank(cells):
                self.people.add(reader.whose(cells, ("person reference",)))
                reader.read(number, cells, beside)

    def _read_cases(self, sheet: Sheet, beside: Beside) -> None:
        """Read the rows of a list of cases, but for those that are known."""
        cleaner = Cleaner(sheet, self.order, self.extract.extracted_on, self.notes)
        mark_of, known = self._marker(sheet), self.known.of_list(sheet.list_of.name)
        for number, cells in sheet.table.rows():
            if number <= sheet.header_row:
                continue
            mark = mark_of(cells)
            if mark and known.shows(mark):
                self.people.add(cleaner.whose(cells))
            elif not cleaner.is_blank(cells):
                self.people.add(cleaner.whose(cells))
                self._stage(cleaner, number, cells, mark, beside)

    def _read_wanted(self, sheet: Sheet, wanted: set[str]) -> None:
        """Read the rows with these marks."""
        cleaner = Cleaner(sheet, self.order, self.extract.extracted_on, self.notes)
        mark_of = self._marker(sheet)
        for number, cells in sheet.table.rows():
            if number > sheet.header_row and (mark := mark_of(cells)) in wanted:
                self._stage(cleaner, number, cells, mark, Beside())

    def _marker(self, sheet: Sheet) -> Callable[[list[Cell]], str]:
        """Rows have marks where nothing is told beside them."""
        return marker(sheet, self.order, settings.SECRET_KEY) if not self.layout.beside else lambda _: ""

    def _stage(self, cleaner: Cleaner, number: int, cells: list[Cell], mark: str, beside: Beside) -> None:
        """Clean a row and keep it until it is compared, or the reason why it cannot be used."""
        sheet = cleaner.sheet
        try:
            row = cleaner.clean(number, cells)
            told = used(beside.add_to(row) if self.layout.beside else row, self.likely)
            if not (cleaner.noted or row.replaces):
                told |= {"mark": mark, "anew_on": cleaner.anew_on}
        except RowRejected as fault:
            told = rejected(fault.reference)
            self.rejections.append(rejection(self.extract, sheet.table.name, number, fault))
        place = {"sheet": sheet.table.name[:80], "row": number, "list": sheet.list_of.name}
        self.staged.append({"extract_id": self.extract.pk, **place, **told})
        if len(self.staged) >= BATCH:
            self._write()

    def _write(self) -> None:
        """Write the rows that were read, and say how many there are so far."""
        self.extract.rows_read += len(self.staged)
        insert(StagedRow, self.staged)
        Rejection.objects.bulk_create(self.rejections)
        self.staged.clear()
        self.rejections.clear()
        self.progress(self.extract.rows_read)


def stage(
    extract: Extract, files: Sequence[File], *, known: Known, progress: Progress = lambda _: None
) -> None:
    """Fill the extract's staged rows, rejections and notes from its files, but for rows that are known."""
    with tables_of(files, extract.preset) as tables:
        layout = layout_of(tables, PRESETS[extract.preset], extract.mapping)
        dates = order_of_dates(layout)
        try:
            reading = _read(extract, layout, dates.order, progress, known)
        except Shaken:
            known.forget()
            reading = _read(extract, layout, dates.order, progress, known)
    refresh_statistics(StagedRow)
    settle_repeats(extract, [one.table.name for one in layout.beside if one.tells_periods])
    told = [*layout.notes, dates.stated(), *reading.notes.sentences(), *_about_workers(layout)]
    extract.notes = told
    extract.lists = sorted({one.list_of.name for one in layout.sheets})
    extract.save(update_fields=["notes", "lists", "people", "rows_read"])


def _read(extract: Extract, layout: Layout, order: DateOrder, progress: Progress, known: Known) -> Stage:
    """Read everything, from the beginning."""
    StagedRow.objects.filter(extract=extract).delete()
    Rejection.objects.filter(extract=extract).delete()
    reading = Stage(extract, layout, order, progress, known, likely=_likely(extract))
    reading.read()
    return reading


def _likely(extract: Extract) -> str:
    """Of a first extract all rows are new; of a later one, most say what was known."""
    known = Episode.objects.filter(preset=extract.preset).exists()
    return StagedRow.Action.UNCHANGED.value if known else StagedRow.Action.NEW.value


def _about_workers(layout: Layout) -> Iterator[str]:
    """How it is known whose the cases are, and since when."""
    named = [one for one in layout.sheets if any(one.of(use) for use in ("worker", "worker reference"))]
    periods = any(one.tells_periods and one.of("started") for one in layout.beside)
    if not named and not any(one.tells_periods for one in layout.beside):
        yield "No column says who works with the cases, so all that are open count as unallocated."
    without = [one.table.name for one in named if one.of("allocated") is None]
    if without and not periods:
        yield (
            f"{', '.join(without)}: no column says when the worker was allocated, so the day of the "
            "first extract that showed the worker is taken."
        )
    elif named or periods:
        yield "The day on which a worker was allocated is taken from the file where it is filled in."
    for one in layout.sheets:
        if not one.of("closed") and not one.of("status"):
            yield f"{one.table.name}: no column says when a case ended, so each of its rows counts as open."


def compare(extract: Extract) -> None:
    """Mark each staged row as new, changed or unchanged against what is stored."""
    stored = Episode.objects.filter(preset=extract.preset, list=OuterRef("list"), key=OuterRef("key"))
    same = stored.filter(row_digest=OuterRef("digest"), missing_since=None)
    replaced = Subject.objects.filter(reference=OuterRef("replaces"), kind="case", replaced_by=None)
    renames = ~Q(replaces="") & Q(Exists(replaced))
    Action = StagedRow.Action
    action = Case(
        When(renames, then=Value(Action.CHANGED)),
        When(Exists(same), then=Value(Action.UNCHANGED)),
        When(Exists(stored), then=Value(Action.CHANGED)),
        default=Value(Action.NEW),
    )
    rows = StagedRow.objects.filter(extract=extract).exclude(action=Action.REJECTED)
    rows.exclude(action=action).update(action=action)


def missing_episodes(extract: Extract) -> EpisodeQuerySet:
    """Stored open episodes of the file's lists that the file no longer shows.

    A row that was rejected shows its case all the same.
    """
    shown = StagedRow.objects.filter(extract=extract, list=OuterRef("list"), key=OuterRef("key"))
    rejected = StagedRow.objects.filter(
        extract=extract,
        list=OuterRef("list"),
        action=StagedRow.Action.REJECTED,
        reference=OuterRef("subject__reference"),
    )
    renamed = StagedRow.objects.filter(extract=extract, replaces=OuterRef("subject__reference"))
    candidates = Episode.objects.filter(preset=extract.preset, list__in=extract.lists, closed_on=None)
    return candidates.filter(~Exists(shown), ~Exists(rejected), ~Exists(renamed.exclude(replaces="")))


def missing_from(extract: Extract, known: Known) -> list[tuple[int, str]]:
    """The keys and lists of open episodes that the file no longer shows, known rows among what it shows."""
    missing = missing_episodes(extract).order_by("pk").values_list("pk", "list")
    if not known.rows():
        return list(missing)
    asked = Episode.objects.filter(preset=extract.preset, list__in=extract.lists, closed_on=None)
    unseen = [key for key in asked.order_by("pk").values_list("pk", flat=True) if not known.is_shown(key)]
    return [one for keys in chunks(unseen) for one in missing.filter(pk__in=keys)]


def count(extract: Extract, known: Known, missing: Iterable[tuple[int, str]]) -> dict[str, dict[str, int]]:
    """What the extract says, list by list, in the words of the preview and the command."""
    open_rows = Q(is_open=True) & ~Q(action=StagedRow.Action.REJECTED)
    by_list = StagedRow.objects.filter(extract=extract).order_by().values("list")
    counted = by_list.annotate(
        read=Count("pk"),
        created=Count("pk", filter=Q(action=StagedRow.Action.NEW)),
        changed=Count("pk", filter=Q(action=StagedRow.Action.CHANGED)),
        unchanged=Count("pk", filter=Q(action=StagedRow.Action.UNCHANGED)),
        rejected=Count("pk", filter=Q(action=StagedRow.Action.REJECTED)),
        open=Count("pk", filter=open_rows),
        unallocated=Count("pk", filter=open_rows & Q(worker="", worker_reference="")),
    )
    found = {str(row["list"]): Counter[str]({what: row.get(what, 0) for what in COUNTS}) for row in counted}
    for name in extract.lists:
        found.setdefault(name, Counter()).update(known.counts(name))
    for _, name in missing:
        found[name]["missing"] += 1
    return {name: {what: found[name][what] for what in COUNTS} for name in extract.lists}


def total(counts: dict[str, dict[str, int]]) -> dict[str, int]:
    """The counts of all lists together."""
    return {what: sum(one[what] for one in counts.values()) for what in COUNTS}
