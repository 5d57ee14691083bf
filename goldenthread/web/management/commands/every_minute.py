"""goldenthread every_minute: what has to happen by itself, as long as the system runs."""

import io
import logging
import signal
import threading

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import close_old_connections

logger = logging.getLogger(__name__)

COMMANDS = ("sweep", "deliver_notices", "checkpoint", "clearsessions", "nightly_check")
PAUSE = 60


class Command(BaseCommand):
    """Runs each of COMMANDS once a minute until it is told to stop."""

    help = "Move what is late, deliver notices and write checkpoints, once a minute, until stopped."

    def add_arguments(self, parser):
        """`--once` is for those who have a scheduler of their own."""
        parser.add_argument("--once", action="store_true", help="run them once and end")

    def handle(self, *args, once, **options):
        """Take turns until the signal comes."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *given: stop.set())
        while not stop.is_set():
            for name in COMMANDS:
                run_safely(name)
            if once or stop.wait(PAUSE):
                break


def run_safely(name: str) -> bool:
    """Run one command; a fault is logged and does not keep the others from running."""
    close_old_connections()
    try:
        call_command(name, stdout=io.StringIO())  # what it did stands in the ledger
    except Exception:
        logger.exception("%s failed; it will be tried again in a minute", name)
        return False
    finally:
        close_old_connections()
    return True
