"""The units that a cycle goes by."""

from __future__ import annotations

from datetime import date

from goldenthread.frameworks.remits import Area, remits_of
from goldenthread.programmes.models import Cycle


def area_of(cycle: Cycle, on: date) -> Area | None:
    """The units that a cycle's framework is for on a day; one that is only tried goes by the last choice."""
    remits = remits_of(cycle.framework_key)
    return remits.newest if cycle.is_tried else remits.on(on)
