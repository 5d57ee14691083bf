"""goldenthread restore FILE: an installation as a backup holds it, all of it or nothing."""

import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone

from goldenthread.ledger.models import Event
from goldenthread.rules.refusal import Refused
from goldenthread.web.management import archives, databases

OVER_RECORDS = (
    "This installation holds records. To put the backup in their place, add --replace; "
    "what is here now is kept in a folder beside it."
)
OTHER_DATABASE = (
    "The backup holds {found}, and this installation runs on {here}. Restore it on the same kind."
)
KINDS = {archives.SQLITE: "an SQLite database", archives.POSTGRESQL: "a PostgreSQL database"}


class Command(BaseCommand):
    help = "Put a backup in the place of this installation's database, uploads and checkpoints."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--replace", action="store_true", help="also where this installation holds records"
        )

    def handle(self, *args, file: Path, replace: bool, **options):
        data = Path(settings.DATA)
        try:
            with tempfile.TemporaryDirectory(prefix=".restore-", dir=data) as folder:
                manifest = _checked(file, Path(folder))
                if not replace and _has_records():
                    raise Refused(OVER_RECORDS)
                kept = _swap(Path(folder), manifest.database, data)
        except (Refused, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Restored the backup of {manifest.made_at}.")
        if kept:
            self.stdout.write(f"What was here before is in {kept}. Delete it when you no longer need it.")
        self.stdout.write(
            "Run goldenthread init_db, which brings an older backup up to date, and then verify."
        )


def _checked(file: Path, folder: Path) -> archives.Manifest:
    """Everything is read and checked before anything is touched."""
    manifest = archives.unpack(file, folder)
    if manifest.database != databases.file_name():
        found, here = KINDS[manifest.database], KINDS[databases.file_name()]
        raise Refused(OTHER_DATABASE.format(found=found, here=here))
    databases.check(folder / manifest.database)
    return manifest


def _has_records() -> bool:
    """Whether anybody has done anything here but load a framework; what cannot be read may be records."""
    if not databases.exists():
        return False
    try:
        if Event._meta.db_table not in connection.introspection.table_names():
            return bool(connection.introspection.table_names())
        return Event.objects.exclude(what__startswith="framework.").exists()
    except DatabaseError:
        return True


def _swap(folder: Path, database: str, data: Path) -> Path | None:
    """Put all parts in place, the database last; where it fails, everything goes back to where it was.

    Returns the folder of what was here before, if there was anything.
    """
    kept = data / f"replaced-{timezone.now():%Y%m%dT%H%M%S%f}"
    arriving = [name for name in archives.FOLDERS if (folder / name).exists()]
    with databases.held():
        kept.mkdir(mode=0o700)
        try:
            for name in archives.FOLDERS:
                _move(data / name, kept / name)
                _move(folder / name, data / name)
            databases.put(folder / database, keeping=kept)
        except BaseException:
            for name in archives.FOLDERS:
                if name in arriving and not (folder / name).exists():
                    _move(data / name, folder / name)
                _move(kept / name, data / name)
            shutil.rmtree(kept)
            raise
    if any(kept.iterdir()):
        return kept
    kept.rmdir()
    return None


def _move(source: Path, to: Path) -> None:
    """Rename what is there; the data folder is one file system."""
    if source.exists():
        source.rename(to)
