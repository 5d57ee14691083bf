"""Whether the order in which a draw takes cases can be made from what is known of them."""

from __future__ import annotations

from collections.abc import Iterator

from goldenthread.rules.checks_of_conditions import of_subjects
from goldenthread.rules.documents import Path
from goldenthread.rules.facts import CHOOSING_FACTS, SELECTION_FACTS, UNSAID_FACTS
from goldenthread.rules.framework import Framework
from goldenthread.rules.naming import Missing, known_name
from goldenthread.rules.turns import REFERENCE

UNSORTED = (*UNSAID_FACTS, "status", "service")
"""What is known of cases and puts them in no order: it is opaque, the same for all, or several words."""


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of how the cases of a systematic draw are sorted, and of who draws so."""
    known = [*of_subjects(pack), *CHOOSING_FACTS, *SELECTION_FACTS, *pack.facts]
    sorts = [REFERENCE, *(name for name in known if name not in UNSORTED)]
    for name, rule in pack.selection.items():
        if rule.sorted_by is None:
            continue
        path: Path = ("selection", name)
        yield from known_name("fact to sort by", rule.sorted_by, sorts, (*path, "sorted_by"))
        kinds = [kind for kind in pack.audit_types.values() if kind.selection == name]
        if any(pack.is_continuous(kind.calendar or "") for kind in kinds):
            said = "One is taken each time something happens here, and one has no interval"
            yield Missing((*path, "order"), f"{said}; choose another order.")
