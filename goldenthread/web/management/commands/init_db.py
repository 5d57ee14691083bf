"""goldenthread init_db: makes an empty installation ready, and brings an older one up to date."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from goldenthread.audits.operations import keep_missing_scores
from goldenthread.web.management import static_files
from goldenthread.web.management.first_tables import make_first_tables


class Command(BaseCommand):
    """Prepares the database and the static files; doing it again changes nothing."""

    help = "Make the database and the static files ready. Safe to run again, and to be run after an upgrade."

    def handle(self, *args, verbosity, **options):
        """Make the tables or migrate, keep scores that an older version did not, gather the static files."""
        make_first_tables(connection)
        call_command("migrate", interactive=False, verbosity=0)
        keep_missing_scores()
        static_files.gather()
        if verbosity:
            self.stdout.write(f"The installation in {settings.DATA} is ready.")
