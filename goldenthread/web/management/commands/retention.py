"""goldenthread retention: what is due to be removed, and, with --apply, its removal."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.governance.operations import blank_each
from goldenthread.governance.queries import Due, overview


class Command(BaseCommand):
    """Lists first: nothing is removed without --apply. A second run removes nothing twice."""

    help = "List the audits whose keep has ended and what holds others; with --apply remove their words."

    def add_arguments(self, parser):
        parser.add_argument("--apply", action="store_true", help="remove the words of what is due")

    def handle(self, *args, apply, **options):
        at = timezone.localtime()
        found = overview(Audit.objects.all(), on=at.date())
        for one in found.due:
            self.stdout.write(f"due   {_line(one)}")
        for one in found.held:
            self.stdout.write(f"kept  {_line(one)}: {one.kept_by}")
        self.stdout.write(
            f"Due: {len(found.due)}. Kept by something: {len(found.held)}. "
            f"Due within a year: {len(found.soon)}."
        )
        if apply:
            removed = blank_each((one.audit for one in found.due), by=None, at=at)
            self.stdout.write(f"Removed the words of {removed}.")
        elif found.due:
            self.stdout.write("Nothing was removed. To remove the words of what is due, add --apply.")


def _line(one: Due) -> str:
    return f"{one.audit.number}, {one.audit.audit_type}, since {one.on:%-d %B %Y}"
