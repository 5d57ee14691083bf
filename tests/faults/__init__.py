"""What the product must hold under faults and hostile input; `./run faults` runs all of it.

GOLDENTHREAD_FAULTS=full takes the figures of docs/reference/faults.md; without it each test is small
enough to be run with all others.
"""

import os

FULL = os.environ.get("GOLDENTHREAD_FAULTS") == "full"


def size(small, full):
    """How many times a fault is made: few with all other tests, many in `./run faults --full`."""
    return full if FULL else small
