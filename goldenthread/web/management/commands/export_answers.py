"""goldenthread export_answers: write the answers of a finished audit for another program."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.audits.queries import about
from goldenthread.ledger.operations import record_read
from goldenthread.reporting.audit_answers import answers_as_fhir
from goldenthread.rules.refusal import Refused


class Command(BaseCommand):
    """`goldenthread export_answers NUMBER --format fhir --out FILE`."""

    help = "Write the answers of a finished audit as a FHIR QuestionnaireResponse."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which audit, and where to."""
        parser.add_argument("number", help="the audit's number, such as 2026-11/014")
        parser.add_argument("--format", required=True, choices=["fhir"])
        parser.add_argument("--out", type=Path, required=True, help="the file to write")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file, and note in the read log that it was written."""
        audits = Audit.objects.select_related("version__framework", "subject")
        try:
            audit = audits.filter(number=options["number"]).first()
            if audit is None:
                raise Refused(f"There is no audit with the number {options['number']}.")
            content = answers_as_fhir(audit)
            record_read(about=about(audit), by=None, at=timezone.now(), how="command")
            options["out"].write_bytes(content)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        except DatabaseError as error:
            raise CommandError(f"The database is not ready: {error}. Run goldenthread init_db.") from None
        except OSError as error:
            raise CommandError(f"{options['out']} cannot be written: {error.strerror}.") from None
        self.stdout.write(f"Wrote the answers of {audit.number} to {options['out']}.")
