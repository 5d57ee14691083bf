"""Keeping what the scores of finished audits come to, within the operation that finishes or changes one."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from goldenthread.audits.many import AT_ONCE, sheets_of
from goldenthread.audits.models import Audit, KeptScore, thousandths_of
from goldenthread.audits.scoring import rest_on_the_audit, scores_in
from goldenthread.audits.sheets import Sheet
from goldenthread.frameworks.queries import pack_of
from goldenthread.rules.flow import DONE

MOST = 2**63 - 1
"""The largest number that a database keeps as a whole one."""


def keep_scores(audit: Audit) -> None:
    """Put on record what the scores of a finished audit come to now; nothing while it is not finished.

    Once retention has removed its words they stay as they were, since a condition may have looked at a word.
    """
    if audit.phase in DONE and audit.blanked_at is None and _keeps(audit):
        _write(sheets_of([audit]))


def keep_missing_scores() -> int:
    """Keep the scores of finished audits that lack them, and say how many audits those were.

    For what an older installation holds and for what was made in bulk; doing it again changes nothing.
    """
    kept = KeptScore.objects.filter(audit=OuterRef("pk"))
    lacking, kept_of = Audit.objects.done().exclude(Exists(kept)), 0
    for kind in lacking.order_by().values("version", "audit_type").distinct():
        after = 0
        while some := list(lacking.filter(**kind, pk__gt=after).with_framework().order_by("pk")[:AT_ONCE]):
            if not _keeps(some[0]):
                break
            _write(sheets_of(some))
            after, kept_of = some[-1].pk, kept_of + len(some)
    return kept_of


def _keeps(audit: Audit) -> bool:
    pack = pack_of(audit.version)
    return bool(pack.grading_of(audit.audit_type).scores) and rest_on_the_audit(pack, audit.audit_type)


def _write(sheets: Iterable[Sheet]) -> None:
    rows = [
        KeptScore(audit=sheet.audit, score=name, thousandths=thousandths_of(value))
        for sheet in sheets
        for name, value in scores_in(sheet).items()
    ]
    KeptScore.objects.bulk_create(
        [row for row in rows if abs(row.thousandths or 0) <= MOST],
        update_conflicts=True,
        unique_fields=["audit", "score"],
        update_fields=["thousandths"],
    )
