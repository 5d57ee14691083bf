"""goldenthread pass_on_tasks: what is owed by nobody any more goes to those who step in."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from goldenthread.tasks.operations import pass_on_tasks


class Command(BaseCommand):
    """Finds tasks whose person has left or whose post is vacant."""

    help = "Give tasks of people who left, and of vacant posts, to those who step in."

    def handle(self, *args, **options):
        """Pass on, and say how many."""
        self.stdout.write(f"{pass_on_tasks(at=timezone.localtime())} passed on")
