"""An extract from its upload to its confirmation, or the end of it; and the import from the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from django.db import connection, transaction

from goldenthread.caseload.fields import Preset
from goldenthread.caseload.layout import digest_of, headers_of, suggested
from goldenthread.caseload.models import Extract, Rejection, RememberedMapping, StagedRow
from goldenthread.caseload.operations.files import (
    File,
    check_files,
    delete_files,
    digest_of_files,
    files_of,
    keep_files,
    name_of_files,
    tables_of,
)
from goldenthread.caseload.operations.known import Known
from goldenthread.caseload.operations.loading import load_staged
from goldenthread.caseload.operations.staging import Progress, compare, count, missing_from, stage, total
from goldenthread.caseload.presets import PRESETS
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.rules.refusal import Refused

State = Extract.State
EXTRACTS = 0x65787472  # the advisory lock that loads on PostgreSQL queue for


@dataclass
class Imported:
    """What came of an extract, in the words of the command's answer."""

    lists: dict[str, dict[str, int]]
    people: int = 0
    rejections: list[dict[str, object]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    extract: str = ""

    @property
    def total(self) -> dict[str, int]:
        return total(self.lists)


class _DryRun(Exception):
    """Carries the answer out of a transaction that is not to be kept."""

    def __init__(self, imported: Imported) -> None:
        super().__init__()
        self.imported = imported


def import_caseload(
    *,
    files: Sequence[File],
    preset: str,
    extracted_on: date | None,
    mapping: Mapping[str, str] | None = None,
    by: Person | None,
    at: datetime,
    dry_run: bool = False,
) -> Imported:
    """Read, compare and load an extract in one transaction; with `dry_run` nothing of it is kept."""
    check_files(files, _known_preset(preset))
    sha256, names = digest_of_files(files), [file.name for file in files]
    try:
        with transaction.atomic():
            extract = Extract.objects.create(
                preset=preset,
                file_name=name_of_files(names),
                files=names,
                sha256=sha256,
                state=State.COMMITTED,
                mapping=dict(mapping or _remembered(files, preset)),
                extracted_on=_day_of(preset, sha256, extracted_on, at),
                uploaded_at=at,
                uploaded_by=by,
                finished_at=at,
            )
            one_at_a_time()
            known = Known(extract)
            stage(extract, files, known=known)
            imported = _commit(extract, known, by=by, at=at)
            if dry_run:
                raise _DryRun(imported)
            return imported
    except _DryRun as kept:
        return kept.imported


def _known_preset(preset: str) -> Preset:
    if preset not in PRESETS:
        raise Refused(f"There is no preset “{preset}”. Those known: {', '.join(PRESETS)}.")
    return PRESETS[preset]


def _day_of(preset: str, sha256: str, given: date | None, at: datetime) -> date:
    """The day of which a file tells: as given; the day told before, for the file loaded last; else today."""
    latest = Extract.objects.committed().filter(preset=preset).order_by("-extracted_on", "-pk").first()
    if given is None:
        return latest.extracted_on if latest and latest.sha256 == sha256 else at.date()
    if given > at.date():
        raise Refused("The day of the extract lies in the future.")
    if latest and given < latest.extracted_on:
        raise Refused(
            f"An extract of {latest.extracted_on:%-d %B %Y} has been loaded, which is later than this one. "
            "Undo that one first, or leave this one out."
        )
    return given


def _commit(extract: Extract, known: Known, *, by: Person | None, at: datetime) -> Imported:
    """Load what is staged and record the import as one event."""
    one_at_a_time()
    extract.counts = load_staged(extract, known)
    extract.state, extract.progress, extract.finished_at = State.COMMITTED, 100, at
    extract.save(update_fields=["counts", "state", "progress", "finished_at"])
    rows = Rejection.objects.filter(extract=extract).order_by("pk")
    imported = Imported(
        lists=extract.counts,
        people=extract.people,
        rejections=[
            {"sheet": row.sheet, "row": row.row, "column": row.column, "reason": row.reason}
            for row in sorted(rows, key=lambda row: (row.sheet, row.row))
        ],
        notes=extract.notes,
        extract=extract.public_id,
    )
    StagedRow.objects.filter(extract=extract).delete()
    values: dict[str, object] = {
        "preset": extract.preset,
        "sha256": extract.sha256,
        "extracted_on": str(extract.extracted_on),
        "lists": extract.counts,
        "people": extract.people,
    }
    record("caseload.import", about=about(extract), by=by, at=at, values=values)
    return imported


def one_at_a_time() -> None:
    """Wait until no other transaction loads or undoes an extract; SQLite makes all of them wait."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [EXTRACTS])


def about(extract: Extract) -> tuple[str, str, str]:
    """How the ledger names an extract."""
    return "extract", extract.public_id, f"{PRESETS[extract.preset].title}, {extract.extracted_on:%-d %B %Y}"


def upload(
    *,
    files: Sequence[tuple[BinaryIO, str]],
    preset: str,
    extracted_on: date | None,
    by: Person | None,
    at: datetime,
    then: Callable[[Extract], None],
) -> Extract:
    """Keep uploaded files until they are confirmed or abandoned.

    They are read by a job, which `then` asks for in the same transaction: an extract without it would
    wait for ever.
    """
    known = _known_preset(preset)
    names = [Path(name).name[-255:] for _, name in files]
    extract = Extract(preset=preset, files=names, file_name=name_of_files(names), uploaded_at=at)
    try:
        keep_files(extract, [content for content, _ in files])
        check_files(files_of(extract), known)
        extract.sha256 = digest_of_files(files_of(extract))
        with transaction.atomic():
            _save_upload(extract, extracted_on, by, at)
            then(extract)
    except BaseException:
        delete_files(extract)
        raise
    return extract


def _save_upload(extract: Extract, extracted_on: date | None, by: Person | None, at: datetime) -> None:
    if Extract.objects.waiting().filter(preset=extract.preset).exists():
        raise Refused("Another extract of this kind is waiting. Confirm or abandon that one first.")
    extract.extracted_on = _day_of(extract.preset, extract.sha256, extracted_on, at)
    extract.uploaded_by = by
    extract.save()
    values: dict[str, object] = {"sha256": extract.sha256, "preset": extract.preset}
    record("extract.upload", about=about(extract), by=by, at=at, values=values)


def read_upload(*, extract: Extract, by: Person | None, at: datetime) -> None:
    """Read an uploaded extract up to its preview, or up to the question what its columns are."""
    if extract.state != State.UPLOADED:
        return
    files = files_of(extract)
    try:
        if not all(file.path.exists() for file in files):
            raise Refused("The uploaded file is no longer there. Upload it again.")
        if PRESETS[extract.preset].mappable and not extract.mapping and _asks_for_mapping(extract, by, at):
            return
        nothing = Known(extract, asked=False)
        stage(extract, files, known=nothing, progress=_progress_of(extract))
        with transaction.atomic():
            compare(extract)
            extract.counts = count(extract, nothing, missing_from(extract, nothing))
            extract.state, extract.progress = State.PREVIEWED, 100
            extract.save(update_fields=["counts", "state", "progress"])
            record("extract.preview", about=about(extract), by=by, at=at, values={"lists": extract.counts})
    except Refused as refusal:
        refuse(extract=extract, problem=str(refusal), by=by, at=at)


def _progress_of(extract: Extract) -> Progress:
    """Notes how many rows have been read, for the page that waits."""

    def note(rows: int) -> None:
        Extract.objects.filter(pk=extract.pk).update(rows_read=rows)

    return note


def _remembered(files: Sequence[File], preset: str) -> dict[str, str]:
    """The mapping last confirmed for files with these headers."""
    if not PRESETS[preset].mappable or not RememberedMapping.objects.filter(preset=preset).exists():
        return {}
    with tables_of(files, preset) as tables:
        headers = headers_of(tables, PRESETS[preset])
    found = RememberedMapping.objects.filter(preset=preset, headers_digest=digest_of(headers)).first()
    return found.mapping if found else {}


def _asks_for_mapping(extract: Extract, by: Person | None, at: datetime) -> bool:
    """Use the mapping remembered for these headers, or else ask a person."""
    preset = PRESETS[extract.preset]
    with tables_of(files_of(extract), extract.preset) as tables:
        headers = headers_of(tables, preset)
    if not headers:
        raise Refused("The file has no row of headers.")
    found = RememberedMapping.objects.filter(preset=preset.name, headers_digest=digest_of(headers)).first()
    with transaction.atomic():
        extract.headers = headers
        extract.mapping = found.mapping if found else suggested(headers, preset)
        extract.state = State.UPLOADED if found else State.MAPPING
        extract.save(update_fields=["headers", "mapping", "state"])
        if not found:
            record("extract.ask", about=about(extract), by=by, at=at, values={"headers": len(headers)})
    return not found


@transaction.atomic
def map_columns(*, extract: Extract, mapping: Mapping[str, str], by: Person | None, at: datetime) -> Extract:
    """Say what each column is; the answer is remembered for files with the same headers."""
    extract = _locked(extract, State.MAPPING, State.PREVIEWED)
    chosen = [name for name in mapping.values() if name]
    if not {"case reference", "person reference"} & set(chosen):
        raise Refused("Say which column holds the case reference.")
    extract.mapping, extract.state = dict(mapping), State.UPLOADED
    extract.save(update_fields=["mapping", "state"])
    RememberedMapping.objects.update_or_create(
        preset=extract.preset,
        headers_digest=digest_of(extract.headers),
        defaults={"mapping": extract.mapping},
    )
    record("extract.map", about=about(extract), by=by, at=at, values={"mapping": extract.mapping})
    return extract


def _locked(extract: Extract, *states: str) -> Extract:
    extract = Extract.objects.select_for_update().get(pk=extract.pk)
    if extract.state not in states:
        raise Refused(f"This extract is no longer waiting for that: it is “{extract.get_state_display()}”.")
    return extract


@transaction.atomic
def confirm(*, extract: Extract, by: Person | None, at: datetime) -> Extract:
    """Say yes to the preview: the uploaded file is deleted, and a job loads what was read from it."""
    extract = _locked(extract, State.PREVIEWED)
    if extract.is_confirmed:
        raise Refused("This extract has been confirmed and is being loaded.")
    _day_of(extract.preset, extract.sha256, extract.extracted_on, at)  # another may have been loaded since
    extract.is_confirmed, extract.problem = True, ""
    extract.save(update_fields=["is_confirmed", "problem"])
    record("extract.confirm", about=about(extract), by=by, at=at, values={"lists": extract.counts})
    transaction.on_commit(lambda: delete_files(extract))
    return extract


@transaction.atomic
def load_confirmed(*, extract: Extract, by: Person | None, at: datetime) -> None:
    """Load a confirmed extract; doing it twice does it once."""
    extract = Extract.objects.select_for_update().get(pk=extract.pk)
    if extract.state == State.PREVIEWED and extract.is_confirmed:
        _commit(extract, Known(extract, asked=False), by=by, at=at)


@transaction.atomic
def hold_back(*, extract: Extract, problem: str, by: Person | None, at: datetime) -> None:
    """Go back to the preview after loading failed, and say why; a person may confirm again."""
    extract = _locked(extract, State.PREVIEWED)
    extract.is_confirmed, extract.problem = False, problem
    extract.save(update_fields=["is_confirmed", "problem"])
    record("extract.hold_back", about=about(extract), by=by, at=at, values={"problem": problem})


@transaction.atomic
def abandon(*, extract: Extract, by: Person | None, at: datetime) -> None:
    """Say no: the uploaded file and what was read from it are deleted; its SHA-256 stays."""
    extract = _locked(extract, State.UPLOADED, State.MAPPING, State.PREVIEWED)
    if extract.is_confirmed:
        raise Refused("This extract has been confirmed and is being loaded. Undo it afterwards.")
    _end(extract, State.ABANDONED, at)
    record("extract.abandon", about=about(extract), by=by, at=at, values={"sha256": extract.sha256})


@transaction.atomic
def refuse(*, extract: Extract, problem: str, by: Person | None, at: datetime) -> None:
    """End an extract whose file cannot be read, and say why."""
    extract = Extract.objects.select_for_update().get(pk=extract.pk)
    extract.problem = problem
    _end(extract, State.REFUSED, at)
    record("extract.refuse", about=about(extract), by=by, at=at, values={"problem": problem})


def _end(extract: Extract, state: str, at: datetime) -> None:
    StagedRow.objects.filter(extract=extract).delete()
    extract.state, extract.finished_at = state, at
    extract.save(update_fields=["state", "finished_at", "problem"])
    transaction.on_commit(lambda: delete_files(extract))
