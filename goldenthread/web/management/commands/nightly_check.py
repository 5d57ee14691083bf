"""goldenthread nightly_check: has a background job verify everything, once a night."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from goldenthread.web.ledger import nightly


class Command(BaseCommand):
    """Asks for the check once a day; `every_minute` runs this."""

    help = "Have a background job verify everything once a night; administrators are told of a fault."

    def handle(self, *args, **options):
        """Ask, if it is time."""
        asked = nightly.ask(at=timezone.localtime())
        self.stdout.write("The check was asked for." if asked else "It is not time yet.")
