"""The goldenthread command: Django's commands and ours."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run the command named on the command line; what it writes is for its own user alone."""
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goldenthread.config.settings")
    execute_from_command_line(sys.argv)
