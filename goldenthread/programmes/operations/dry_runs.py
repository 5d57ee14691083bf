"""Dry runs of a draft: asked for, done by the worker, given up; they write their own row and nothing else."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from goldenthread.frameworks.models import Draft
from goldenthread.frameworks.queries import newest_versions, pack_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.programmes.models import DryRun
from goldenthread.programmes.queries.trying import tried_version, try_out
from goldenthread.rules.assignment import Solve
from goldenthread.rules.reading import read_pack
from goldenthread.rules.refusal import Refused

LONGEST = 200


@transaction.atomic
def ask_for_dry_run(draft: Draft, *, on: date, by: Person, at: datetime) -> DryRun:
    """Ask the worker to try the draft as it is now; while it has not finished, it is the same request."""
    if on > timezone.localdate(at):
        raise Refused("Enter today or a day before it: a dry run is on cases as they stood.")
    draft = Draft.objects.select_for_update().get(pk=draft.pk)
    if waiting := DryRun.objects.filter(draft=draft, finished_at=None).first():
        return waiting
    read_pack(draft.document)
    run = DryRun.objects.create(
        draft=draft, document=draft.document, revision=draft.revision, on=on, asked_at=at, asked_by=by
    )
    values = {"on": on.isoformat(), "revision": draft.revision, "sha256": _sha256(draft.document)}
    record("dry_run.ask", about=_about(run), by=by, at=at, values=values)
    return run


def do_dry_run(run: DryRun, *, solve: Solve, by: Person | None, at: datetime) -> DryRun:
    """Try the draft, and beside it the published version of the same framework; keep what came of it.

    The trying itself is outside any transaction and writes nothing; a run that has finished is left as it is.
    """
    if run.finished_at:
        return run
    pack = read_pack(run.document)
    draft = tried_version(pack, run.document, _sha256(run.document), on=run.on)
    result: dict[str, object] = {
        "draft": try_out(pack, draft, on=run.on, solve=solve, tell=lambda said: _tell(run, said))
    }
    newest = newest_versions().filter(framework__key=pack.key).first()
    if newest is not None:
        _tell(run, f"The same with {newest}")
        published = try_out(pack_of(newest), newest, on=run.on, solve=solve)
        result["published"] = published | {"version": str(newest)}
    return _finish(run, result, by=by, at=at)


def _tell(run: DryRun, said: str) -> None:
    """Say how far the worker is, on the page of the run."""
    DryRun.objects.filter(pk=run.pk, finished_at=None).update(doing=said[:LONGEST])


@transaction.atomic
def _finish(run: DryRun, result: dict[str, object], *, by: Person | None, at: datetime) -> DryRun:
    held = DryRun.objects.select_for_update().get(pk=run.pk)
    if held.finished_at:
        return held
    held.result, held.finished_at, held.doing = result, at, ""
    held.save(update_fields=["result", "finished_at", "doing"])
    record("dry_run.finish", about=_about(held), by=by, at=at, values={"on": held.on.isoformat()})
    return held


@transaction.atomic
def give_up_dry_run(run: DryRun, *, problem: str, at: datetime) -> None:
    """Tell on the page of the run why it ended without an answer."""
    if DryRun.objects.filter(pk=run.pk, finished_at=None).update(
        finished_at=at, problem=problem[:500], doing=""
    ):
        record("dry_run.give_up", about=_about(run), by=None, at=at, values={"problem": problem[:500]})


def _about(run: DryRun) -> tuple[str, str, str]:
    return ("dry_run", run.public_id, f"Dry run of {run.draft.title}"[:200])


def _sha256(document: str) -> str:
    return hashlib.sha256(document.encode()).hexdigest()
