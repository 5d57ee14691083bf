"""A file system so small that a test can fill it."""

import shutil
import subprocess
from contextlib import suppress

MEGABYTE = 1024 * 1024


def mounted(folder, megabytes):
    """Whether an empty file system of so many MB lies over the folder now; only root may have one."""
    options = ["-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(folder)]
    return subprocess.run(["mount", *options], capture_output=True, check=False).returncode == 0


def unmounted(folder):
    """Take it away again, whoever still has a file open there."""
    subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)


def filled(folder, *, leave=0):
    """Take all its room but so many bytes; the file that takes it, which gives it back when it is deleted."""
    ballast = folder / "ballast"
    with ballast.open("ab", buffering=0) as file, suppress(OSError):
        while (room := shutil.disk_usage(folder).free - leave) > 0:
            file.write(b"\0" * min(room, MEGABYTE))
    return ballast
