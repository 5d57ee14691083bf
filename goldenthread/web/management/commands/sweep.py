"""goldenthread sweep: what the clock moves by itself, such as alerts that nobody answered."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from goldenthread.escalations.operations import escalate_alerts
from goldenthread.tasks.operations import pass_on_tasks


class Command(BaseCommand):
    """Moves what is late; a second run moves nothing twice, and catches up where one was killed."""

    help = "Move alerts without an answer up, and give tasks that reach nobody to those who step in."

    def handle(self, *args, **options):
        """First whom tasks reach, then what moved up; each in transactions of its own."""
        passed_on = pass_on_tasks(at=timezone.localtime())
        moved_up = escalate_alerts(at=timezone.localtime())
        self.stdout.write(f"{passed_on} tasks passed on, {moved_up} alerts moved up")
