"""Brings in a list file of subjects that are no cases, in the foreground and without questions."""

import hashlib
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from goldenthread.caseload.operations.subjects import load_list
from goldenthread.caseload.subject_list import UNDECLARED, read_list
from goldenthread.frameworks.queries import kinds_of_subject, pack_of
from goldenthread.rules.checks_of_conditions import days_named
from goldenthread.rules.refusal import Refused


class Command(BaseCommand):
    """`goldenthread import_subjects FILE --kind NAME [--dry-run]`."""

    help = "Bring in a list file of subjects that are no cases. Rows that cannot be used stop nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--kind", required=True, help="the kind of subject, by its name in the framework")
        parser.add_argument("--dry-run", action="store_true", help="say what would change and change nothing")

    def handle(self, *args, **options):
        path, name, now = options["file"], options["kind"], timezone.localtime()
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        kinds = kinds_of_subject()
        if name not in kinds:
            known = ", ".join(kinds) or "none"
            raise CommandError(f"No framework has subjects of the kind “{name}”. Known: {known}.")
        version, kind = kinds[name]
        try:
            pack = pack_of(version)
            days = days_named(pack)
            checked = read_list(path, path.name, title=kind.many, facts=pack.facts, days=days)
            settled = load_list(
                name,
                kind,
                checked.rows,
                sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
                on=now.date(),
                by=None,
                at=now,
                dry_run=options["dry_run"],
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        told = f"{len(settled.new)} new, {len(settled.changed)} changed, {len(checked.rejected)} rejected"
        self.stdout.write(f"{kind.many}: {told}")
        for row in checked.rejected:
            self.stdout.write(f"Rejected: row {row.row}, {row.column}: {row.reason}")
        for header in checked.not_read:
            self.stdout.write(f"Not read: the column “{header}”. {UNDECLARED}")
        if options["dry_run"]:
            self.stdout.write("This was a dry run: nothing was changed.")
