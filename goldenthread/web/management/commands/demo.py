"""Makes the demo council in an empty installation."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from goldenthread.people.models import Person
from goldenthread.rules.refusal import Refused
from goldenthread.web.demo.making import make_demo
from goldenthread.web.management.garbage import without_collecting

MONTHS = 20
"""Two years: the demo's framework has ten cycles a year."""


class Command(BaseCommand):
    """`goldenthread demo`."""

    help = "Fill an empty installation with a made-up council, and let anybody sign in with one click."

    def add_arguments(self, parser):
        parser.add_argument(
            "--months",
            type=int,
            default=MONTHS,
            help=f"finished months of audits (default: {MONTHS}, which is two years)",
        )
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where there is somebody already"
        )

    def handle(self, *args, **options):
        if options["if_empty"] and Person.objects.exists():
            return
        if options["months"] < 1:
            raise CommandError("Ask for at least one month of history.")
        try:
            with without_collecting():
                make_demo(at=timezone.localtime(), months=options["months"], say=self.stdout.write)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        (settings.DATA / "demo").touch()
        self.stdout.write("The demo council is ready. Start it with: goldenthread serve")
