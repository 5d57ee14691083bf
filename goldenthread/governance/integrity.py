"""Whether the records are what was written: the whole check, and the alarm where they are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError, connection, transaction

from goldenthread.audits.attached import verify_files
from goldenthread.ledger import verification
from goldenthread.ledger.verification import Verdict
from goldenthread.people.models import Person
from goldenthread.tasks.operations import write_notices

ALARM = (
    "The nightly check of the ledger found a fault",
    "The records are not what was written, or a file of them is damaged. Keep the database and the "
    "checkpoints as they are, and have whoever runs Golden Thread run `goldenthread verify`, which names the "
    "first fault. How to go on is in “Verify the ledger” of the documentation.\n\nThe ledger: {link}",
)
PATH = "/ledger/"


def check(folder: Path) -> tuple[Verdict, int]:
    """The verdict over database, ledger, the checkpoints of a folder and attached files; how many files."""
    try:
        verdict = verification.verify(folder)
        fault = verdict.fault or _fault_of_database()
    except DatabaseError as error:
        return Verdict(0, None, f"The database cannot be read: {error}.", None, 0, 0), 0
    files, of_files = (0, None) if fault else verify_files()
    fault = fault or of_files
    return replace(verdict, fault=fault, root=None if fault else verdict.root), files


def _fault_of_database() -> str | None:
    """What SQLite finds damaged in its file; PostgreSQL checks its pages itself as it reads them."""
    if connection.vendor != "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check(1)")
        said = str(cursor.fetchone()[0])
    return None if said == "ok" else f"The file of the database is damaged: {said}"


@transaction.atomic
def raise_alarm(*, at: datetime) -> None:
    """Tell every administrator that the nightly check found a fault, once a night; the fault is not named."""
    write_notices(
        pack=None,
        notice=ALARM,
        about=("ledger", "nightly check"),
        path=PATH,
        people=Person.objects.filter(is_administrator=True, is_active=True).order_by("pk"),
        values={},
        at=at,
        key=f"integrity:{at.date().isoformat()}",
        urgent=True,
    )
