"""What a process that reads a file of strangers may use."""

from __future__ import annotations

import sys

MEMORY = 2 * 1024**3
OUTPUT = 1024**3
SECONDS = 120


def limit_itself() -> None:
    """Ask the system to stop this process before it can harm the others."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  (the module exists on POSIX alone)

    for limit, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, OUTPUT),
    ):
        resource.setrlimit(limit, (value, value))
