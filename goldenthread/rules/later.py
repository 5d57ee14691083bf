"""Libraries that are loaded when they are first needed: what writes files would slow every start."""

from importlib import import_module
from typing import Any

LIBRARIES = ("docx", "icalendar", "typst", "xlsxwriter")
"""All that may be loaded so; an import inside a function stays forbidden. decisions/0038 says why."""


class Later:
    """A library by its name; the first time that something of it is asked for loads it."""

    def __init__(self, name: str) -> None:
        """Take one of LIBRARIES."""
        if name not in LIBRARIES:
            raise ValueError(f"{name} is not among the libraries that are loaded later.")
        self._name = name

    def __getattr__(self, part: str) -> Any:
        """A part of the library."""
        return getattr(import_module(self._name), part)
