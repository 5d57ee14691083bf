"""goldenthread backup FILE: the whole installation in one archive, while people go on working."""

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from goldenthread.ledger import checkpoints
from goldenthread.rules.refusal import Refused
from goldenthread.web.management import archives, databases


class Command(BaseCommand):
    help = "Write the database, the uploads and the checkpoints into one archive. Safe while people work."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args, file: Path, **options):
        file = file.absolute()
        if file.is_dir() or not file.parent.is_dir():
            raise CommandError(f"{file} is not a file in a folder that exists.")
        if not databases.exists():
            raise CommandError("There is no database to back up. Run: goldenthread init_db")
        try:
            with tempfile.TemporaryDirectory(prefix=".backup-", dir=settings.DATA) as folder:
                _gather(Path(folder))
                manifest = archives.pack(Path(folder), file, made_at=timezone.now().isoformat())
        except (Refused, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{file}: {len(manifest.entries)} files, {file.stat().st_size} bytes.")


def _gather(into: Path) -> None:
    """Checkpoints first: a checkpoint must not know more events than the database copied after it."""
    _copy_folder(checkpoints.folder(), into / "checkpoints")
    databases.copy(into / databases.file_name())
    _copy_folder(Path(settings.UPLOADS), into / "uploads")


def _copy_folder(source: Path, to: Path) -> None:
    """The files of a folder; one that goes away meanwhile is left out, and so are drafts."""
    for path in source.rglob("*"):
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            target = to / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):
                shutil.copyfile(path, target)
