"""What a trend makes of a change of a framework, shown to whoever compares or publishes it."""

from __future__ import annotations

from goldenthread.rules.equivalence import told
from goldenthread.rules.reading import examine
from goldenthread.web.tables import Table

MOST_SHOWN = 100


def trends_over(before: str, after: str) -> Table | None:
    """What breaks, and what goes on at the author's word; None where it is another framework or faulty."""
    (old, _), (new, found) = examine(before), examine(after)
    if old is None or new is None or found or old.key != new.key:
        return None
    rows = [list(row) for row in told(old, new)]
    return Table(
        "What a trend makes of it",
        ["Kind", "Part", "What happens"],
        rows[:MOST_SHOWN],
        "Every trend goes on: both measure the same.",
    )
