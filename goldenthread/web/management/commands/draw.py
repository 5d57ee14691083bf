"""goldenthread draw: publish a draw so that anybody can redo it, and check one that was published."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from goldenthread.programmes.queries.documents import document_of, frame_bytes
from goldenthread.programmes.queries.year import draw_of
from goldenthread.rules import draws
from goldenthread.rules.refusal import Refused

FRAME, DRAW = "frame.csv", "draw.json"


class Command(BaseCommand):
    help = "Export a draw with its frame, or verify one that was exported."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        steps = parser.add_subparsers(dest="step", required=True)
        export = steps.add_parser("export", help="write frame.csv and draw.json")
        export.add_argument("cycle", help="a cycle such as 2026-11, or latest")
        export.add_argument("--out", required=True, type=Path, metavar="DIR")
        export.add_argument("--framework", default="", metavar="KEY", help="where several have that cycle")
        export.add_argument("--type", default="", metavar="NAME", help="where a cycle draws several kinds")
        verify = steps.add_parser("verify", help="redo the draw from frame.csv and draw.json")
        verify.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *args, step, **options):
        if step == "export":
            self._export(options["cycle"], options["framework"], options["type"], options["out"])
        else:
            self._verify(options["folder"])

    def _export(self, cycle: str, framework: str, kind: str, folder: Path) -> None:
        """Write the frame exactly as it was frozen, and what was drawn from it."""
        try:
            draw = draw_of(cycle, framework, kind)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / FRAME).write_bytes(frame_bytes(draw))
            (folder / DRAW).write_bytes(document_of(draw).as_json())
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        except DatabaseError:
            raise CommandError("The database is not ready. Run goldenthread init_db first.") from None
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error.strerror}.") from None
        self.stdout.write(f"{draw.cycle.title}: {folder / FRAME} and {folder / DRAW}")

    def _verify(self, folder: Path) -> None:
        """Say each fault in a sentence; exit 1 where there is one. It needs no database."""
        try:
            content, document = (folder / FRAME).read_bytes(), json.loads((folder / DRAW).read_bytes())
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}.") from None
        except ValueError as error:
            raise CommandError(f"{folder / DRAW} is not JSON: {error}.") from None
        if faults := draws.verify(content, document):
            self.stdout.write("\n".join(faults))
            raise SystemExit(1)
        picked = sum(len(stratum["picks"]) for stratum in document["strata"])
        cases = len(draws.read_frame(content))
        self.stdout.write(f"The draw is as it was published: {picked} picks redone from {cases} cases.")
