"""goldenthread plan_year: the cycles of a framework's year."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from goldenthread.programmes.operations.year import plan_year
from goldenthread.programmes.queries.year import frameworks, this_year
from goldenthread.rules.refusal import Refused


class Command(BaseCommand):
    help = "Make the cycles of a year, as each framework's calendar says. Those that are there stay."

    def add_arguments(self, parser):
        parser.add_argument("year", nargs="?", type=int, help="default: this year")
        parser.add_argument("--framework", metavar="KEY", help="default: every published framework")

    def handle(self, *args, year, framework, **options):
        keys = [framework] if framework else [found.key for found in frameworks()]
        if not keys:
            raise CommandError(
                "No framework is published yet. Load one first: goldenthread framework load FILE."
            )
        for key in keys:
            try:
                begun = year or this_year(key, on=timezone.localdate())
                made = plan_year(key, begun, by=None, at=timezone.localtime())
            except Refused as refusal:
                raise CommandError(str(refusal)) from None
            labels = ", ".join(cycle.label for cycle in made) or "nothing new"
            self.stdout.write(f"{key} {begun}: {labels}")
