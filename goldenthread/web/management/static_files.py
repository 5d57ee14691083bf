"""The static files as they are served: gathered in the data folder, compressed, named by their content."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

NOTE = "static.gathered"
"""The file of the data folder that says from which files they were gathered last."""


def gather() -> None:
    """Gather them, from whatever was there before."""
    call_command("collectstatic", interactive=False, verbosity=0)
    (Path(settings.DATA) / NOTE).write_text(_state(), encoding="utf-8")


def gather_if_changed() -> None:
    """Gather them unless they were gathered from the very files that the program has now."""
    note, gathered = Path(settings.DATA) / NOTE, Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not (gathered.exists() and note.exists() and note.read_text(encoding="utf-8") == _state()):
        gather()


def _state() -> str:
    """One hash over the place, the size and the age of every file."""
    files = [
        (name, stat.st_size, stat.st_mtime_ns)
        for finder in get_finders()
        for name, storage in finder.list([])
        for stat in [Path(storage.path(name)).stat()]
    ]
    return hashlib.sha256(repr(sorted(files)).encode()).hexdigest()
