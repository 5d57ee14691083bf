"""What is known of a subject: dated facts follow the rows of the extract."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from goldenthread.caseload.models import Extract, Fact, StagedRow
from goldenthread.caseload.operations.changes import Changes
from goldenthread.caseload.operations.inserting import Values, insert


def settle_facts(extract: Extract, references: dict[int, str], changes: Changes) -> None:
    """Start and end facts of these subjects, given with their references, so that they are as told."""
    told = _told(extract, set(references.values()))
    current: dict[tuple[int, str], Fact] = {
        (fact.subject_id, fact.name): fact
        for fact in Fact.objects.filter(subject__in=references, ends_on=None)
    }
    new: list[Values] = []
    for subject, reference in references.items():
        for name, value in told.get(reference, {}).items():
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


def _told(extract: Extract, references: set[str]) -> dict[str, dict[str, str]]:
    """By reference, what the rows say together: open ones stand over closed, later starts over earlier."""
    rows = StagedRow.objects.filter(extract=extract, reference__in=references).exclude(action="rejected")
    ordered = sorted(
        rows.values_list("reference", "is_open", "list", "values", "key"),
        key=lambda row: (row[1], row[3].get("opened", ""), row[2], row[4]),
    )
    told: dict[str, dict[str, str]] = defaultdict(dict)
    for reference, _, _, values, _ in ordered:
        facts = told[reference]
        for name, value in values.get("facts", {}).items():
            if value or name not in facts:
                facts[name] = value
    return told


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
