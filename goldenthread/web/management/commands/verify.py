"""goldenthread verify: whether the ledger is what was written."""

import json
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from goldenthread.ledger import checkpoints, verification
from goldenthread.ledger.verification import Verdict


class Command(BaseCommand):
    help = "Verify the ledger: every event, every value, the checkpoints and the read log."
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
        try:
            verdict = verification.verify(options["checkpoints"] or checkpoints.folder())
        except DatabaseError as error:
            verdict = Verdict(0, None, f"The database cannot be read: {error}.", None, 0, 0)
        answer = {"ok": verdict.ok, **asdict(verdict)}
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
