"""Loads units, staff, posts, training, leave and closure days from a file."""

import json
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from goldenthread.people.operations.loading import load_people
from goldenthread.rules.refusal import Refused


class Command(BaseCommand):
    """`goldenthread import_people FILE [--json]`."""

    help = "Load units, staff, posts, training, leave and closure days from an XLSX or CSV file."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args, **options):
        path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        try:
            loaded = load_people(path=path, file_name=path.name, by=None, at=timezone.localtime())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["json"]:
            rejections = [asdict(row) for row in loaded.rejections]
            answer = {
                "sheets": loaded.sheets,
                "total": loaded.total,
                "rejections": rejections,
                "notes": loaded.notes,
            }
            self.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False))
            return
        for sheet, counts in loaded.sheets.items():
            self.stdout.write(f"{sheet}: " + ", ".join(f"{number} {what}" for what, number in counts.items()))
        for row in loaded.rejections:
            self.stdout.write(
                f"Not loaded: {row.sheet}, row {row.row}, {row.column or 'the row'}: {row.reason}"
            )
        for note in loaded.notes:
            self.stdout.write(note)
