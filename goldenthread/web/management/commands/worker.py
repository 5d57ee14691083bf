"""goldenthread worker: the processes beside the web server."""

from functools import partial

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from goldenthread.ledger import checkpoints
from goldenthread.web.management.processes import run_together

PROCESSES = {
    "job": partial(call_command, "jobs"),
    "every-minute": partial(call_command, "every_minute"),
}


class Command(BaseCommand):
    """Runs background jobs and what happens every minute, for where the web server runs apart."""

    help = "Run background jobs, deliver notices and write checkpoints, until stopped."

    def handle(self, *args, **options):
        """Run them until told to stop."""
        ended = run_together(PROCESSES, say=self.stderr.write)
        checkpoints.want_one()  # over the last minute
        if ended:
            raise CommandError("A process ended by itself; what it said stands above.")
