"""goldenthread worker: the processes beside the web server."""

from django.core.management.base import BaseCommand, CommandError

from goldenthread.ledger import checkpoints
from goldenthread.web.management.processes import django_command, run_together

PROCESSES = {
    "job": django_command("jobs"),
    "every-minute": django_command("every_minute"),
}


class Command(BaseCommand):
    """Runs background jobs and what happens every minute, for where the web server runs apart."""

    help = "Run background jobs, deliver notices and write checkpoints, until stopped."

    def handle(self, *args, **options):
        """Run them until told to stop."""
        checkpoints.want_one()  # over the last minute, when all have stopped
        if run_together(PROCESSES, say=self.stderr.write):
            raise CommandError("A process ended by itself; what it said stands above.")
