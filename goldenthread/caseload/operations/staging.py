"""Reads an extract's file into staged rows and compares them with what is stored; changes nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When

from goldenthread.caseload.cleaning import Clean, Cleaner, Notes, RowRejected, order_of_dates
from goldenthread.caseload.layout import Layout, layout_of
from goldenthread.caseload.models import Episode, EpisodeQuerySet, Extract, Rejection, StagedRow, Subject
from goldenthread.caseload.operations.inserting import Values, insert, refresh_statistics
from goldenthread.caseload.presets import PRESETS
from goldenthread.people.spreadsheets.tables import opened
from goldenthread.people.spreadsheets.values import DateOrder, fold

BATCH = 2_000
COUNTS = ("read", "created", "changed", "unchanged", "missing", "rejected", "open", "unallocated")
Progress = Callable[[int], None]


def stage(extract: Extract, path: Path, *, progress: Progress = lambda _: None) -> None:
    """Fill the extract's staged rows, rejections, notes and counts from its file."""
    StagedRow.objects.filter(extract=extract).delete()
    Rejection.objects.filter(extract=extract).delete()
    notes = Notes()
    with opened(path, extract.file_name) as tables:
        layout = layout_of(tables, PRESETS[extract.preset], extract.mapping)
        dates = order_of_dates(layout)
        _stage_rows(extract, layout, dates.order, notes, progress)
    refresh_statistics(StagedRow)
    reject_repeats(extract)
    extract.notes = [*layout.notes, dates.stated(), *notes.sentences(), _about_allocation(layout)]
    extract.lists = sorted({one.list_of.name for one in layout.sheets})
    extract.save(update_fields=["notes", "lists", "rows_read"])


def _about_allocation(layout: Layout) -> str:
    without = [one.table.name for one in layout.sheets if one.of("allocated") is None]
    if not without:
        return "The day on which a worker was allocated is taken from the file where it is filled in."
    return (
        f"{', '.join(without)}: no column says when the worker was allocated, so the day of the "
        "first extract that showed the worker is taken."
    )


def _stage_rows(extract: Extract, layout: Layout, order: DateOrder, notes: Notes, progress: Progress) -> None:
    staged: list[Values] = []
    rejections: list[Rejection] = []
    extract.rows_read = 0
    for sheet in layout.sheets:
        cleaner = Cleaner(sheet, order, extract.extracted_on, notes)
        for number, cells in sheet.table.rows():
            if number <= sheet.header_row:
                continue
            try:
                clean = cleaner.clean(number, cells)
                if clean is None:
                    continue
                told = _used(clean)
            except RowRejected as fault:
                told = _rejected(fault.reference)
                rejections.append(_rejection(extract, sheet.table.name, number, fault))
            place = {"sheet": sheet.table.name[:80], "row": number, "list": sheet.list_of.name}
            staged.append({"extract_id": extract.pk, **place, **told})
            if len(staged) >= BATCH:
                extract.rows_read += _write(staged, rejections)
                progress(extract.rows_read)
    extract.rows_read += _write(staged, rejections)
    progress(extract.rows_read)


def _write(staged: list[Values], rejections: list[Rejection]) -> int:
    count = len(staged)
    insert(StagedRow, staged)
    Rejection.objects.bulk_create(rejections)
    staged.clear()
    rejections.clear()
    return count


def _used(clean: Clean) -> Values:
    """The columns of a staged row that is used."""
    return {
        "action": "",
        "reference": clean.reference,
        "key": clean.key,
        "replaces": clean.replaces,
        "worker": clean.worker,
        "worker_reference": clean.worker_reference,
        "team": clean.team,
        "is_open": clean.is_open,
        "allocated_on": clean.allocated_on,
        "digest": clean.digest,
        "values": clean.stored(),
    }


def _rejected(reference: str) -> Values:
    """No more of a rejected row is kept than which case it was about, if that is known."""
    texts = dict.fromkeys(("key", "replaces", "worker", "worker_reference", "team", "digest"), "")
    kept = {"action": StagedRow.Action.REJECTED.value, "reference": reference}
    return _used(Clean("")) | texts | kept | {"is_open": False, "values": {}}


def _rejection(extract: Extract, sheet: str, number: int, fault: RowRejected) -> Rejection:
    """The line that tells a person about a rejected row."""
    return Rejection(
        extract=extract, sheet=sheet[:80], row=number, column=fault.column[:120], reason=fault.reason[:300]
    )


def reject_repeats(extract: Extract) -> None:
    """Of rows about one case and start, another worker stands beside the first; the rest are rejected."""
    usable = StagedRow.objects.filter(extract=extract).exclude(action=StagedRow.Action.REJECTED)
    repeated = (
        usable.values("list", "key").annotate(rows=Count("pk")).filter(rows__gt=1).order_by("list", "key")
    )
    for group in list(repeated.values_list("list", "key")):
        rows = list(usable.filter(list=group[0], key=group[1]).order_by("pk"))
        _settle(extract, rows)


def _settle(extract: Extract, rows: list[StagedRow]) -> None:
    workers: dict[tuple[str, str, str], StagedRow] = {}
    for row in rows:
        who = (fold(row.worker), fold(row.worker_reference), fold(row.team))
        first = workers.setdefault(who, row)
        if first is row:
            if len(workers) > 1:
                row.key = f"{row.key}|{len(workers)}"
                row.save(update_fields=["key"])
            continue
        same = first.digest == row.digest
        what = "says the same" if same else "is about the same case and start, but says something else"
        StagedRow.objects.filter(pk=row.pk).update(**_rejected(row.reference))
        fault = RowRejected("", f"Row {first.row} of “{first.sheet}” {what}.")
        _rejection(extract, row.sheet, row.row, fault).save()


def compare(extract: Extract) -> None:
    """Mark each staged row as new, changed or unchanged against what is stored."""
    stored = Episode.objects.filter(preset=extract.preset, list=OuterRef("list"), key=OuterRef("key"))
    same = stored.filter(row_digest=OuterRef("digest"), missing_since=None)
    replaced = Subject.objects.filter(reference=OuterRef("replaces"), kind="case", replaced_by=None)
    renames = ~Q(replaces="") & Q(Exists(replaced))
    Action = StagedRow.Action
    StagedRow.objects.filter(extract=extract).exclude(action=Action.REJECTED).update(
        action=Case(
            When(renames, then=Value(Action.CHANGED)),
            When(Exists(same), then=Value(Action.UNCHANGED)),
            When(Exists(stored), then=Value(Action.CHANGED)),
            default=Value(Action.NEW),
        )
    )


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


def count(extract: Extract) -> dict[str, dict[str, int]]:
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
    found: dict[str, dict[str, Any]] = {str(row["list"]): dict(row) for row in counted}
    missing_rows = missing_episodes(extract).order_by().values("list").annotate(rows=Count("pk"))
    for name, rows in missing_rows.values_list("list", "rows"):
        found.setdefault(name, {})["missing"] = rows
    return {name: {what: int(found.get(name, {}).get(what, 0)) for what in COUNTS} for name in extract.lists}


def total(counts: dict[str, dict[str, int]]) -> dict[str, int]:
    """The counts of all lists together."""
    return {what: sum(one[what] for one in counts.values()) for what in COUNTS}
