"""Loads a caseload extract: reads, compares and commits in the foreground, without questions."""

import json
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from goldenthread.caseload.layout import KEPT, KEPT_AS_DAY
from goldenthread.caseload.operations.extracts import import_caseload
from goldenthread.caseload.operations.files import File
from goldenthread.caseload.presets import PRESETS
from goldenthread.people.spreadsheets.values import header_key
from goldenthread.rules.refusal import Refused


class Command(BaseCommand):
    """`goldenthread import_caseload FILE [FILE …] --preset NAME [--dry-run] [--json]`."""

    help = "Load a caseload extract (XLSX, CSV or XML). Rows that cannot be used are listed and stop nothing."

    def add_arguments(self, parser):
        parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
        parser.add_argument("--preset", required=True, choices=sorted(PRESETS))
        parser.add_argument("--dry-run", action="store_true", help="say what would change and change nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--extracted-on",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="the day of which the extract tells (default: today)",
        )
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="HEADER=FIELD",
            help="say what a column is, where councils add their own; “fact” keeps its words, “day” its day",
        )

    def handle(self, *args, **options):
        for path in options["files"]:
            if not path.is_file():
                raise CommandError(f"There is no file {path}.")
        try:
            imported = import_caseload(
                files=[File(path, path.name) for path in options["files"]],
                preset=options["preset"],
                extracted_on=options["extracted_on"],
                mapping=_mapping(options["map"], options["preset"]),
                by=None,
                at=timezone.localtime(),
                dry_run=options["dry_run"],
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["json"]:
            answer = {
                "lists": imported.lists,
                "total": imported.total,
                "people": imported.people,
                "rejections": imported.rejections,
                "notes": imported.notes,
            }
            self.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False))
        else:
            self._tell(imported, options["dry_run"])

    def _tell(self, imported, dry_run):
        for name, counts in [*imported.lists.items(), ("total", imported.total)]:
            self.stdout.write(f"{name}: " + ", ".join(f"{number} {what}" for what, number in counts.items()))
        self.stdout.write(f"people: {imported.people}")
        for row in imported.rejections:
            place = f"{row['sheet']}, row {row['row']}" + (f", {row['column']}" if row["column"] else "")
            self.stdout.write(f"Rejected: {place}: {row['reason']}")
        for note in imported.notes:
            self.stdout.write(f"Note: {note}")
        if dry_run:
            self.stdout.write("This was a dry run: nothing was changed.")


def _mapping(pairs, preset):
    """What --map says, by the header's key."""
    if pairs and not PRESETS[preset].mappable:
        mappable = ", ".join(name for name, one in PRESETS.items() if one.mappable)
        raise CommandError(f"--map goes with the presets {mappable}.")
    fields = {field.name for field in PRESETS[preset].fields} | {"fact", "day", "drop"}
    mapping = {}
    for pair in pairs:
        header, _, field = pair.rpartition("=")
        if not header or field not in fields:
            raise CommandError(
                f"--map “{pair}”: write HEADER=FIELD; the fields are {', '.join(sorted(fields))}."
            )
        name = " ".join(header.split()).casefold()
        kept = {"fact": KEPT + name, "day": KEPT_AS_DAY + name}
        mapping[header_key(header)] = kept.get(field, field)
    return mapping
