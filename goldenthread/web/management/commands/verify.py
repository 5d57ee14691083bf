"""goldenthread verify: whether the ledger is what was written, and the files are what was attached."""

import json
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand

from goldenthread.governance import integrity
from goldenthread.ledger import checkpoints


class Command(BaseCommand):
    help = (
        "Verify the ledger: every event, every value, the checkpoints, the read log and the attached files."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--checkpoints",
            type=Path,
            metavar="FOLDER",
            help="checkpoints kept elsewhere (default: the data folder's)",
        )

    def handle(self, *args, **options):
        verdict, files = integrity.check(options["checkpoints"] or checkpoints.folder())
        answer = {"ok": verdict.ok, **asdict(verdict), "files": files}
        self.stdout.write(json.dumps(answer, indent=1) if options["json"] else _lines(answer))
        if not verdict.ok:
            raise SystemExit(1)


def _lines(answer) -> str:
    """The answer for a person."""
    shown = {
        "ok": "yes" if answer["ok"] else "no",
        **{k: v for k, v in answer.items() if k not in ("ok", "position")},
    }
    return "\n".join(f"{name}: {'none' if value is None else value}" for name, value in shown.items())
