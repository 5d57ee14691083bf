"""The goldenthread command: Django's commands and ours."""

import gc
import os
import sys

import django
from django.core.management import execute_from_command_line
from django.utils import timezone

from goldenthread.ledger import checkpoints


def main() -> None:
    """Run the command named on the command line; what it writes is for its own user alone.

    A command that changed the ledger leaves a checkpoint, also where it failed half-way.
    """
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goldenthread.config.settings")
    load()
    try:
        execute_from_command_line(sys.argv)
    finally:
        checkpoints.settle(at=timezone.now())


def load() -> None:
    """Load the product without looking for garbage: there is none, and looking takes a fifth of the time."""
    gc.disable()
    try:
        django.setup()
    finally:
        gc.freeze()
        gc.enable()
