"""goldenthread deliver_notices: send the notices that wait."""

from django.core.management.base import BaseCommand, CommandError

from goldenthread.web.tasks.delivery import deliver


class Command(BaseCommand):
    """Hands waiting notices to the mail server; safe to run twice, at the same time, and to kill."""

    help = "Send the notices that wait. It may run twice, or at the same time; nobody gets one twice."

    def handle(self, *args, **options):
        """Send, and say what was done."""
        run = deliver()
        self.stdout.write(str(run))
        if run.unreachable:
            raise CommandError(
                f"The mail server cannot be reached ({run.unreachable}). Nothing is lost: the notices wait, "
                "and people see them under My tasks. Check the settings for e-mail."
            )
