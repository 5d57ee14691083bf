"""Makes somebody an administrator for some hours, from the server itself, where no administrator is left."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from goldenthread.governance.break_glass import break_glass, end_break_glass
from goldenthread.governance.models import BreakGlass
from goldenthread.people.models import Person
from goldenthread.rules.refusal import Refused


class Command(BaseCommand):
    """`goldenthread break_glass --person ADDRESS --reason TEXT [--hours N]`, or `--end` to end it."""

    help = (
        "Make somebody an administrator for some hours. Every administrator is told, and the ledger says why."
    )

    def add_arguments(self, parser):
        """Who, why, for how long."""
        parser.add_argument("--person", required=True, help="the person's e-mail address")
        parser.add_argument("--reason", default="", help="why this is needed; administrators read it")
        parser.add_argument(
            "--hours",
            type=int,
            default=settings.BREAK_GLASS_HOURS,
            help="how long it lasts (default: %(default)s)",
        )
        parser.add_argument("--end", action="store_true", help="end the emergency access of this person")

    def handle(self, *args, **options):
        """Begin or end it."""
        person = Person.objects.filter(email__iexact=options["person"].strip()).first()
        if person is None:
            raise CommandError("Nobody has this e-mail address.")
        at = timezone.localtime()
        if options["end"]:
            row = BreakGlass.objects.running().filter(person=person).first()
            if row is None:
                raise CommandError(f"{person.name} has no emergency access.")
            end_break_glass(row, by=None, at=at)
            self.stdout.write(f"The emergency access of {person.name} has ended.")
            return
        try:
            row = break_glass(person=person, reason=options["reason"], hours=options["hours"], by=None, at=at)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        until = timezone.localtime(row.until)
        self.stdout.write(f"{person.name} is an administrator until {until:%-d %B %Y, %H:%M}.")
