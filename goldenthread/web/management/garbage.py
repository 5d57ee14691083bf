"""The collection of garbage, which stands still while the product is loaded."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Leave what is loaded meanwhile out of the collection of garbage.

    Nothing of it is garbage; to look through it costs a fifth of the time of loading, and would in every
    process make a copy of memory that all of them share.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
