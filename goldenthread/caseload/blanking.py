"""What the caseload says of a subject of which nothing else is left: its reference becomes an opaque one."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from goldenthread.caseload.models import Change, Episode, Extract, Fact, KnownRow, StagedRow, Subject
from goldenthread.ledger.blanking import remove_words

WORDS = {
    Subject: ("reference", "label", "source", "person_reference"),
    Episode: ("key",),
    Fact: ("value",),
    StagedRow: ("key", "reference", "replaces", "worker", "worker_reference", "values"),
    KnownRow: ("key",),
    Change: ("before", "after"),
}
"""Rows staged for an extract, rows known from one, and what it would need to be undone, are deleted whole."""


def is_in_caseload(subject: Subject, *, on: date) -> bool:
    """Whether the subject still has an involvement that has not ended."""
    return Episode.objects.filter(subject=subject).filter(Q(closed_on=None) | Q(closed_on__gt=on)).exists()


def remove_reference(subject: Subject) -> list[tuple[str, str]]:
    """Call the subject by its opaque id alone; gives the records whose events go with it."""
    StagedRow.objects.filter(reference=subject.reference).exclude(
        extract__state__in=[Extract.State.UPLOADED, Extract.State.MAPPING, Extract.State.PREVIEWED]
    ).delete()
    facts, episodes = Fact.objects.filter(subject=subject), Episode.objects.filter(subject=subject)
    KnownRow.objects.filter(episode__in=episodes).delete()
    for table, rows in (("fact", facts), ("episode", episodes)):
        Change.objects.filter(table=table, row__in=list(rows.values_list("pk", flat=True))).delete()
    Change.objects.filter(table="subject", row=subject.pk).delete()
    remove_words(facts, "value")
    for place, episode in enumerate(episodes.order_by("pk")):
        episode.key, episode.row_digest = f"{subject.public_id}/{place}", ""
        episode.save(update_fields=["key", "row_digest"])
    subject.reference = f"removed {subject.public_id}"
    subject.label = subject.source = subject.person_reference = ""
    subject.save(update_fields=["reference", "label", "source", "person_reference"])
    return [("subject", subject.public_id), ("case", subject.public_id)]
