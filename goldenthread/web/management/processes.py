"""Several processes kept as one: they start together, and stop together."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time

PATIENCE = 15  # seconds that a process has to finish what it is doing
GLANCE = 0.2


def django_command(*arguments: str) -> list[str]:
    """The words that run a management command in a process of its own."""
    return [sys.executable, "-m", "django", *arguments]


def run_together(commands: dict[str, list[str]], *, say) -> int:
    """Run the commands until told to stop, or until one of them ends; then stop them all.

    Returns 0 when it was told to stop, else 1.
    """
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda given, frame: told.append(given))
    children = {name: _start(command) for name, command in commands.items()}
    try:
        while not told:
            time.sleep(GLANCE)
            if ended := [name for name, child in children.items() if child.poll() is not None]:
                say(f"The {ended[0]} process ended by itself; stopping the others.")
                return 1
    finally:
        _stop(children.values())
    return 0


def _start(command: list[str]) -> subprocess.Popen:
    """Start a process in a session of its own, so that Ctrl-C reaches it through us alone."""
    return subprocess.Popen(  # noqa: S603 - the commands are our own
        command,
        start_new_session=True,
        preexec_fn=_end_with_the_parent,  # noqa: PLW1509 - no thread runs here
    )


def _end_with_the_parent() -> None:
    """On Linux, have the child told to stop when this process is killed outright."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def _stop(children) -> None:
    """Ask every process to stop, wait, and kill the ones that do not."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + PATIENCE
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        _kill_what_is_left(child)


def _kill_what_is_left(child) -> None:
    """End a process and whatever it started; each child leads a group of its own."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    child.wait()
