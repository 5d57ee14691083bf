"""The sheets of many audits in a few statements, for what is reckoned from answers and grades."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.utils import timezone

from goldenthread.audits.models import Answer, Audit, Judgement, Row
from goldenthread.audits.rows import by_address, numbered
from goldenthread.audits.sheets import Sheet, answers_of, facts_known, grades_carried_into, judgements_of
from goldenthread.frameworks.queries import pack_of

AT_ONCE = 200


def sheets_of(audits: Sequence[Audit]) -> Iterator[Sheet]:
    """Each audit with its answers and current judgements, as `sheet_of` reads it on the day it was sent.

    Three statements for each 200 of them, and further ones where conditions ask for facts or grades are
    carried forward; the names of people in answers are left out.
    """
    for start in range(0, len(audits), AT_ONCE):
        yield from _some(audits[start : start + AT_ONCE])


def _some(audits: Sequence[Audit]) -> Iterator[Sheet]:
    keys = [audit.pk for audit in audits]
    answers, judged, rows = defaultdict(list), defaultdict(list), defaultdict(list)
    alone = len(keys) == 1
    for answer in answers_of(audit=keys[0]) if alone else Answer.objects.filter(audit__in=keys):
        answers[answer.audit_id].append(answer)
    graded = Judgement.objects.current().filter(audit__in=keys)
    for one in judgements_of(audit=keys[0]) if alone else graded:
        judged[one.audit_id].append(one)
    repeats = [audit.pk for audit in audits if _repeats(audit)]
    for row in Row.objects.standing().in_order().filter(audit__in=repeats) if repeats else ():
        rows[row.audit_id].append(row)
    for audit in audits:
        on = timezone.localdate(audit.sent_at)
        yield Sheet(
            audit,
            by_address(answers[audit.pk], rows[audit.pk]),
            {(one.part, one.stage): one for one in judged[audit.pk]},
            facts_known(audit, on),
            on,
            grades_carried_into(audit),
            numbered(rows[audit.pk]),
        )


def _repeats(audit: Audit) -> bool:
    form = pack_of(audit.version).form_of(audit.audit_type)
    return any(section.repeats for section in form.sections)
