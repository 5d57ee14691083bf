"""A day as a part of an address: 2026-12-01."""

from __future__ import annotations

from datetime import date


class Day:
    """Reads and writes a day in an address; what is no day is no address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, text: str) -> date:
        """The day that the address names; raises ValueError where there is no such day."""
        return date.fromisoformat(text)

    def to_url(self, day: date) -> str:
        """The day as an address writes it; raises ValueError for what is no day."""
        if not isinstance(day, date):
            raise ValueError("An address names a day here.")
        return day.isoformat()
