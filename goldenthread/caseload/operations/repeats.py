"""Rows of an extract about one case and start: which stand beside one another, and which repeat."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count

from goldenthread.caseload.cleaning import RowRejected
from goldenthread.caseload.fields import ListOf
from goldenthread.caseload.models import Extract, StagedRow
from goldenthread.caseload.operations.staged import rejected, rejection
from goldenthread.caseload.presets import PRESETS
from goldenthread.people.spreadsheets.values import fold


def settle_repeats(extract: Extract, passed_over: Collection[str]) -> None:
    """Of rows about one case and start, keep those that are involvements of their own; reject the rest.

    What is kept rests on what the rows say, never on their order. In the tables `passed_over`, where a case
    has a row for each of its workers, a row that says the same is no fault and is not counted.
    """
    usable = StagedRow.objects.filter(extract=extract).exclude(action=StagedRow.Action.REJECTED)
    repeated = (
        usable.values("list", "key").annotate(rows=Count("pk")).filter(rows__gt=1).order_by("list", "key")
    )
    for name, key in list(repeated.values_list("list", "key")):
        # each rests on the others, so all are read each time
        usable.filter(list=name, key=key).update(mark="")
        rows = sorted(usable.filter(list=name, key=key), key=_order)
        _settle(extract, PRESETS[extract.preset].list_named(name), rows, passed_over)


def _order(row: StagedRow) -> tuple[object, ...]:
    """Ended ones first, the earliest end before others; what says the same, as the file has it."""
    return row.is_open, row.values.get("closed", ""), _who(row), row.digest, row.pk


def _who(row: StagedRow) -> tuple[str, str, str]:
    return fold(row.worker), fold(row.worker_reference), fold(row.team)


def _settle(extract: Extract, one: ListOf, rows: list[StagedRow], passed_over: Collection[str]) -> None:
    kept: dict[object, StagedRow] = {}
    for row in rows:
        if ended := _ended_elsewhere(one, row, rows):
            _reject(extract, row, ended)
            continue
        first = kept.setdefault(_own(one, row), row)
        if first is row:
            if len(kept) > 1:
                row.key = f"{row.key}|{len(kept)}"
                row.save(update_fields=["key"])
        elif first.digest == row.digest and row.sheet in passed_over:
            row.delete()
        else:
            _reject(extract, row, first)


def _own(one: ListOf, row: StagedRow) -> object:
    """What makes a row an involvement of its own: any difference, another worker or team, or nothing."""
    if one.apart:
        return row.digest
    return _who(row) if one.dated else None


def _ended_elsewhere(one: ListOf, row: StagedRow, rows: list[StagedRow]) -> StagedRow | None:
    """Another table's word that an open row has ended: of two years of a return, the later one's."""
    others = (other for other in rows if not other.is_open and other.sheet != row.sheet)
    return next(others, None) if one.apart and row.is_open else None


def _reject(extract: Extract, row: StagedRow, first: StagedRow) -> None:
    same = first.digest == row.digest
    what = "says the same" if same else "is about the same case and start, but says something else"
    StagedRow.objects.filter(pk=row.pk).update(**rejected(row.reference))
    fault = RowRejected("", f"Row {first.row} of “{first.sheet}” {what}.")
    rejection(extract, row.sheet, row.row, fault).save()
