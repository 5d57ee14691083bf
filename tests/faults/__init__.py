"""What the product must hold under faults and hostile input; `./run faults` runs all of it.

GOLDENTHREAD_FAULTS=full takes the figures of docs/reference/faults.md, and GOLDENTHREAD_FAULTS=tenth a tenth
of them; with `small`, or without it, each test is small enough to be run with all others.
"""

import os

CHOSEN = os.environ.get("GOLDENTHREAD_FAULTS", "")


EACH = CHOSEN in ("full", "tenth")
"""Whether more is done than with all other tests."""


def size(small, full):
    """How many times a fault is made: few with all other tests, many in `./run faults --full`.

    `--tenth` takes a tenth of a full number, and never fewer than the small one.
    """
    if CHOSEN == "full":
        return full
    if CHOSEN == "tenth" and isinstance(full, int):
        return max(small, full // 10)
    return small
