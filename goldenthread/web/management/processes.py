"""Several processes kept as one: they start together, and stop together."""

import contextlib
import ctypes
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from django.db import connections

PATIENCE = 15  # seconds that a process has to finish what it is doing
GLANCE = 0.2
FORK = multiprocessing.get_context("fork")


def run_together(works: Mapping[str, Callable[[], object]], *, say) -> int:
    """Do each work in a process of its own until told to stop, or until one of them ends; then stop them all.

    Each process begins as a copy of this one, so what is loaded here is loaded once and its memory shared.
    Returns 0 when it was told to stop, else 1.
    """
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda given, frame: told.append(given))
    connections.close_all()  # no connection may be in two processes
    children = {name: _start(name, work) for name, work in works.items()}
    try:
        while not told:
            time.sleep(GLANCE)
            if ended := [name for name, child in children.items() if not child.is_alive()]:
                say(f"The {ended[0]} process ended by itself; stopping the others.")
                return 1
    finally:
        _stop(children.values())
    return 0


def _start(name: str, work: Callable[[], object]):
    sys.stdout.flush()
    child = FORK.Process(target=_begin, args=(name, work), name=name)
    child.start()
    return child


def _begin(name: str, work: Callable[[], object]) -> None:
    """Work in a session of its own, so that Ctrl-C reaches it through the parent alone."""
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if sys.platform == "linux":
        _end_with_the_parent()
        Path("/proc/self/comm").write_text(name)  # what `ps` and `top` show
    work()


def _end_with_the_parent() -> None:
    """Have this process told to stop when its parent is killed outright."""
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def _stop(children) -> None:
    """Ask every process to stop, wait, and kill the ones that do not."""
    for child in children:
        child.terminate()
    deadline = time.monotonic() + PATIENCE
    for child in children:
        child.join(max(0.1, deadline - time.monotonic()))
        _kill_what_is_left(child)


def _kill_what_is_left(child) -> None:
    """End a process and whatever it started; each child leads a group of its own."""
    child.kill()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.join()
