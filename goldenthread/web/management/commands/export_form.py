"""goldenthread export_form: write the form of a published framework for another program."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from goldenthread.frameworks.bringing_in import FORMATS, write_form
from goldenthread.frameworks.queries import current, form_named
from goldenthread.rules.refusal import Refused


class Command(BaseCommand):
    """`goldenthread export_form KEY --format xlsform|fhir --out FILE`."""

    help = "Write the form of a published framework as an XLSForm or a FHIR Questionnaire."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which form, and how to write it."""
        parser.add_argument("key", help="the framework's key; KEY/FORM where it has several forms")
        parser.add_argument("--format", required=True, choices=sorted(FORMATS))
        parser.add_argument("--out", type=Path, required=True, help="the file to write")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the newest version's form, and say what other programs will not do."""
        key, _, name = options["key"].partition("/")
        try:
            version = current(key)
            found = form_named(version, name)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        except DatabaseError as error:
            raise CommandError(f"The database is not ready: {error}. Run goldenthread init_db.") from None
        written = write_form(version, found, options["format"])
        try:
            options["out"].write_bytes(written.content)
        except OSError as error:
            raise CommandError(f"{options['out']} cannot be written: {error.strerror}.") from None
        self.stdout.write(f"Wrote “{found}” of {version} to {options['out']}.")
        for sentence in written.left_out:
            self.stdout.write(sentence)
