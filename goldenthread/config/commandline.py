"""The goldenthread command: Django's commands and ours."""

import os
import sys

import django
from django.core.management import execute_from_command_line
from django.utils import timezone

from goldenthread.ledger import checkpoints
from goldenthread.web.management.garbage import without_collecting


def main() -> None:
    """Run the command named on the command line; what it writes is for its own user alone.

    A command that changed the ledger leaves a checkpoint, also where it failed half-way.
    """
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goldenthread.config.settings")
    with without_collecting():
        django.setup()
    try:
        execute_from_command_line(sys.argv)
    finally:
        checkpoints.settle(at=timezone.now())
