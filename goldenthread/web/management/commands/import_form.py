"""goldenthread import_form: read a form from another program and say what became of it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from goldenthread.frameworks.bringing_in import as_yaml, read_form
from goldenthread.rules.form_formats.drafts import Draft
from goldenthread.rules.refusal import Refused


class Command(BaseCommand):
    """`goldenthread import_form FILE [--json] [--out FILE]`."""

    help = (
        "Read a form (XLSForm, FHIR Questionnaire, REDCap data dictionary, audit tool in Word or Excel) "
        "and say what it holds and what is not applied. It changes nothing."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The file, and what to make of it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--out", type=Path, help="write the form as YAML, for the part “forms” of a pack")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, write, tell."""
        path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        try:
            draft = read_form(path, path.name)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        if options["out"] is not None:
            try:
                options["out"].write_text(as_yaml(draft), encoding="utf-8")
            except OSError as error:
                raise CommandError(f"{options['out']} cannot be written: {error.strerror}.") from None
        if options["json"]:
            self.stdout.write(json.dumps(draft.as_data(), indent=2, ensure_ascii=False))
        else:
            self._tell(draft, options["out"])

    def _tell(self, draft: Draft, out: Path | None) -> None:
        said = draft.as_data()
        self.stdout.write(f"{draft.title} ({draft.format}), as “{draft.key}”")
        for name in ("sections", "items", "questions", "required", "conditions"):
            self.stdout.write(f"  {name}: {said[name]}")
        if not draft.not_applied:
            self.stdout.write("Everything in it is applied.")
        for one in draft.not_applied:
            self.stdout.write(str(one))
        if out is not None:
            self.stdout.write(f"Wrote the form to {out}. Check it before it is used.")
