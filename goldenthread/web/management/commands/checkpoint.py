"""goldenthread checkpoint: anchor the ledger outside the database; `serve` runs it each minute."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from goldenthread.ledger import checkpoints


class Command(BaseCommand):
    help = "Write a checkpoint of the ledger into the data folder, if anything has happened since the last."
    requires_system_checks: list[str] = []

    def handle(self, *args, **options):
        try:
            written = checkpoints.write(at=timezone.now())
        except checkpoints.Damaged as damage:
            raise CommandError(str(damage)) from damage
        self.stdout.write(
            f"Checkpoint over {written.size} events: {written.root}" if written else "Nothing new."
        )
