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

    def add_arguments(self, parser):
        parser.add_argument(
            "--database-only",
            action="store_true",
            help="leave the static files to `serve`, which gathers those that changed",
        )
        parser.add_argument(
            "--demo", action="store_true", help="then do as `demo --if-empty` does, in the same process"
        )

    def handle(self, *args, verbosity, database_only, demo, **options):
        """Make the tables or migrate, keep scores that an older version did not, gather the static files."""
        make_first_tables(connection)
        call_command("migrate", interactive=False, verbosity=0)
        keep_missing_scores()
        if not database_only:
            static_files.gather()
        if verbosity:
            self.stdout.write(f"The installation in {settings.DATA} is ready.")
        if demo:
            call_command("demo", if_empty=True)
