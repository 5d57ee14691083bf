"""What is known of a subject: dated facts follow the rows of the extract."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from goldenthread.caseload.models import Extract, Fact
from goldenthread.caseload.operations.changes import Changes
from goldenthread.caseload.operations.inserting import Values, insert
from goldenthread.caseload.operations.touched import Told, Touched


def settle_facts(extract: Extract, some: Touched, changes: Changes) -> None:
    """Start and end facts of these subjects so that they are as told."""
    current: dict[tuple[int, str], Fact] = {
        (fact.subject_id, fact.name): fact
        for fact in Fact.objects.filter(some.those("subject"), ends_on=None)
    }
    new: list[Values] = []
    for subject, reference in some.subjects.items():
        for name, value in _together(some.told.get(reference, ())).items():
            fact = current.get((subject, name))
            if _begins(fact, value, extract, changes):
                new.append(_row(extract, subject, name, value))
    changes.write()  # a fact ends before another of its name begins
    insert(Fact, new)


def _row(extract: Extract, subject: int, name: str, value: str) -> Values:
    return {
        "subject_id": subject,
        "name": name,
        "value": value,
        "starts_on": extract.extracted_on,
        "ends_on": None,
        "extract_id": extract.pk,
    }


def _together(rows: Sequence[Told]) -> dict[str, str]:
    """What rows say together: open ones stand over closed, later starts over earlier."""
    facts: dict[str, str] = {}
    for row in sorted(rows, key=_weight) if len(rows) > 1 else rows:
        for name, value in row.values.get("facts", {}).items():
            if value or name not in facts:
                facts[name] = value
    return facts


def _weight(row: Told) -> tuple[object, ...]:
    return row.is_open, row.values.get("opened", ""), row.list, row.key


def _begins(fact: Fact | None, value: str, extract: Extract, changes: Changes) -> bool:
    """Bring the running fact in line with the value told; whether a new one begins."""
    if fact is None:
        return bool(value)
    if fact.value == value:
        return False
    if fact.starts_on < extract.extracted_on:
        changes.set("fact", fact, ends_on=extract.extracted_on - timedelta(days=1))
        return bool(value)
    if value:
        changes.set("fact", fact, value=value)
    else:
        changes.delete("fact", fact)
    return False
