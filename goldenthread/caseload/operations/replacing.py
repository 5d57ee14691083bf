"""When the case system says that one id replaces another, the subject keeps its history under the new id."""

from __future__ import annotations

from goldenthread.caseload.models import Episode, Extract, StagedRow, Subject
from goldenthread.caseload.operations.changes import Changes


def replace_references(extract: Extract) -> set[int]:
    """Carry out every “this id replaces that id” of the file; the keys of the subjects concerned."""
    rows = (
        StagedRow.objects.filter(extract=extract)
        .exclude(replaces="")
        .exclude(action="rejected")
        .order_by("pk")
    )
    touched: set[int] = set()
    for new, old in list(rows.values_list("reference", "replaces")):
        if new != old:
            touched.update(_replace(extract, old, new))
    return touched


def _replace(extract: Extract, old: str, new: str) -> list[int]:
    former = Subject.objects.filter(kind="case", reference=old, replaced_by=None).first()
    if former is None:
        return []
    changes = Changes(extract)
    present = Subject.objects.filter(kind="case", reference=new).first()
    if present is None:
        _rename(extract, former, new, changes)
        return [former.pk]
    _fold_into(extract, former, present, changes)
    return [former.pk, present.pk]


def _rename(extract: Extract, former: Subject, new: str, changes: Changes) -> None:
    """The subject takes the new reference, with all that hangs on it; the old one points to it."""
    old = former.reference
    changes.set("subject", former, reference=new)
    for episode in Episode.objects.filter(subject=former, key__startswith=f"{old}|"):
        changes.set("episode", episode, key=new + episode.key.removeprefix(old))
    changes.write()
    Subject.objects.create(reference=old, replaced_by=former, extract=extract)


def _fold_into(extract: Extract, former: Subject, present: Subject, changes: Changes) -> None:
    """Both are known: the former one points to the present one, and its open episodes end."""
    changes.set("subject", former, replaced_by_id=present.pk)
    for episode in Episode.objects.filter(subject=former, closed_on=None):
        last = max(filter(None, (episode.opened_on, extract.extracted_on)))
        changes.set("episode", episode, closed_on=last, missing_since=None)
    changes.write()
