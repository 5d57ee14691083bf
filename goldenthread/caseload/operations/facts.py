"""What is known of a subject: dated facts follow the rows of the extract."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from goldenthread.caseload.models import Extract, Fact, StagedRow, Subject
from goldenthread.caseload.operations.changes import Changes


def settle_facts(extract: Extract, subjects: list[int], changes: Changes) -> None:
    """Start and end facts of these subjects so that they are what the extract says."""
    references = dict(Subject.objects.filter(pk__in=subjects).values_list("pk", "reference"))
    told = _told(extract, set(references.values()))
    current: dict[tuple[int, str], Fact] = {
        (fact.subject_id, fact.name): fact for fact in Fact.objects.filter(subject__in=subjects, ends_on=None)
    }
    new: list[Fact] = []
    for subject in subjects:
        for name, value in sorted(told.get(references[subject], {}).items()):
            told_fact = Fact(
                subject_id=subject, name=name, value=value, starts_on=extract.extracted_on, extract=extract
            )
            new.extend(_settle(told_fact, current.get((subject, name)), changes))
    changes.write()  # a fact ends before another of its name begins
    Fact.objects.bulk_create(new)


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


def _settle(told: Fact, fact: Fact | None, changes: Changes) -> list[Fact]:
    """Bring one fact in line; a new row where a value begins."""
    new = [told] if told.value else []
    if fact is None or fact.value == told.value:
        return new if fact is None else []
    if fact.starts_on < told.starts_on:
        changes.set("fact", fact, ends_on=told.starts_on - timedelta(days=1))
        return new
    if told.value:
        changes.set("fact", fact, value=told.value)
    else:
        changes.delete("fact", fact)
    return []
