"""Writers of one SQLite file take turns: who came first goes first, whichever process they are in.

SQLite lets a writer that finds the file locked sleep and try again, ever longer, and whoever happens to look
at the right moment is next. Here each draws a number and waits until the one before it is given back. A
number is a locked byte of a file beside the database, so the kernel gives back what a killed process held.
A turn only keeps order: SQLite's own lock stays what makes a write safe. decisions/0038 says why.
"""

import fcntl
import os
import struct
import time
from pathlib import Path

SUFFIX = "-turns"
KEPT = hasattr(fcntl, "F_OFD_SETLK")  # locks that belong to an open file, not to a process: Linux has them
COUNTER = 8  # bytes, in which the next number stands; after them a byte for each number
GLANCE = 0.001  # seconds between two looks; how long a turn is then lost at the most


def take(database: Path, *, patience: float) -> "Turn | None":
    """A turn; none where the system has no such locks or the file cannot be written, as on a full disk."""
    if not KEPT:
        return None
    try:
        return Turn(database, patience=patience)
    except OSError:
        return None


class Turn:
    """A number that was drawn, until it is given back."""

    def __init__(self, database: Path, *, patience: float) -> None:
        """Draw a number and wait for it to be next; with no patience left, go to SQLite's own lock."""
        self._file = os.open(f"{database}{SUFFIX}", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._number = self._draw()
            self._wait(time.monotonic() + patience)
        except BaseException:
            os.close(self._file)
            raise

    def give_back(self) -> None:
        """Let the next one go; also where a child was forked meanwhile, which has the file open too."""
        try:
            self._lock(fcntl.F_UNLCK, self._number)
        finally:
            os.close(self._file)

    def _draw(self) -> int:
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            number = int.from_bytes(os.pread(self._file, COUNTER, 0), "little") + 1
            os.pwrite(self._file, number.to_bytes(COUNTER, "little"), 0)
            self._lock(fcntl.F_WRLCK, number)
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        return number

    def _wait(self, until: float) -> None:
        while not self._is_given_back(self._number - 1) and time.monotonic() < until:
            time.sleep(GLANCE)

    def _is_given_back(self, number: int) -> bool:
        try:
            self._lock(fcntl.F_RDLCK, number)
        except BlockingIOError:
            return False
        self._lock(fcntl.F_UNLCK, number)
        return True

    def _lock(self, kind: int, number: int) -> None:
        """The kernel's `struct flock`: kind, from where, first byte, how many, and no process."""
        asked = struct.pack("hhqqi4x", kind, os.SEEK_SET, COUNTER + number, 1, 0)
        fcntl.fcntl(self._file, fcntl.F_OFD_SETLK, asked)
